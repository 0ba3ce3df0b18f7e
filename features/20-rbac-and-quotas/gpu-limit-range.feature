@control:gpu-limit-range
Feature: GPU limit range
  A quota caps a tenant; it does not care whether one pod takes it all. A LimitRange caps the single pod, and says what a
  container holds that says nothing. That second part is a trap: with a maximum and no default the API server takes the maximum
  for the default, and every sidecar and every shell silently holds GPUs that nobody uses and the quota counts.

  A LimitRange judges pods as they are made: it changes none that are there, and a tenant may still have many small ones.

  Background:
    Given tenant "blue"

  Scenario Outline: One pod cannot take all GPUs of its tenant: a pod that <asks>
    Then tenant "blue" gets a pod that <asks> admitted
    When control "gpu-limit-range" is applied to tenant "blue"
    Then tenant "blue" gets a pod that <asks> refused by <limit>
    And tenant "blue" gets a pod that asks for 4 GPUs in one container admitted
    When control "gpu-limit-range" is applied to tenant "blue" without the limit of type "<type>"
    Then tenant "blue" gets a pod that <asks> <without>
    When control "gpu-limit-range" is applied to tenant "blue"
    Then tenant "blue" gets a pod that <asks> refused by <limit>

    Examples:
      | asks                                      | limit                    | type      | without                       |
      | asks for 5 GPUs in one container          | the limit of a container | Container | refused by the limit of a pod |
      | asks for 5 GPUs in an init container      | the limit of a container | Container | refused by the limit of a pod |
      | asks for 3 GPUs in each of two containers | the limit of a pod       | Pod       | admitted                      |

  Scenario: Init containers run before the others and are not added to them
    When control "gpu-limit-range" is applied to tenant "blue"
    Then tenant "blue" gets a pod that asks for 5 GPUs in an init container refused by the limit of a pod
    And tenant "blue" gets a pod that asks for 3 GPUs in an init container and 3 in its container admitted

  Scenario: A maximum without a default gives GPUs to whoever does not ask
    Given tenant "blue" has a quota of 8 GPUs
    Then tenant "blue" gets a pod that asks for no GPU admitted with 0 GPUs
    When control "gpu-limit-range" is applied to tenant "blue" without the default
    Then tenant "blue" gets a pod that asks for no GPU admitted with 4 GPUs
    When tenant "blue" submits a pod that asks for no GPU
    Then the quota of tenant "blue" counts 4 GPUs
    When control "gpu-limit-range" is applied to tenant "blue"
    Then tenant "blue" gets a pod that asks for no GPU admitted with 0 GPUs
    When the pods of all tenants are gone
    And tenant "blue" submits a pod that asks for no GPU
    Then the quota of tenant "blue" counts 0 GPUs

  @gpus:4
  Scenario: The silent GPUs are real: a pod that never asked sees them
    When control "gpu-limit-range" is applied to tenant "blue" without the default
    Then tenant "blue" gets a pod that asks for no GPU admitted with 4 GPUs
    When tenant "blue" runs a pod that asks for no GPU
    Then the pod sees exactly 4 GPUs by its UUID
    When the pods of all tenants are gone
    And control "gpu-limit-range" is applied to tenant "blue"
    Then tenant "blue" gets a pod that asks for no GPU admitted with 0 GPUs
    When tenant "blue" runs a pod that asks for no GPU
    Then the pod sees no GPU

  Scenario: A maximum for pods alone refuses those that name no GPUs
    When control "gpu-limit-range" is applied to tenant "blue" without the limit of type "Container"
    Then tenant "blue" gets a pod that asks for no GPU refused by the limit of a pod, for it names no GPUs
    And tenant "blue" gets a pod that asks for 4 GPUs in one container admitted
    And tenant "blue" gets a pod that asks for 5 GPUs in one container refused by the limit of a pod
    And tenant "blue" gets a pod that asks for 3 GPUs in each of two containers refused by the limit of a pod
    When control "gpu-limit-range" is applied to tenant "blue"
    Then tenant "blue" gets a pod that asks for no GPU admitted with 0 GPUs

  Scenario: A tenant cannot change the limits it is under
    When control "gpu-limit-range" is applied to tenant "blue"
    Then tenant "blue" gets a pod that asks for 5 GPUs in one container refused by the limit of a container
    When tenant "blue" tries to read the limit range of tenant "blue"
    Then the request is allowed
    When tenant "blue" tries to raise the limit range of tenant "blue"
    Then the request is denied in the namespace of tenant "blue"
    When tenant "blue" tries to delete the limit range of tenant "blue"
    Then the request is denied in the namespace of tenant "blue"
    When control "tenant" is applied to tenant "blue" with the verb "patch" on "limitranges"
    Then tenant "blue" can raise the limit range of tenant "blue"
    And tenant "blue" gets a pod that asks for 5 GPUs in one container admitted
    When control "tenant" is applied to tenant "blue"
    Then tenant "blue" can no longer raise the limit range of tenant "blue"
