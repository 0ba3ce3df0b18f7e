@control:gpu-quota
Feature: GPU quota
  Why: GPUs are scarce and expensive, and a whole GPU serves one pod at a time. A tenant that takes them all, by
  malice or by one wrong number in a manifest, denies service to everyone else. A ResourceQuota in every tenant's
  namespace prevents that: it refuses a pod at admission, before anything is scheduled.

  How it is proven: fleet-fixtures/controls/gpu-quota.yaml limits requests.nvidia.com/gpu. Allowed: pods within
  the quota are admitted, run on a GPU node and see their GPU. Denied: pods over the quota are refused, and the message
  names the quota. Exposed: the quota is missing, is written under a name that counts nothing, or may be changed by the
  tenant. Closed: the quota is right again and refuses the pod. An audit of all tenants' namespaces finds those without
  an effective GPU quota.

  Not proven here: which pods deserve a GPU, for a quota does not choose, evict, or limit a GPU's memory. Each name under
  which nodes offer GPUs needs its own key (see the drill in quotas.feature). A running pod gets no further GPUs: pods/resize
  changes CPU and memory only. A pod that was deleted by force leaves the count at once, although it can run on with its GPU
  (termination.feature). CPU, memory and disk are counted by the compute quota (compute-quota.feature).

  Background:
    Given tenants "blue" and "green"

  Rule: A tenant never holds more GPUs than its quota allows, whatever creates its pods.

    @gpus:1
    Scenario: A pod within the quota runs on a GPU node and sees its GPU
      Given tenant "blue" has a quota of 1 GPU
      When tenant "blue" runs a pod with 1 GPU
      Then the pod runs on a GPU node
      And the pod sees exactly 1 GPU by its UUID
      And the quota of tenant "blue" counts 1 GPU

    Scenario: A pod over the quota is refused, and the refusal names the quota
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

    Scenario: One pod cannot request more than the whole quota
      Given tenant "blue" has a quota of 2 GPUs
      When tenant "blue" submits a pod with 3 GPUs
      Then the pod is refused by the GPU quota
      And the quota of tenant "blue" counts 0 GPUs
      When tenant "blue" submits a pod with 2 GPUs
      Then the pod is admitted
      And the quota of tenant "blue" counts 2 GPUs

    Scenario: Many small pods are limited like one large pod
      Given tenant "blue" has a quota of 3 GPUs
      When tenant "blue" submits 5 pods with 1 GPU each, one after another
      Then 3 of the pods are admitted and 2 are refused by the GPU quota

    Scenario: Pods created at the same moment never exceed the quota
      Given tenant "blue" has a quota of 4 GPUs
      When tenant "blue" submits 20 pods with 1 GPU each, all at once
      Then at most 4 of the pods are admitted and the rest are refused by the GPU quota
      When tenant "blue" submits 4 pods with 1 GPU each, one after another
      Then the quota of tenant "blue" counts 4 GPUs

    Scenario: Deployments, Jobs and bare pods share one quota
      Given tenant "blue" has a quota of 4 GPUs
      When tenant "blue" asks for 3 GPUs each by a Deployment, by a Job and by bare pods, all at once
      Then tenant "blue" ends with 4 GPUs and never had more

    Scenario: Deployments, Jobs and bare pods get all requested GPUs without a quota
      When tenant "blue" asks for 3 GPUs each by a Deployment, by a Job and by bare pods, all at once
      Then tenant "blue" ends with 9 GPUs and never had more

    Scenario: A lowered quota evicts no pod and admits no new one
      Given tenant "blue" has a quota of 3 GPUs
      When tenant "blue" submits 3 pods with 1 GPU each, one after another
      Then 3 of the pods are admitted and 0 are refused by the GPU quota
      When tenant "blue" has a quota of 1 GPU
      Then the quota of tenant "blue" counts 3 GPUs
      When tenant "blue" submits a pod with 1 GPU
      Then the pod is refused by the GPU quota
      When the pods of all tenants are removed
      Then the quota of tenant "blue" counts 0 GPUs
      When tenant "blue" submits 3 pods with 1 GPU each, one after another
      Then 1 of the pods are admitted and 2 are refused by the GPU quota

    @gpus:1
    Scenario: A finished pod gives its GPU back to the quota
      Given tenant "blue" has a quota of 1 GPU
      When tenant "blue" runs a pod with 1 GPU
      Then the quota of tenant "blue" counts 1 GPU
      When tenant "blue" submits a pod with 1 GPU
      Then the pod is refused by the GPU quota
      When the running pod of tenant "blue" finishes
      Then the quota of tenant "blue" counts 0 GPUs
      When tenant "blue" submits a pod with 1 GPU
      Then the pod is admitted

  Rule: A tenant's quota leaves GPUs for the other tenants.

    Scenario: One tenant's full quota does not block another tenant
      Given tenant "blue" has a quota of 1 GPU
      And tenant "green" has a quota of 1 GPU
      When tenant "blue" submits a pod with 1 GPU
      Then the pod is admitted
      When tenant "blue" submits a pod with 1 GPU
      Then the pod is refused by the GPU quota
      When tenant "green" submits a pod with 1 GPU
      Then the pod is admitted

    @gpus:fleet
    Scenario: A tenant without a quota takes the whole fleet and others get nothing
      Given the fleet of 5 nodes with 32 GPUs
      When tenant "blue" runs pods until it holds every GPU of the fleet
      And tenant "green" submits a pod with 1 GPU to the whole fleet
      Then the pod finds no free GPU on any node of the fleet
      When the pods of all tenants are removed
      And tenant "blue" has a quota of 28 GPUs
      And tenant "blue" runs pods until its quota refuses
      Then tenant "blue" holds 28 GPUs
      When tenant "green" submits a pod with 1 GPU to the whole fleet
      Then the pod of tenant "green" is scheduled to a node

  Rule: Every tenant's namespace has a quota on requests.nvidia.com/gpu, of zero where the tenant gets no GPUs.

    Scenario: A tenant with a quota of zero gets no GPU
      When tenant "blue" submits a pod with 1 GPU
      Then the pod is admitted
      When the pods of all tenants are removed
      And tenant "blue" has a quota of 0 GPUs
      And tenant "blue" submits a pod with 1 GPU
      Then the pod is refused by the GPU quota
      When tenant "blue" submits a pod that asks for no GPU
      Then the pod is admitted
      And the quota of tenant "blue" counts 0 GPUs
      When tenant "blue" has a quota of 1 GPU
      And tenant "blue" submits a pod with 1 GPU
      Then the pod is admitted

    Scenario Outline: A GPU quota <mistake> is accepted and counts nothing
      Given tenant "blue" has a quota of 1 GPU <mistake>
      When tenant "blue" submits a pod with 3 GPUs
      Then the pod is admitted
      When the quota of tenant "blue" is removed
      And the pods of all tenants are removed
      And tenant "blue" has a quota of 1 GPU
      And tenant "blue" submits a pod with 3 GPUs
      Then the pod is refused by the GPU quota
      When tenant "blue" submits a pod with 1 GPU
      Then the pod is admitted

      Examples:
        | mistake                                 |
        | with limits in place of requests        |
        | with the bare name in place of requests |

    Scenario Outline: The audit finds a namespace whose GPU quota is written <hole>
      Given tenant "blue" has a quota of 1 GPU
      And tenant "green" has a quota of 1 GPU
      Then no tenant's namespace is without a GPU quota
      When the quota of tenant "green" is removed
      And tenant "green" has a quota of 1 GPU <hole>
      Then only the namespace of tenant "green" is without a GPU quota
      And a pod with 32 GPUs is admitted for tenant "green"
      When the pods of all tenants are removed
      And tenant "green" has a quota of 1 GPU
      Then no tenant's namespace is without a GPU quota
      When tenant "green" submits a pod with 32 GPUs
      Then the pod is refused by the GPU quota

      Examples:
        | hole                                    |
        | with limits in place of requests        |
        | with the bare name in place of requests |

    Scenario Outline: A quota with the scope <scope> does not count a pod that <escape>
      Given tenant "blue" has a quota of 4 GPUs
      And tenant "green" has a quota of 4 GPUs
      Then a pod that <escape> is refused for tenant "blue" by the GPU quota
      When the quota of tenant "blue" is removed
      And tenant "blue" has a quota of 4 GPUs with the scope "<scope>"
      Then a pod that <escape> is admitted for tenant "blue"
      And a pod that asks for 5 GPUs in one container is refused for tenant "blue" by the GPU quota
      And only the namespace of tenant "blue" is without a GPU quota
      When the quota of tenant "blue" is removed
      And tenant "blue" has a quota of 4 GPUs
      Then a pod that <escape> is refused for tenant "blue" by the GPU quota
      And no tenant's namespace is without a GPU quota

      Examples:
        | scope          | escape                                         |
        | NotTerminating | asks for 5 GPUs and has a deadline             |
        | NotBestEffort  | asks for 5 GPUs and names no CPU and no memory |

    Scenario: The GPUs of a sidecar count, too
      Given tenant "blue" has a quota of 4 GPUs
      Then a pod that asks for 5 GPUs in a sidecar is refused for tenant "blue" by the GPU quota
      And a pod that asks for 4 GPUs in one container is admitted for tenant "blue"
      When the quota of tenant "blue" is removed
      Then a pod that asks for 5 GPUs in a sidecar is admitted for tenant "blue"

    Scenario: The audit finds a new tenant that has no GPU quota
      Given tenant "blue" has a quota of 1 GPU
      And tenant "green" has a quota of 1 GPU
      When a new tenant "red" joins the platform without a quota
      Then only the namespace of tenant "red" is without a GPU quota
      And a pod with 32 GPUs is admitted for tenant "red"
      When the pods of all tenants are removed
      And tenant "red" has a quota of 1 GPU
      Then no tenant's namespace is without a GPU quota
      When tenant "red" submits a pod with 32 GPUs
      Then the pod is refused by the GPU quota

  Rule: A pod requests whole GPUs, and its request equals its limit.

    Scenario Outline: A pod that <asks> is refused by <rule>
      When tenant "blue" submits a pod that <asks>
      Then the pod is refused by <rule>
      When tenant "blue" submits a pod with 1 GPU
      Then the pod is admitted

      Examples:
        | asks                               | rule                                       |
        | asks for half a GPU                | the rule that GPUs are whole               |
        | asks for a GPU without a limit     | the rule that GPUs have a limit            |
        | asks for 1 GPU and is limited to 2 | the rule that a GPU's request is its limit |

  Rule: A tenant may read its GPU quota but not change it.

    Scenario: A tenant cannot raise, replace or delete its own GPU quota
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
      And a pod with 2 GPUs is admitted for tenant "blue"
      When control "tenant" is applied to tenant "blue"
      Then tenant "blue" can no longer raise the quota of tenant "blue"

  Rule: The GPU quota has exactly the amounts that the specification names.

    Scenario: The GPU quota limits requests to these amounts
      Given tenant "blue" has a quota of 2 GPUs
      Then the limits of tenant "blue" are exactly:
        | object    | limit                           | amount |
        | gpu-quota | requests.nvidia.com/gpu         | 2      |
        | gpu-quota | requests.nvidia.com/mig-1g.10gb | 0      |
