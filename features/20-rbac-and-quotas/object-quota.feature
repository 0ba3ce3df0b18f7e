@control:object-quota
Feature: Object quota
  The API server, its store and its controllers are shared by all tenants, and every object costs them something: a loop that
  makes a hundred thousand Secrets, or a Job a second, takes the platform from everybody without a single GPU. Services of
  type NodePort and LoadBalancer also open doors that the platform means to keep. The guardrail is a ResourceQuota on counts.

  A quota on counts says nothing of an object's size, of how often a tenant asks, or of what is no namespace's.

  Background:
    Given tenant "blue"

  Scenario Outline: A tenant has so many and no more: <objects>
    Given tenant "blue" has an object quota
    When tenant "blue" makes <objects> until it is refused
    Then tenant "blue" has as many <objects> as the object quota allows, and was refused by it
    When tenant "blue" removes one of its <objects>
    Then tenant "blue" can make more <objects>
    And tenant "blue" cannot make more <objects>
    When the object quota of tenant "blue" is removed
    Then tenant "blue" can make more <objects>
    When tenant "blue" has an object quota
    Then tenant "blue" cannot make more <objects>

    Examples:
      | objects                |
      | pods                   |
      | Deployments            |
      | Jobs                   |
      | ConfigMaps             |
      | Secrets                |
      | PersistentVolumeClaims |
      | Services               |

  Scenario Outline: What opens the platform to the outside a tenant has none of: <objects>
    Given tenant "blue" has an object quota
    Then tenant "blue" cannot make more <objects>
    And tenant "blue" can make more Services
    When the object quota of tenant "blue" is removed
    Then tenant "blue" can make more <objects>
    When tenant "blue" has an object quota
    Then tenant "blue" cannot make more <objects>

    Examples:
      | objects                       |
      | Services with a node port     |
      | Services with a load balancer |

  Scenario: Pods that have ended give their place back and still count as objects
    Given tenant "blue" has an object quota
    When tenant "blue" makes pods until it is refused
    Then tenant "blue" was refused by the object quota's "pods"
    When all pods of tenant "blue" come to their end
    Then tenant "blue" can make more pods
    When tenant "blue" makes pods until it is refused
    Then tenant "blue" was refused by the object quota's "count/pods"
