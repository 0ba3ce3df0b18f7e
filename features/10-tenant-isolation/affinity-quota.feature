@control:affinity-quota
Feature: Affinity quota
  Why: A pod may say beside which pods it wants to run, and which pods it wants to be away from. The scheduler obeys in
  both directions: where a pod stands that wants to be away from another tenant's pods, these find no place. With the
  right topologyKey "where" is the whole cluster. One pod that needs no GPU then closes the fleet to a neighbour, and no
  quota of GPUs, CPU or memory counts that. A pod that wants to be beside a neighbour's is also told where that one runs.

  How it is proven: fleet-fixtures/controls/affinity-quota.yaml is a ResourceQuota of no pods whose scope is
  CrossNamespacePodAffinity. Exposed: without it a pod of tenant "blue" keeps the pods of tenant "green" off every node.
  Denied and closed: with the quota each such pod is refused. Allowed: pods that keep away from pods of their own
  tenant. An audit finds the pods that are there already, which a quota does not remove. It also runs on Kubernetes
  before 1.22, which lacks the scope.

  Not proven here: other ways to make a node unfit for others. Pod Security closes the ports of the node, the compute
  quota its CPU, memory and disk. A pod without any affinity still takes its place on a node.

  Background:
    Given tenants "blue" and "green"

  Rule: No tenant's pod keeps another tenant's pods off a node.

    @needs:own-fleet @needs:workload-image
    Scenario: Without the quota one pod closes every node of the fleet to another tenant
      When tenant "green" submits a pod to the whole fleet
      Then the pod of tenant "green" is scheduled to a node
      When the pods of all tenants are removed
      Then no tenant has a pod with affinity to other namespaces
      When tenant "blue" submits a pod that shuts out tenant "green"
      Then the pod of tenant "blue" is scheduled to a node
      When tenant "green" submits a pod to the whole fleet
      Then a pod of another tenant closes every node of the fleet to the pod
      And only tenant "blue" has a pod with affinity to other namespaces
      When the pods of all tenants are removed
      Then no tenant has a pod with affinity to other namespaces
      When tenant "green" submits a pod to the whole fleet
      Then the pod of tenant "green" is scheduled to a node

    @needs:affinity-quota
    Scenario Outline: The quota denies a pod that <affinity> another tenant's pods
      Then a pod that <affinity> tenant "green" is admitted for tenant "blue"
      When control "affinity-quota" is applied to tenant "blue"
      Then a pod that <affinity> tenant "green" is refused for tenant "blue" by the affinity quota
      And a pod that spreads its tenant's pods over the nodes is admitted for tenant "blue"
      And a pod that asks for no GPU is admitted for tenant "blue"
      When control "affinity-quota" is removed from tenant "blue"
      Then a pod that <affinity> tenant "green" is admitted for tenant "blue"
      When control "affinity-quota" is applied to tenant "blue"
      Then a pod that <affinity> tenant "green" is refused for tenant "blue" by the affinity quota

      Examples:
        | affinity                  |
        | shuts out                 |
        | shuts out by a label      |
        | would rather be away from |
        | must be beside            |
        | would rather be beside    |

    @needs:affinity-quota @needs:own-fleet @needs:workload-image
    Scenario: The quota does not remove a pod that is already there, but the audit finds it
      When tenant "blue" submits a pod that shuts out tenant "green"
      Then the pod of tenant "blue" is scheduled to a node
      When control "affinity-quota" is applied to tenant "blue"
      Then a pod that shuts out tenant "green" is refused for tenant "blue" by the affinity quota
      When tenant "green" submits a pod to the whole fleet
      Then a pod of another tenant closes every node of the fleet to the pod
      And only tenant "blue" has a pod with affinity to other namespaces
      When the pods of all tenants are removed
      Then no tenant has a pod with affinity to other namespaces
      When tenant "green" submits a pod to the whole fleet
      Then the pod of tenant "green" is scheduled to a node

  Rule: The quota has exactly the amount that the specification names.

    @needs:affinity-quota
    Scenario: The quota allows no pod with affinity to other namespaces
      When control "affinity-quota" is applied to tenant "blue"
      Then the limits of tenant "blue" are exactly:
        | object         | limit                                       | amount |
        | affinity-quota | pods where CrossNamespacePodAffinity Exists | 0      |
