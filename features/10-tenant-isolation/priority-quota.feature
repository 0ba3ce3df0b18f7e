@control:priority-quota
Feature: Priority quota
  A PriorityClass is a cluster's, not a tenant's: whoever may create a pod may name any of them, those of the cluster's own
  components included. Where GPUs are scarce the scheduler then removes other tenants' pods, without asking and within a second.
  The guardrail is a ResourceQuota whose scope selects pods by the PriorityClass they name.

  The quota says how many such pods a tenant may have, not whether their work is urgent. It selects by name, so a class
  that is made later is open until the quota names it. Pre-emption is judged by what the scheduler does; the node that is fought
  over exists for the scheduler only.

  Background:
    Given tenants "blue" and "green"
    And the platform has a PriorityClass "urgent"

  @gpus:1 @needs:own-fleet
  Scenario: A tenant that names a high priority takes the GPUs of another
    Given tenant "green" holds all GPUs of a node
    When tenant "blue" submits a pod for all GPUs of that node
    Then the pod finds no free GPU on that node
    When tenant "blue" may have 0 pods of PriorityClass "urgent"
    And tenant "blue" submits a pod of PriorityClass "urgent" for all GPUs of that node
    Then the pod is refused by the priority quota
    And the pod of tenant "green" still runs
    When tenant "blue" may have any number of pods of PriorityClass "urgent"
    And tenant "blue" submits a pod of PriorityClass "urgent" for all GPUs of that node
    Then the pod of tenant "green" is pre-empted for that of tenant "blue"
    When the pods of all tenants are gone
    And tenant "blue" may have 0 pods of PriorityClass "urgent"
    And tenant "green" holds all GPUs of a node
    And tenant "blue" submits a pod of PriorityClass "urgent" for all GPUs of that node
    Then the pod is refused by the priority quota

  Scenario: Without a quota on its class a pod of high priority is admitted, with one it is refused
    When tenant "blue" submits a pod of PriorityClass "urgent"
    Then the pod is admitted
    When the pods of all tenants are gone
    And tenant "blue" may have 0 pods of PriorityClass "urgent"
    And tenant "blue" submits a pod of PriorityClass "urgent"
    Then the pod is refused by the priority quota
    When tenant "blue" submits a pod that asks for no GPU
    Then the pod is admitted

  Scenario Outline: The classes of the cluster's own components are nobody else's: <name>
    When tenant "blue" submits a pod of PriorityClass "<name>"
    Then the pod is admitted
    When the pods of all tenants are gone
    And tenant "blue" may have 1 pod of PriorityClass "urgent"
    And tenant "blue" submits a pod of PriorityClass "<name>"
    Then the pod is refused by the quota of system priority
    When tenant "blue" submits a pod of PriorityClass "urgent"
    Then the pod is admitted
    When tenant "blue" may have any number of pods of PriorityClass "urgent"
    And tenant "blue" submits a pod of PriorityClass "<name>"
    Then the pod is admitted

    Examples:
      | name                    |
      | system-node-critical    |
      | system-cluster-critical |

  Scenario: A tenant with urgent work has as much of it as it was given
    Given tenant "green" may have 1 pod of PriorityClass "urgent"
    When tenant "green" submits a pod of PriorityClass "urgent"
    Then the pod is admitted
    When tenant "green" submits a pod of PriorityClass "urgent"
    Then the pod is refused by the priority quota
    When tenant "green" may have 2 pods of PriorityClass "urgent"
    And tenant "green" submits a pod of PriorityClass "urgent"
    Then the pod is admitted
    When tenant "green" submits a pod of PriorityClass "urgent"
    Then the pod is refused by the priority quota

  Scenario: A class that is made later passes a quota that names others
    Given tenant "blue" may have 0 pods of PriorityClass "urgent"
    And the platform has a PriorityClass "more-urgent"
    When tenant "blue" submits a pod of PriorityClass "more-urgent"
    Then the pod is admitted
    When the pods of all tenants are gone
    And tenant "blue" may have 0 pods of PriorityClass "more-urgent"
    And tenant "blue" submits a pod of PriorityClass "more-urgent"
    Then the pod is refused by the priority quota

  Scenario: A GPU quota with a scope counts the pods of that class and no others
    Given tenant "blue" has a quota of 2 GPUs for pods of PriorityClass "urgent"
    When tenant "blue" submits a pod with 3 GPUs of PriorityClass "urgent"
    Then the pod is refused by the GPU quota
    When tenant "blue" submits a pod with 2 GPUs of PriorityClass "urgent"
    Then the pod is admitted
    When tenant "blue" submits a pod with 3 GPUs
    Then the pod is admitted
    When tenant "blue" has a quota of 4 GPUs
    And tenant "blue" submits a pod with 3 GPUs
    Then the pod is refused by the GPU quota
