@control:gpu-limit-range
Feature: GPU limit range
  Why: A GPU quota limits a tenant, but one pod can still take the whole quota. A LimitRange limits the single pod and
  sets what a container gets that names no GPUs. The default is a trap: with a maximum and no default, the API server
  uses the maximum as the default. Every sidecar and every shell then holds GPUs that nobody uses and that the quota
  counts.

  How it is proven: fleet-fixtures/controls/gpu-limit-range.yaml allows 4 GPUs for a container and 4 for a pod, with a
  default of 0. Allowed: pods with up to 4 GPUs, and pods that name none. Denied: larger pods, with the exceeded limit
  in the message. Exposed: one of the limits or the default is removed, or the tenant may change the limit range.
  Closed: the reference limit range is back, and the larger pods are refused again.

  Not proven here: anything about pods that exist already, because a LimitRange checks pods only when they are
  created. It also does not limit how many small pods a tenant has; the GPU quota does.

  Background:
    Given tenant "blue"

  Rule: No single pod gets more than four GPUs.

    Scenario Outline: A pod that asks for <gpus> is refused by <limit>
      Then a pod that asks for <gpus> is admitted for tenant "blue"
      When control "gpu-limit-range" is applied to tenant "blue"
      Then a pod that asks for <gpus> is refused for tenant "blue" by <limit>
      And a pod that asks for 4 GPUs in one container is admitted for tenant "blue"
      When control "gpu-limit-range" is applied to tenant "blue" without the limit of type "<type>"
      Then a pod that asks for <gpus> is <without>
      When control "gpu-limit-range" is applied to tenant "blue"
      Then a pod that asks for <gpus> is refused for tenant "blue" by <limit>

      Examples:
        | gpus                             | limit                    | type      | without                                         |
        | 5 GPUs in one container          | the limit of a container | Container | refused for tenant "blue" by the limit of a pod |
        | 5 GPUs in an init container      | the limit of a container | Container | refused for tenant "blue" by the limit of a pod |
        | 3 GPUs in each of two containers | the limit of a pod       | Pod       | admitted for tenant "blue"                      |

    Scenario: GPUs of init containers are not added to those of other containers
      Init containers run before the other containers, so the pod needs only the larger of the two numbers.

      When control "gpu-limit-range" is applied to tenant "blue"
      Then a pod that asks for 5 GPUs in an init container is refused for tenant "blue" by the limit of a pod
      And a pod that asks for 3 GPUs in an init container and 3 in its container is admitted for tenant "blue"

  Rule: A container that names no GPUs gets none, and its pod is admitted.

    Scenario: A maximum without a default gives GPUs to pods that request none
      Given tenant "blue" has a quota of 8 GPUs
      Then a pod that asks for no GPU is admitted for tenant "blue" with 0 GPUs
      When control "gpu-limit-range" is applied to tenant "blue" without the default
      Then a pod that asks for no GPU is admitted for tenant "blue" with 4 GPUs
      When tenant "blue" submits a pod that asks for no GPU
      Then the quota of tenant "blue" counts 4 GPUs
      When control "gpu-limit-range" is applied to tenant "blue"
      Then a pod that asks for no GPU is admitted for tenant "blue" with 0 GPUs
      When the pods of all tenants are removed
      And tenant "blue" submits a pod that asks for no GPU
      Then the quota of tenant "blue" counts 0 GPUs

    @gpus:4
    Scenario: A pod really sees the GPUs that it got by default
      When control "gpu-limit-range" is applied to tenant "blue" without the default
      Then a pod that asks for no GPU is admitted for tenant "blue" with 4 GPUs
      When tenant "blue" runs a pod that asks for no GPU
      Then the pod sees exactly 4 GPUs by its UUID
      When the pods of all tenants are removed
      And control "gpu-limit-range" is applied to tenant "blue"
      Then a pod that asks for no GPU is admitted for tenant "blue" with 0 GPUs
      When tenant "blue" runs a pod that asks for no GPU
      Then the pod sees no GPU

    Scenario: A maximum for pods alone refuses pods that name no GPUs
      When control "gpu-limit-range" is applied to tenant "blue" without the limit of type "Container"
      Then a pod that asks for no GPU is refused for tenant "blue" by the limit of a pod, for it names no GPUs
      And a pod that asks for 4 GPUs in one container is admitted for tenant "blue"
      And a pod that asks for 5 GPUs in one container is refused for tenant "blue" by the limit of a pod
      And a pod that asks for 3 GPUs in each of two containers is refused for tenant "blue" by the limit of a pod
      When control "gpu-limit-range" is applied to tenant "blue"
      Then a pod that asks for no GPU is admitted for tenant "blue" with 0 GPUs

  Rule: A tenant may read its limit range but not change it.

    Scenario: A tenant cannot raise or delete its own limit range
      When control "gpu-limit-range" is applied to tenant "blue"
      Then a pod that asks for 5 GPUs in one container is refused for tenant "blue" by the limit of a container
      When tenant "blue" tries to read the limit range of tenant "blue"
      Then the request is allowed
      When tenant "blue" tries to raise the limit range of tenant "blue"
      Then the request is denied in the namespace of tenant "blue"
      When tenant "blue" tries to delete the limit range of tenant "blue"
      Then the request is denied in the namespace of tenant "blue"
      When control "tenant" is applied to tenant "blue" with the verb "patch" on "limitranges"
      Then tenant "blue" can raise the limit range of tenant "blue"
      And a pod that asks for 5 GPUs in one container is admitted for tenant "blue"
      When control "tenant" is applied to tenant "blue"
      Then tenant "blue" can no longer raise the limit range of tenant "blue"

  Rule: The limit range has exactly the amounts that the specification names.

    Scenario: The limit range allows four GPUs per pod and gives none to a pod that asks for none
      When control "gpu-limit-range" is applied to tenant "blue"
      Then the limits of tenant "blue" are exactly:
        | object          | limit                                        | amount |
        | gpu-limit-range | max nvidia.com/gpu of a Container            | 4      |
        | gpu-limit-range | default nvidia.com/gpu of a Container        | 0      |
        | gpu-limit-range | defaultRequest nvidia.com/gpu of a Container | 0      |
        | gpu-limit-range | max nvidia.com/gpu of a Pod                  | 4      |
