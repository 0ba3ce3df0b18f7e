@control:gpu-metrics @needs:own-fleet @needs:workload-image
Feature: The metrics of the GPUs
  A DCGM exporter answers on port 9400 of every GPU node, and says of each GPU what it does, on which host it is, and which
  pod of which namespace holds it. It asks nobody who he is, and its chart ships no NetworkPolicy. To an attacker that is a map:
  who trains what where, when somebody is idle, and which card to wait for. controls/metrics-network.yaml leaves Prometheus
  alone with it.

  The exporter here plays NVIDIA's: DCGM's names and labels, made-up values. Who holds a GPU it has from the kubelet's
  pod-resources API, as the real one. Nodes that exist in the API only have no kubelet, so that their GPUs are in no metrics.

  Not proven here: that the values say nothing. Whoever may read the utilisation of a GPU that others use learns of their work,
  and a GPU's own timing tells neighbours on the same card something without any exporter.

  Background:
    Given tenant "blue"

  @gpus:1
  Scenario: Without a network policy every pod reads whose pod holds which GPU on which host
    Given tenant "green"
    And the fleet's metrics are served in a place of their own
    And tenant "blue" runs a client
    When tenant "green" runs a pod with 1 GPU
    Then tenant "blue" learns there which pod of tenant "green" holds which GPU on which host

  @needs:network-policy
  Scenario: A network policy leaves Prometheus alone with the exporter
    Given the fleet's metrics are served in a place of their own
    And tenant "blue" runs a client
    Then the DCGM exporter is reached as follows
      | by                           | at          | reached |
      | the client of tenant "blue"  | its pod IP  | yes     |
      | the client of tenant "blue"  | its service | yes     |
      | the scraper                  | its pod IP  | yes     |
      | the neighbour of the scraper | its pod IP  | yes     |
    When these metrics are locked down
    Then the DCGM exporter is reached as follows
      | by                           | at          | reached |
      | the client of tenant "blue"  | its pod IP  | no      |
      | the client of tenant "blue"  | its service | no      |
      | the scraper                  | its pod IP  | yes     |
      | the scraper                  | its service | yes     |
      | the neighbour of the scraper | its pod IP  | no      |
    When the lockdown of these metrics is removed
    Then the DCGM exporter is reached as follows
      | by                          | at          | reached |
      | the client of tenant "blue" | its pod IP  | yes     |
      | the client of tenant "blue" | its service | yes     |
    When these metrics are locked down
    Then the DCGM exporter is reached as follows
      | by                          | at          | reached |
      | the client of tenant "blue" | its pod IP  | no      |
      | the client of tenant "blue" | its service | no      |
      | the scraper                 | its pod IP  | yes     |

  @needs:network-policy
  Scenario: Policies that look right and are not
    Left empty, a selector chooses every namespace; as two items the selectors let in whoever is near Prometheus, or calls himself so;
    no peers are all peers.

    Given the fleet's metrics are served in a place of their own
    And tenant "blue" runs a client
    And tenant "blue" calls its client a prometheus
    When these metrics are locked down
    Then the DCGM exporter is reached as follows
      | by                           | reached |
      | the client of tenant "blue"  | no      |
      | the neighbour of the scraper | no      |
      | the scraper                  | yes     |
    When these metrics are locked down with the selector "namespaceSelector" of policy "dcgm-exporter" left empty
    Then the DCGM exporter is reached as follows
      | by                          | reached |
      | the client of tenant "blue" | yes     |
      | the scraper                 | yes     |
    When these metrics are locked down
    Then the DCGM exporter is reached as follows
      | by                           | reached |
      | the client of tenant "blue"  | no      |
      | the neighbour of the scraper | no      |
      | the scraper                  | yes     |
    When these metrics are locked down with the selectors of policy "dcgm-exporter" as two items
    Then the DCGM exporter is reached as follows
      | by                           | reached |
      | the neighbour of the scraper | yes     |
      | the scraper                  | yes     |
    When these metrics are locked down
    Then the DCGM exporter is reached as follows
      | by                           | reached |
      | the client of tenant "blue"  | no      |
      | the neighbour of the scraper | no      |
      | the scraper                  | yes     |
    When these metrics are locked down without the peers of policy "dcgm-exporter"
    Then the DCGM exporter is reached as follows
      | by                          | reached |
      | the client of tenant "blue" | yes     |
      | the scraper                 | yes     |
    When these metrics are locked down
    Then the DCGM exporter is reached as follows
      | by                           | reached |
      | the client of tenant "blue"  | no      |
      | the neighbour of the scraper | no      |
      | the scraper                  | yes     |

  @needs:network-policy @needs:prometheus
  Scenario: Whoever may write his namespace can make it a monitoring namespace
    Given a scraper stands beside Prometheus
    And tenant "blue" runs a client
    Then the DCGM exporter is reached as follows
      | by                          | reached |
      | the client of tenant "blue" | no      |
      | the scraper                 | yes     |
    When a namespace editor role is bound to tenant "blue"
    And tenant "blue" passes its namespace off as a monitoring namespace and its client as a Prometheus
    Then the DCGM exporter is reached as follows
      | by                          | reached |
      | the client of tenant "blue" | yes     |
      | the scraper                 | yes     |
    When the namespace editor role is removed
    And the platform takes that label from the namespace of tenant "blue"
    Then the DCGM exporter is reached as follows
      | by                          | reached |
      | the client of tenant "blue" | no      |
      | the scraper                 | yes     |
    And tenant "blue" can no longer label the namespace of tenant "blue"

  @needs:prometheus
  Scenario Outline: The API server's proxy goes round every network policy: <look>
    Then tenant "blue" cannot <look>
    When a stray role lets tenant "blue" use the API server's proxy beside the exporters
    Then tenant "blue" can <look>
    When that stray role is removed
    Then tenant "blue" can no longer <look>

    Examples:
      | look                                             |
      | read the GPU metrics through the pod's proxy     |
      | read the GPU metrics through the service's proxy |

  @needs:network-policy
  Scenario: With the network of the node an exporter is the node, and no policy stands in front of it
    Given the fleet's metrics are served in a place of their own
    And these metrics are locked down
    And tenant "blue" runs a client
    Then the DCGM exporter is reached as follows
      | by                          | at                 | reached |
      | the client of tenant "blue" | the node's address | no      |
      | the client of tenant "blue" | its pod IP         | no      |
      | the scraper                 | its pod IP         | yes     |
    When the fleet's metrics are served in a place of their own with the network of the node
    Then the DCGM exporter is reached as follows
      | by                          | at                 | reached |
      | the client of tenant "blue" | the node's address | yes     |
      | the scraper                 | the node's address | yes     |
    And the audit finds that it "has the network of the node"
    When the fleet's metrics are served in a place of their own
    Then the DCGM exporter is reached as follows
      | by                          | at                 | reached |
      | the client of tenant "blue" | the node's address | no      |
      | the scraper                 | its pod IP         | yes     |
    And the audit finds nothing wrong with it

  @needs:prometheus
  Scenario Outline: The exporter has one folder of its node to read, and nothing more: <mistake>
    Then the audit finds nothing wrong with the platform's DCGM exporters
    When a DCGM exporter is drafted <mistake>
    Then the audit finds that it "<finding>"

    Examples:
      | mistake                                | finding                                                  |
      | with the port "9400" of the node       | has port 9400 of the node                                |
      | with the process table of the node     | has the process table of the node                        |
      | with the folder "/dev" of the node     | has the folder /dev of the node                          |
      | with the folders of the node writable  | may write the folder /var/lib/kubelet/pod-resources of the node |
      | with the token of its account          | has a token of its account                               |
      | with the capability "SYS_ADMIN"        | has the capability SYS_ADMIN                             |

  @gpus:1 @needs:prometheus
  Scenario: What the metrics are for: a tenant's GPU pod is in them while it holds its GPU
    Given tenant "green"
    When tenant "green" runs a pod with 1 GPU
    Then Prometheus knows the GPU of that pod by tenant "green" and no other
    When the pods of all tenants are gone
    Then Prometheus knows of no GPU of tenant "green" any more

  @gpus:3 @needs:prometheus
  Scenario: Every GPU is in the metrics by the name of its own holder
    Given tenant "green"
    When tenant "blue" runs a pod with 1 GPU
    Then Prometheus knows the GPU of that pod by tenant "blue" and no other
    When tenant "green" runs a pod with 2 GPUs
    Then Prometheus knows the GPUs of that pod by tenant "green" and no other
