@control:gpu-alarms @needs:prometheus
Feature: Alarms of the GPUs
  Operators drain a node when Prometheus shows an XID error, and replace a card when its memory fails. Whoever can write what
  Prometheus reads decides what they do. The lesson's exporter has a switch for drills, POST /scenario, that obeys whoever
  reaches it: with that any pod takes a node from its neighbours by a false alarm, or hides a true one. The platform's exporter
  wants the token of a Secret for the same, and answers Prometheus alone besides.

  Every alarm below is looked at where it counts: in Prometheus. The lesson's exporter runs beside the platform's, behind the same
  network policy, which a stray policy opens for one tenant.

  Not proven here: that an exporter tells the truth. One that is taken over says what it likes; so does the driver.

  Background:
    Given tenant "blue"

  @needs:network-policy
  Scenario: Any pod that reaches the lesson's exporter raises every alarm
    Given a scraper stands beside Prometheus
    And tenant "blue" runs a client
    When a stray network policy lets tenant "blue" in to the lesson's exporter
    Then the lesson's exporter is reached as follows
      | by                          | reached |
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
    When the stray network policy is removed
    Then the lesson's exporter is reached as follows
      | by                          | reached |
      | the client of tenant "blue" | no      |
      | the scraper                 | yes     |

  @gpus:1 @needs:network-policy
  Scenario: Any pod that reaches the lesson's exporter hides what a neighbour's GPU does
    Given tenant "green"
    And tenant "blue" runs a client
    When tenant "green" runs a pod with 1 GPU
    And a stray network policy lets tenant "blue" in to the lesson's exporter
    Then the lesson's exporter is reached as follows
      | by                          | reached |
      | the client of tenant "blue" | yes     |
    When tenant "blue" makes the GPU of tenant "green" look idle at the lesson's exporter
    Then Prometheus shows "DCGM_FI_DEV_GPU_UTIL" below 1 for that GPU
    And Prometheus shows "DCGM_FI_DEV_GPU_UTIL" above 50 for the GPU of tenant "green" at the DCGM exporter
    When the platform clears the alarm
    Then Prometheus shows "DCGM_FI_DEV_GPU_UTIL" above 50 for that GPU

  @needs:network-policy
  Scenario: Behind a token the switch obeys the platform alone, even where the network is open
    Given tenant "blue" runs a client
    When a stray network policy lets tenant "blue" in to the DCGM exporter
    Then the DCGM exporter is reached as follows
      | by                          | reached |
      | the client of tenant "blue" | yes     |
    And the DCGM exporter takes the alarm "xid" from tenant "blue" with no token: not without, not with a guess, not with that of its account
    And Prometheus shows "DCGM_FI_DEV_XID_ERRORS" below 1 for that GPU
    When the platform raises the alarm "xid" for that GPU with the token
    Then Prometheus shows "DCGM_FI_DEV_XID_ERRORS" at 79 for that GPU
    When the platform clears the alarm
    Then Prometheus shows "DCGM_FI_DEV_XID_ERRORS" below 1 for that GPU

  Scenario: In the exporter's pod only root, the user it runs as, can read the token of the switch
    Then in the pod of the DCGM exporter the file "/run/scenario/token" belongs to user 0 and group 0 and has mode "0400"

  Scenario Outline: A tenant gets at neither the token nor the exporter: <look>
    Then tenant "blue" cannot <look>

    Examples:
      | look                                |
      | read the token of the switch        |
      | list the secrets beside the exporter |
      | run a command in the exporter       |
      | change the exporter                 |
      | open the policy of the exporter     |

  Scenario: The API server's proxy carries false alarms past every network policy
    Then tenant "blue" cannot use the switch for drills through the service's proxy
    When a stray role lets tenant "blue" use the API server's proxy beside the exporters
    Then tenant "blue" can use the switch for drills through the service's proxy
    When that stray role is removed
    Then tenant "blue" can no longer use the switch for drills through the service's proxy
