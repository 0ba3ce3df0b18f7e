@control:object-quota
Feature: Object quota
  Why: All tenants share the API server, its store and its controllers, and every object costs them something. A loop
  that creates a hundred thousand Secrets, or one Job a second, takes the platform away from everybody without using a
  single GPU. Services of type NodePort and LoadBalancer also open ports to the outside, which only the platform
  should do.

  How it is proven: fleet-fixtures/controls/object-quota.yaml limits how many objects of each kind a tenant may have.
  Allowed: as many as the quota says, with no node port or load balancer among the Services. Denied: one more, with
  the name of the quota and of the full count in the message. Exposed: the quota is removed, and the tenant can create
  more. Closed: the quota is back and refuses again.

  Not proven here: anything about the size of an object, about how often a tenant calls the API server, or about
  objects that belong to no namespace. This quota counts a Service of the default type that claims an external IP
  address and does not refuse it (service-addresses.feature does).

  Background:
    Given tenant "blue"

  Rule: A tenant creates no more objects of a kind than its quota allows.

    Scenario Outline: A tenant can create only as many <objects> as its quota allows
      Given tenant "blue" has an object quota
      When tenant "blue" creates <objects> until it is refused
      Then tenant "blue" has as many <objects> as the object quota allows, and was refused by it
      When tenant "blue" removes one of its <objects>
      Then tenant "blue" can create more <objects>
      And tenant "blue" cannot create more <objects>
      When the object quota of tenant "blue" is removed
      Then tenant "blue" can create more <objects>
      When tenant "blue" has an object quota
      Then tenant "blue" cannot create more <objects>

      Examples:
        | objects                |
        | pods                   |
        | Deployments            |
        | Jobs                   |
        | ConfigMaps             |
        | Secrets                |
        | PersistentVolumeClaims |
        | Services               |

  Rule: A tenant creates no Services of type NodePort or LoadBalancer.

    Scenario Outline: A tenant cannot create <objects>
      Given tenant "blue" has an object quota
      Then tenant "blue" cannot create more <objects>
      And tenant "blue" can create more Services
      When the object quota of tenant "blue" is removed
      Then tenant "blue" can create more <objects>
      When tenant "blue" has an object quota
      Then tenant "blue" cannot create more <objects>

      Examples:
        | objects                       |
        | Services with a node port     |
        | Services with a load balancer |

  Rule: Finished pods still count as objects.

    Scenario: Finished pods make room for new pods but still count as objects
      Given tenant "blue" has an object quota
      When tenant "blue" creates pods until it is refused
      Then tenant "blue" was refused by the object quota's "pods"
      When all pods of tenant "blue" finish
      Then tenant "blue" can create more pods
      When tenant "blue" creates pods until it is refused
      Then tenant "blue" was refused by the object quota's "count/pods"

  Rule: The object quota has exactly the amounts that the specification names.

    Scenario: The object quota limits ten kinds of objects to these amounts
      Given tenant "blue" has an object quota
      Then the limits of tenant "blue" are exactly:
        | object       | limit                  | amount |
        | object-quota | pods                   | 10     |
        | object-quota | count/pods             | 15     |
        | object-quota | count/deployments.apps | 5      |
        | object-quota | count/jobs.batch       | 5      |
        | object-quota | count/configmaps       | 10     |
        | object-quota | count/secrets          | 10     |
        | object-quota | persistentvolumeclaims | 3      |
        | object-quota | services               | 5      |
        | object-quota | services.nodeports     | 0      |
        | object-quota | services.loadbalancers | 0      |
