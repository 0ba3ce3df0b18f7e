Feature: Drills: quotas and limits that count nothing
  Why: GPUs are the scarce thing of the platform. A quota that is missing, misspelt or scoped to the wrong pods looks fine in
  every list, and one tenant's jobs take the fleet. The others see pods that stay Pending, and nobody sees an attack.

  How it is proven: Each scenario is one drill. The platform is secure. Somebody makes one mistake; the attacker does what
  it allows; the runbook's query finds the mistake; the fix goes in, and the same attack fails. runbooks.yaml has, for
  each drill, the mistake in words, the symptom, the triage, the query and the prevention. "support/specs drill" plays one.

  Not proven here: that the query finds every form of the mistake. A repaired quota evicts nobody: what was taken before
  must be removed by hand.

  Background:
    Given tenants "blue" and "green"

  @control:gpu-quota @drill:quota-deleted @needs:kubectl
  Scenario: Without its quota one tenant may have all GPUs of the fleet
    Given tenant "blue" has a quota of 1 GPU
    Then a pod with 32 GPUs is refused for tenant "blue" by the GPU quota
    # The mistake
    When the quota of tenant "blue" is removed
    # The attack
    Then a pod with 32 GPUs is admitted for tenant "blue"
    And the query of the runbook finds the mistake
    # The fix
    When tenant "blue" has a quota of 1 GPU
    And the pods of all tenants are removed
    # The same attack
    Then a pod with 32 GPUs is refused for tenant "blue" by the GPU quota
    And the query of the runbook finds no mistake
    And a pod with 1 GPU is admitted for tenant "blue"

  @control:gpu-quota @drill:quota-on-limits @needs:kubectl
  Scenario: A quota on limits.nvidia.com/gpu is accepted and counts nothing
    Given tenant "blue" has a quota of 1 GPU
    Then a pod with 32 GPUs is refused for tenant "blue" by the GPU quota
    # The mistake
    When the quota of tenant "blue" is removed
    And tenant "blue" has a quota of 1 GPU with limits in place of requests
    # The attack
    Then a pod with 32 GPUs is admitted for tenant "blue"
    And the query of the runbook finds the mistake
    # The fix
    When the quota of tenant "blue" is removed
    And tenant "blue" has a quota of 1 GPU
    And the pods of all tenants are removed
    # The same attack
    Then a pod with 32 GPUs is refused for tenant "blue" by the GPU quota
    And the query of the runbook finds no mistake
    And a pod with 1 GPU is admitted for tenant "blue"

  @control:gpu-quota @drill:quota-on-one-name @needs:kubectl
  Scenario: A quota on nvidia.com/gpu does not count the slices of a GPU
    No node here offers such a slice, and the pod stays Pending. Admission has let it in all the same.

    Given tenant "blue" has a quota of 1 GPU
    Then a pod that asks for a MIG slice is refused for tenant "blue" by the GPU quota for MIG slices
    # The mistake
    When tenant "blue" has a quota of 1 GPU without the key "requests.nvidia.com/mig-1g.10gb"
    # The attack
    Then a pod that asks for a MIG slice is admitted for tenant "blue"
    And the query of the runbook finds the mistake
    # The fix
    When tenant "blue" has a quota of 1 GPU
    And the pods of all tenants are removed
    # The same attack
    Then a pod that asks for a MIG slice is refused for tenant "blue" by the GPU quota for MIG slices
    And the query of the runbook finds no mistake
    And a pod with 1 GPU is admitted for tenant "blue"

  @control:gpu-limit-range @drill:maximum-without-default @needs:kubectl
  Scenario: A maximum without a default gives four GPUs to a pod that asks for none
    Given tenant "blue" has a quota of 8 GPUs
    And control "gpu-limit-range" is applied to tenant "blue"
    Then a pod that asks for no GPU is admitted for tenant "blue" with 0 GPUs
    # The mistake
    When control "gpu-limit-range" is applied to tenant "blue" without the default
    # The attack
    Then a pod that asks for no GPU is admitted for tenant "blue" with 4 GPUs
    And the query of the runbook finds the mistake
    # The fix
    When control "gpu-limit-range" is applied to tenant "blue"
    # The same attack
    Then a pod that asks for no GPU is admitted for tenant "blue" with 0 GPUs
    And the query of the runbook finds no mistake
    And a pod that asks for 5 GPUs in one container is refused for tenant "blue" by the limit of a container

  @control:priority-quota @drill:priority-without-quota @gpus:1 @needs:own-fleet @needs:kubectl
  Scenario: Without a quota on its PriorityClass an urgent pod takes another tenant's GPUs
    Given the platform has a PriorityClass "urgent"
    And tenant "blue" may have 0 pods of PriorityClass "urgent"
    And tenant "green" holds all GPUs of a node
    When tenant "blue" submits a pod of PriorityClass "urgent" for all GPUs of that node
    Then the pod is refused by the priority quota
    And the pod of tenant "green" is still scheduled to a node
    # The mistake
    When tenant "blue" may have any number of pods of PriorityClass "urgent"
    # The attack
    And tenant "blue" submits a pod of PriorityClass "urgent" for all GPUs of that node
    Then the pod of tenant "green" is pre-empted for that of tenant "blue"
    And the query of the runbook finds the mistake
    # The fix
    When the pods of all tenants are removed
    And tenant "blue" may have 0 pods of PriorityClass "urgent"
    # The same attack
    And tenant "green" holds all GPUs of a node
    And tenant "blue" submits a pod of PriorityClass "urgent" for all GPUs of that node
    Then the pod is refused by the priority quota
    And the query of the runbook finds no mistake
