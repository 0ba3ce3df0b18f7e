@control:gpu-alarms @needs:prometheus
Feature: GPU alarms
  Why: Operators drain a node when Prometheus shows an XID error, and replace a card when its memory fails. Whoever can
  change the values that Prometheus reads controls these decisions. With a false alarm any pod can take a node away from
  its neighbours, or hide a real fault.

  How it is proven: The lesson's exporter, a fake one for practice, has a switch for drills, POST /scenario, that obeys
  every caller. The platform's exporter demands the token of a Secret for the same request, and
  fleet-fixtures/controls/metrics-network.yaml lets only Prometheus reach it. The lesson's exporter runs beside it,
  behind the same network policy. Allowed: the platform raises and clears an alarm with the token. Denied: a tenant
  without the token, or with no network connection to the exporter. Exposed: a stray policy opens the lesson's exporter
  to one tenant, or a stray role opens the API server's proxy. Closed: the stray policy or role is removed. Each alarm
  over the network is checked in Prometheus, where operators see it.

  Not proven here: That an exporter tells the truth. One that is taken over can report anything, and so can the driver.

  Background:
    Given tenant "blue"

  Rule: No tenant's pod reaches an exporter whose switch for drills needs no token.

    @needs:network-policy
    Scenario: A pod that reaches the lesson's exporter can raise every alarm
      Given a scraper runs in the namespace of Prometheus
      And tenant "blue" runs a client
      When a stray network policy admits tenant "blue" to the lesson's exporter
      Then connections to the lesson's exporter:
        | from                        | allowed |
        | the client of tenant "blue" | yes     |
      When tenant "blue" raises the alarm "xid" for a GPU at the lesson's exporter
      Then Prometheus shows "DCGM_FI_DEV_XID_ERRORS" at 79 for that GPU
      When the platform clears the alarm
      Then Prometheus shows "DCGM_FI_DEV_XID_ERRORS" below 1 for that GPU
      When tenant "blue" raises the alarm "thermal" for a GPU at the lesson's exporter
      Then Prometheus shows "DCGM_FI_DEV_GPU_TEMP" at 97 for that GPU
      When the platform clears the alarm
      Then Prometheus shows "DCGM_FI_DEV_GPU_TEMP" below 80 for that GPU
      When tenant "blue" raises the alarm "ecc" for a GPU at the lesson's exporter
      Then Prometheus shows "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL" at 12 for that GPU
      When the platform clears the alarm
      Then Prometheus shows "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL" below 1 for that GPU
      When the policy is removed
      Then connections to the lesson's exporter:
        | from                        | allowed |
        | the client of tenant "blue" | no      |
        | the scraper                 | yes     |

    @gpus:1 @needs:network-policy
    Scenario: A pod that reaches the lesson's exporter can hide a neighbour's GPU load
      Given tenant "green"
      And tenant "blue" runs a client
      When tenant "green" runs a pod with 1 GPU
      And a stray network policy admits tenant "blue" to the lesson's exporter
      Then connections to the lesson's exporter:
        | from                        | allowed |
        | the client of tenant "blue" | yes     |
      When tenant "blue" makes the GPU of tenant "green" look idle at the lesson's exporter
      Then Prometheus shows "DCGM_FI_DEV_GPU_UTIL" below 1 for that GPU
      And Prometheus shows "DCGM_FI_DEV_GPU_UTIL" above 50 for the GPU of tenant "green" at the DCGM exporter
      When the platform clears the alarm
      Then Prometheus shows "DCGM_FI_DEV_GPU_UTIL" above 50 for that GPU

  Rule: Only the platform, which holds the token, raises and clears alarms.

    @needs:network-policy
    Scenario: The DCGM exporter refuses a tenant's alarm even on an open network
      Given tenant "blue" runs a client
      When a stray network policy admits tenant "blue" to the DCGM exporter
      Then connections to the DCGM exporter:
        | from                        | allowed |
        | the client of tenant "blue" | yes     |
      And the DCGM exporter refuses the alarm "xid" from tenant "blue" without a token, with a wrong one, and with its ServiceAccount token
      And Prometheus shows "DCGM_FI_DEV_XID_ERRORS" below 1 for that GPU
      When the platform raises the alarm "xid" for that GPU with the token
      Then Prometheus shows "DCGM_FI_DEV_XID_ERRORS" at 79 for that GPU
      When the platform clears the alarm
      Then Prometheus shows "DCGM_FI_DEV_XID_ERRORS" below 1 for that GPU

    Scenario: In the exporter's pod only the user that it runs as can read the token
      Then in the pod of the DCGM exporter the file "/run/scenario/token" belongs to user 0 and group 0 and has mode "0400"

    Scenario Outline: A tenant cannot <look>
      Then tenant "blue" cannot <look>

      Examples:
        | look                                |
        | read the token of the switch        |
        | list the secrets in the exporter's namespace |
        | run a command in the exporter       |
        | change the exporter                 |
        | open the policy of the exporter     |

  Rule: No tenant may use the API server's proxy in the namespace of the exporters.

    Scenario: A tenant with rights to the API server's proxy bypasses every network policy
      Then tenant "blue" cannot use the switch for drills through the service's proxy
      When tenant "blue" is granted the role "metrics-proxy"
      Then tenant "blue" can use the switch for drills through the service's proxy
      When the grant is removed
      Then tenant "blue" can no longer use the switch for drills through the service's proxy
