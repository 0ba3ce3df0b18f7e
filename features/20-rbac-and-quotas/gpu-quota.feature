@control:gpu-quota
Feature: GPU quota
  GPUs are few, dear and not shared: whoever holds them all denies service to everybody else, by malice or by one wrong
  number in a manifest. The guardrail is a ResourceQuota on requests.nvidia.com/gpu in every tenant's namespace. It speaks at
  admission, before anything is scheduled, and names itself in the refusal.

  A quota does not choose which pods are worthy, does not evict, and does not cap the memory of a GPU once it is handed out.

  Background:
    Given tenants "blue" and "green"

  @gpus:1
  Scenario: Within the quota a pod runs on a GPU node and sees its GPU
    Given tenant "blue" has a quota of 1 GPU
    When tenant "blue" runs a pod with 1 GPU
    Then the pod runs on a GPU node
    And the pod sees exactly 1 GPU by its UUID
    And the quota of tenant "blue" counts 1 GPU

  Scenario: Over the quota a pod is refused by the quota's name
    Given tenant "blue" has a quota of 2 GPUs
    When tenant "blue" submits a pod with 2 GPUs
    Then the pod is admitted
    When tenant "blue" submits a pod with 1 GPU
    Then the pod is refused by the GPU quota
    When the quota of tenant "blue" is removed
    And tenant "blue" submits a pod with 3 GPUs
    Then the pod is admitted
    When tenant "blue" has a quota of 2 GPUs
    And tenant "blue" submits a pod with 1 GPU
    Then the pod is refused by the GPU quota

  Scenario: One pod cannot ask for more than the whole quota
    Given tenant "blue" has a quota of 2 GPUs
    When tenant "blue" submits a pod with 3 GPUs
    Then the pod is refused by the GPU quota
    And the quota of tenant "blue" counts 0 GPUs
    When tenant "blue" submits a pod with 2 GPUs
    Then the pod is admitted
    And the quota of tenant "blue" counts 2 GPUs

  Scenario: Many small pods hit the same wall as one large one
    Given tenant "blue" has a quota of 3 GPUs
    When tenant "blue" submits 5 pods with 1 GPU each, one after another
    Then 3 of the pods are admitted and 2 are refused by the GPU quota

  Scenario: Pods created at the same moment never exceed the quota
    Given tenant "blue" has a quota of 4 GPUs
    When tenant "blue" submits 20 pods with 1 GPU each, all at once
    Then at most 4 of the pods are admitted and the rest are refused by the GPU quota
    When tenant "blue" submits 4 pods with 1 GPU each, one after another
    Then the quota of tenant "blue" counts 4 GPUs

  Scenario: One tenant's quota is not another's
    Given tenant "blue" has a quota of 1 GPU
    And tenant "green" has a quota of 1 GPU
    When tenant "blue" submits a pod with 1 GPU
    Then the pod is admitted
    When tenant "blue" submits a pod with 1 GPU
    Then the pod is refused by the GPU quota
    When tenant "green" submits a pod with 1 GPU
    Then the pod is admitted

  Scenario Outline: A quota under another name is accepted and counts nothing: <mistake>
    Given tenant "blue" has a quota of 1 GPU <mistake>
    When tenant "blue" submits a pod with 3 GPUs
    Then the pod is admitted
    When the quota of tenant "blue" is removed
    And the pods of all tenants are gone
    And tenant "blue" has a quota of 1 GPU
    And tenant "blue" submits a pod with 3 GPUs
    Then the pod is refused by the GPU quota
    When tenant "blue" submits a pod with 1 GPU
    Then the pod is admitted

    Examples:
      | mistake                                 |
      | with limits in place of requests        |
      | with the bare name in place of requests |

  Scenario: A tenant without GPUs has a quota of zero
    When tenant "blue" submits a pod with 1 GPU
    Then the pod is admitted
    When the pods of all tenants are gone
    And tenant "blue" has a quota of 0 GPUs
    And tenant "blue" submits a pod with 1 GPU
    Then the pod is refused by the GPU quota
    When tenant "blue" submits a pod that asks for no GPU
    Then the pod is admitted
    And the quota of tenant "blue" counts 0 GPUs
    When tenant "blue" has a quota of 1 GPU
    And tenant "blue" submits a pod with 1 GPU
    Then the pod is admitted

  Scenario: A quota that is lowered evicts nobody and lets nobody in
    Given tenant "blue" has a quota of 3 GPUs
    When tenant "blue" submits 3 pods with 1 GPU each, one after another
    Then 3 of the pods are admitted and 0 are refused by the GPU quota
    When tenant "blue" has a quota of 1 GPU
    Then the quota of tenant "blue" counts 3 GPUs
    When tenant "blue" submits a pod with 1 GPU
    Then the pod is refused by the GPU quota
    When the pods of all tenants are gone
    Then the quota of tenant "blue" counts 0 GPUs
    When tenant "blue" submits 3 pods with 1 GPU each, one after another
    Then 1 of the pods are admitted and 2 are refused by the GPU quota

  Scenario: Deployments, Jobs and bare pods meet one quota
    Given tenant "blue" has a quota of 4 GPUs
    When tenant "blue" asks for 3 GPUs each by a Deployment, by a Job and by pods of its own, all at once
    Then tenant "blue" ends with 4 GPUs and never had more

  Scenario: Without a quota Deployments, Jobs and bare pods get all that they ask for
    When tenant "blue" asks for 3 GPUs each by a Deployment, by a Job and by pods of its own, all at once
    Then tenant "blue" ends with 9 GPUs and never had more

  Scenario Outline: A namespace without a GPU quota is found: <hole>
    Given tenant "blue" has a quota of 1 GPU
    And tenant "green" has a quota of 1 GPU
    Then no tenant's namespace is without a GPU quota
    When the quota of tenant "green" is removed
    And tenant "green" has a quota of 1 GPU <hole>
    Then only the namespace of tenant "green" is without a GPU quota
    And tenant "green" gets a pod with 32 GPUs admitted
    When the pods of all tenants are gone
    And tenant "green" has a quota of 1 GPU
    Then no tenant's namespace is without a GPU quota
    When tenant "green" submits a pod with 32 GPUs
    Then the pod is refused by the GPU quota

    Examples:
      | hole                                    |
      | with limits in place of requests        |
      | with the bare name in place of requests |

  Scenario: A new tenant's namespace without a quota is found
    Given tenant "blue" has a quota of 1 GPU
    And tenant "green" has a quota of 1 GPU
    When a new tenant "red" is let in without a quota
    Then only the namespace of tenant "red" is without a GPU quota
    And tenant "red" gets a pod with 32 GPUs admitted
    When the pods of all tenants are gone
    And tenant "red" has a quota of 1 GPU
    Then no tenant's namespace is without a GPU quota
    When tenant "red" submits a pod with 32 GPUs
    Then the pod is refused by the GPU quota

  Scenario: A GPU quota forces nobody to say what a pod needs, a compute quota does
    Given tenant "blue" has a quota of 1 GPU
    Then tenant "blue" gets a pod that says nothing about resources admitted
    When control "compute-quota" is applied to tenant "blue"
    Then tenant "blue" gets a pod that says nothing about resources refused by the compute quota
    And tenant "blue" gets a pod that asks for no GPU admitted
    When control "compute-quota" is removed from tenant "blue"
    Then tenant "blue" gets a pod that says nothing about resources admitted

  Scenario Outline: GPUs are counted whole and the same way by everybody: a pod that <asks>
    When tenant "blue" submits a pod that <asks>
    Then the pod is refused by <rule>
    When tenant "blue" submits a pod with 1 GPU
    Then the pod is admitted

    Examples:
      | asks                               | rule                                       |
      | asks for half a GPU                | the rule that GPUs are whole               |
      | asks for a GPU without a limit     | the rule that GPUs have a limit            |
      | asks for 1 GPU and is limited to 2 | the rule that a GPU's request is its limit |

  Scenario: A tenant cannot lift its own quota
    Given tenant "blue" has a quota of 1 GPU
    When tenant "blue" tries to read the quota of tenant "blue"
    Then the request is allowed
    When tenant "blue" tries to raise the quota of tenant "blue"
    Then the request is denied in the namespace of tenant "blue"
    When tenant "blue" tries to replace the quota of tenant "blue"
    Then the request is denied in the namespace of tenant "blue"
    When tenant "blue" tries to delete the quota of tenant "blue"
    Then the request is denied in the namespace of tenant "blue"
    When tenant "blue" submits a pod with 2 GPUs
    Then the pod is refused by the GPU quota
    When control "tenant" is applied to tenant "blue" with the verb "patch" on "resourcequotas"
    Then tenant "blue" can raise the quota of tenant "blue"
    And tenant "blue" gets a pod with 2 GPUs admitted
    When control "tenant" is applied to tenant "blue"
    Then tenant "blue" can no longer raise the quota of tenant "blue"

  @gpus:1
  Scenario: A finished pod gives its GPU back
    Given tenant "blue" has a quota of 1 GPU
    When tenant "blue" runs a pod with 1 GPU
    Then the quota of tenant "blue" counts 1 GPU
    When tenant "blue" submits a pod with 1 GPU
    Then the pod is refused by the GPU quota
    When the running pod of tenant "blue" finishes
    Then the quota of tenant "blue" counts 0 GPUs
    When tenant "blue" submits a pod with 1 GPU
    Then the pod is admitted

  @gpus:fleet
  Scenario: Without a quota one tenant takes the whole fleet and the other gets nothing
    Given the fleet of 5 nodes with 32 GPUs
    When tenant "blue" runs pods until it holds every GPU of the fleet
    And tenant "green" submits a pod with 1 GPU to the whole fleet
    Then the pod finds no free GPU on any node of the fleet
    When the pods of all tenants are gone
    And tenant "blue" has a quota of 28 GPUs
    And tenant "blue" runs pods until its quota refuses
    Then tenant "blue" holds 28 GPUs
    When tenant "green" submits a pod with 1 GPU to the whole fleet
    Then the waiting pod of tenant "green" runs
