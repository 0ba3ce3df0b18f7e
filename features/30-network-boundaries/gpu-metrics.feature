@control:gpu-metrics @needs:own-fleet @needs:workload-image
Feature: The metrics of the GPUs
  A DCGM exporter answers on port 9400 of every GPU node, and says of each GPU what it does, on which host it is, and which
  pod of which namespace holds it. It asks nobody who he is.

  Background:
    Given tenants "blue" and "green"

  @gpus:1
  Scenario: Without a network policy every pod reads who holds which GPU on which host
    Given the fleet's metrics are served in a place of their own
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

  @needs:prometheus
  Scenario: smoke
    Given a scraper stands beside Prometheus
