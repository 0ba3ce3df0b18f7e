@control:priority-quota
Feature: Priority quota
  Why: A PriorityClass belongs to the cluster and not to a tenant. Whoever may create a pod may name any class,
  including those of the cluster's own components. Where GPUs are scarce the scheduler then removes other tenants' pods,
  within a second and without asking.

  How it is proven: fleet-fixtures/controls/priority-quota.yaml is a ResourceQuota whose scope selects pods by the
  PriorityClass that they name; priority-class.yaml makes the class "urgent". Without the quota a tenant's urgent pod is
  allowed and takes the GPUs of another tenant (exposed). With the quota the same pod is denied (closed), while pods
  without the class, and urgent pods within the quota, are allowed.

  Not proven here: The quota says how many such pods a tenant may have, not whether their work is urgent. It selects by
  name, so a class that is created later is open until the quota names it. Pre-emption is judged by what the scheduler
  does; the node that the pods compete for exists for the scheduler only.

  Background:
    Given tenants "blue" and "green"
    And the platform has a PriorityClass "urgent"

  Rule: A tenant may have only as many pods of a high PriorityClass as its quota allows.

    @gpus:1 @needs:own-fleet
    Scenario: Only a quota keeps an urgent pod from taking another tenant's GPUs
      Given tenant "green" holds all GPUs of a node
      When tenant "blue" submits a pod for all GPUs of that node
      Then the pod finds no free GPU on that node
      When tenant "blue" may have 0 pods of PriorityClass "urgent"
      And tenant "blue" submits a pod of PriorityClass "urgent" for all GPUs of that node
      Then the pod is refused by the priority quota
      And the pod of tenant "green" is still scheduled to a node
      When tenant "blue" may have any number of pods of PriorityClass "urgent"
      And tenant "blue" submits a pod of PriorityClass "urgent" for all GPUs of that node
      Then the pod of tenant "green" is pre-empted for that of tenant "blue"
      When the pods of all tenants are removed
      And tenant "blue" may have 0 pods of PriorityClass "urgent"
      And tenant "green" holds all GPUs of a node
      And tenant "blue" submits a pod of PriorityClass "urgent" for all GPUs of that node
      Then the pod is refused by the priority quota

    Scenario: A quota of 0 denies urgent pods and no others
      When tenant "blue" submits a pod of PriorityClass "urgent"
      Then the pod is admitted
      When the pods of all tenants are removed
      And tenant "blue" may have 0 pods of PriorityClass "urgent"
      And tenant "blue" submits a pod of PriorityClass "urgent"
      Then the pod is refused by the priority quota
      When tenant "blue" submits a pod that asks for no GPU
      Then the pod is admitted

    Scenario: A tenant may have as many urgent pods as its quota allows
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

  Rule: No tenant may name the PriorityClasses of the cluster's own components.

    Scenario Outline: The quota denies pods of the system class <name>
      When tenant "blue" submits a pod of PriorityClass "<name>"
      Then the pod is admitted
      When the pods of all tenants are removed
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

  Rule: A scoped quota counts only pods of the classes that it names, so every new PriorityClass needs a quota.

    Scenario: A class that is created later is open until a quota names it
      Given tenant "blue" may have 0 pods of PriorityClass "urgent"
      And the platform has a PriorityClass "more-urgent"
      When tenant "blue" submits a pod of PriorityClass "more-urgent"
      Then the pod is admitted
      When the pods of all tenants are removed
      And tenant "blue" may have 0 pods of PriorityClass "more-urgent"
      And tenant "blue" submits a pod of PriorityClass "more-urgent"
      Then the pod is refused by the priority quota

    Scenario: A scoped GPU quota counts the pods of its class only
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

  Rule: The quotas have exactly the amounts that the specification names.

    Scenario: The quotas allow no pod of the platform's class and none of the cluster's own classes
      When control "priority-quota" is applied to tenant "blue"
      Then the limits of tenant "blue" are exactly:
        | object                | limit                                                                     | amount |
        | priority-quota        | pods where PriorityClass In urgent                                        | 0      |
        | system-priority-quota | pods where PriorityClass In system-cluster-critical, system-node-critical | 0      |
