@needs:workload-image @needs:own-fleet
Feature: Drills: networks that are open again
  Why: A NetworkPolicy denies nothing by itself: one that is missing, or selects other pods, leaves everything open without
  an error anywhere. What an attacker then reaches is worth more than the pod: metadata, metrics, switches.

  How it is proven: Each scenario is one drill. The platform is secure. Somebody makes one mistake; the attacker does what
  it allows; the runbook's query finds the mistake; the fix goes in, and the same attack fails while an allowed connection
  is answered. runbooks.yaml has, for each drill, the mistake in words, the symptom, the triage, the query and the
  prevention. "support/specs drill" plays one.

  Not proven here: that the query finds every form of the mistake, or what becomes of connections that were open before
  the fix.

  Background:
    Given tenant "blue"

  @control:default-deny @drill:missing-policy @needs:network-policy @needs:kubectl
  Scenario: Without the default deny another tenant's pod reaches a server
    Given tenant "green"
    And these workloads run
      | tenant | workload |
      | green  | server   |
      | green  | client   |
      | blue   | client   |
    And control "default-deny" is applied to tenant "green"
    Then connections to the server of tenant "green":
      | from                         | allowed |
      | the client of tenant "blue"  | no      |
      | the client of tenant "green" | yes     |
    # The mistake
    When control "default-deny" is removed from tenant "green"
    # The attack
    Then connections to the server of tenant "green":
      | from                         | allowed |
      | the client of tenant "blue"  | yes     |
      | the client of tenant "green" | yes     |
    And the query of the runbook finds the mistake
    # The fix
    When control "default-deny" is applied to tenant "green"
    # The same attack
    Then connections to the server of tenant "green":
      | from                         | allowed |
      | the client of tenant "blue"  | no      |
      | the client of tenant "green" | yes     |
    And the query of the runbook finds no mistake

  @control:default-deny @drill:selective-policy @needs:network-policy @needs:kubectl
  Scenario: A default deny that selects one app leaves every other pod of the tenant open
    Given tenant "green"
    And these workloads run
      | tenant | workload |
      | green  | server   |
      | green  | client   |
      | blue   | client   |
    And control "default-deny" is applied to tenant "green"
    Then connections to the client of tenant "green":
      | from                         | to                           | allowed |
      | the client of tenant "blue"  | its pod IP                   | no      |
      | the client of tenant "green" | the server of tenant "green" | yes     |
    # The mistake
    When control "default-deny" is applied to tenant "green" with the selector "app.kubernetes.io/name=server" in policy "default-deny"
    # The attack
    Then connections to the client of tenant "green":
      | from                         | to                           | allowed |
      | the client of tenant "blue"  | its pod IP                   | yes     |
      | the client of tenant "green" | the server of tenant "green" | yes     |
    And the query of the runbook finds the mistake
    # The fix
    When control "default-deny" is applied to tenant "green"
    # The same attack
    Then connections to the client of tenant "green":
      | from                         | to                           | allowed |
      | the client of tenant "blue"  | its pod IP                   | no      |
      | the client of tenant "green" | the server of tenant "green" | yes     |
    And the query of the runbook finds no mistake

  @control:egress @drill:metadata-open @needs:outside-world @needs:network-policy @needs:cluster-dns @needs:kubectl
  Scenario: An internet rule without the exception for link-local addresses gives pods the node's credentials
    Given policies can select the cluster's DNS by the name of its namespace
    And tenant "blue" runs a client
    And control "egress-internet" is applied to tenant "blue"
    And control "egress" is applied to tenant "blue"
    Then the client of tenant "blue" cannot read the node's credentials with a token
    # The mistake
    When control "egress-internet" is applied to tenant "blue" without the exception "169.254.0.0/16"
    # The attack
    Then the client of tenant "blue" can read the node's credentials with a token
    And the query of the runbook finds the mistake
    # The fix
    When control "egress-internet" is applied to tenant "blue"
    # The same attack
    Then connections from the client of tenant "blue":
      | to                   | how          | allowed |
      | the cluster's DNS    | UDP          | yes     |
      | the metadata service | with a token | no      |
    And the client of tenant "blue" cannot read the node's credentials with a token
    And the query of the runbook finds no mistake

  @control:gpu-metrics @drill:spoofed-label @needs:network-policy @needs:prometheus @needs:kubectl
  Scenario: A tenant that may label its namespace passes as Prometheus
    Given a scraper runs in the namespace of Prometheus
    And tenant "blue" runs a client
    Then connections to the DCGM exporter:
      | from                        | allowed |
      | the client of tenant "blue" | no      |
      | the scraper                 | yes     |
    # The mistake
    When tenant "blue" is granted the role "namespace-editor"
    # The attack
    And tenant "blue" labels its namespace as a monitoring namespace and its client as Prometheus
    Then connections to the DCGM exporter:
      | from                        | allowed |
      | the client of tenant "blue" | yes     |
      | the scraper                 | yes     |
    And the query of the runbook finds the mistake
    # The fix
    When the grant is removed
    And the platform removes that label from the namespace of tenant "blue"
    # The same attack
    Then connections to the DCGM exporter:
      | from                        | allowed |
      | the client of tenant "blue" | no      |
      | the scraper                 | yes     |
    And tenant "blue" can no longer label the namespace of tenant "blue"
    And the query of the runbook finds no mistake

  @control:gpu-metrics @drill:exporter-on-host-network @needs:network-policy @needs:prometheus @needs:kubectl
  Scenario: No policy protects an exporter that uses the network of the node
    Given a DCGM exporter runs in its own namespace
    And this exporter's network policies are applied
    And tenant "blue" runs a client
    Then connections to the DCGM exporter:
      | from                        | to         | allowed |
      | the client of tenant "blue" | its pod IP | no      |
      | the scraper                 | its pod IP | yes     |
    # The mistake
    When a DCGM exporter runs in its own namespace with the network of the node
    # The attack
    Then connections to the DCGM exporter:
      | from                        | to                 | allowed |
      | the client of tenant "blue" | the node's address | yes     |
      | the scraper                 | the node's address | yes     |
    And the query of the runbook finds the mistake
    # The fix
    When a DCGM exporter runs in its own namespace
    # The same attack
    Then connections to the DCGM exporter:
      | from                        | to                 | allowed |
      | the client of tenant "blue" | the node's address | no      |
      | the scraper                 | its pod IP         | yes     |
    And the query of the runbook finds no mistake

  @control:gpu-alarms @drill:open-switch @needs:network-policy @needs:prometheus @needs:kubectl
  Scenario: Whoever reaches the lesson's exporter raises alarms for any GPU
    The exporter of the course's observability lesson has an open switch for drills, POST /scenario. Only the network
    keeps tenants away from it.

    Given a scraper runs in the namespace of Prometheus
    And tenant "blue" runs a client
    Then connections to the lesson's exporter:
      | from                        | allowed |
      | the client of tenant "blue" | no      |
      | the scraper                 | yes     |
    # The mistake
    When a stray network policy admits tenant "blue" to the lesson's exporter
    # The attack
    And tenant "blue" raises the alarm "xid" for a GPU at the lesson's exporter
    Then Prometheus shows "DCGM_FI_DEV_XID_ERRORS" at 79 for that GPU
    And the query of the runbook finds the mistake
    # The fix
    When the policy is removed
    And the platform clears the alarm
    # The same attack
    Then connections to the lesson's exporter:
      | from                        | allowed |
      | the client of tenant "blue" | no      |
      | the scraper                 | yes     |
    And Prometheus shows "DCGM_FI_DEV_XID_ERRORS" below 1 for that GPU
    And the query of the runbook finds no mistake

  @control:ml-consoles @drill:open-console @needs:network-policy @needs:kubectl
  Scenario: A neighbour's job on an open Ray dashboard reads the tenant's secret
    RBAC keeps the secret from the neighbour. Ray hands it over, for it runs the neighbour's command where the secret is
    mounted. An operator would see nothing but one more job.

    Given tenant "green"
    And tenant "blue" has a secret
    And these workloads run
      | workload | tenant |
      | console  | blue   |
      | gateway  | blue   |
      | client   | green  |
    And control "ml-consoles" is applied to tenant "blue"
    Then tenant "green" cannot read the secret of tenant "blue"
    And connections to the console of tenant "blue":
      | from                         | to        | allowed |
      | the gateway of tenant "blue" | port 8265 | yes     |
      | the client of tenant "green" | port 8265 | no      |
    And the client of tenant "green" cannot run "cat /credentials/token" on the Ray cluster of tenant "blue"
    # The mistake
    When control "ml-consoles" is applied to tenant "blue" with the selector "app.kubernetes.io/name=ray-head" in policy "ml-consoles"
    # The attack
    Then connections to the console of tenant "blue":
      | from                         | to        | allowed |
      | the client of tenant "green" | port 8265 | yes     |
    And the client of tenant "green" can run "cat /credentials/token" on the Ray cluster of tenant "blue"
    And the value of the secret of tenant "blue" is in the answer
    And the query of the runbook finds the mistake
    # The fix
    When control "ml-consoles" is applied to tenant "blue"
    # The same attack
    Then connections to the console of tenant "blue":
      | from                         | to        | allowed |
      | the gateway of tenant "blue" | port 8265 | yes     |
      | the client of tenant "green" | port 8265 | no      |
    And the client of tenant "green" cannot run "cat /credentials/token" on the Ray cluster of tenant "blue"
    And the query of the runbook finds no mistake
