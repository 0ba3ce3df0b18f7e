Feature: Drills: admission that lets pods through
  Why: Whoever may create pods has whatever a pod may be. Admission says what that is. It is switched off by one label, by
  one word of a policy, or by a policy that gives up on a request that it cannot judge.

  How it is proven: Each scenario is one drill. The platform is secure. Somebody makes one mistake; the attacker does what
  it allows; the runbook's query finds the mistake; the fix goes in, and the same attack fails. runbooks.yaml has, for
  each drill, the mistake in words, the symptom, the triage, the query and the prevention. "support/specs drill" plays one.

  Not proven here: that the query finds every form of the mistake. A pod that was admitted stays until somebody removes it.

  Background:
    Given tenants "blue" and "green"

  @control:pod-security @drill:pod-security-label @needs:gpu @needs:workload-image @needs:pod-security-admission @needs:kubectl
  Scenario: A namespace without the enforce label runs a pod that reads the node's disk
    Given tenant "green" has a secret
    And tenant "green" runs a training job
    And control "pod-security" is applied to tenant "blue"
    Then a pod that mounts the kubelet's directory is refused for tenant "blue" by Pod Security "restricted" for "hostPath"
    # The mistake
    When control "pod-security" is applied to tenant "blue" without the label "pod-security.kubernetes.io/enforce"
    # The attack
    Then a pod that mounts the kubelet's directory is admitted for tenant "blue"
    When tenant "blue" runs a pod that mounts the kubelet's directory
    Then the pod reads the secret of tenant "green" off the node's disk
    And the query of the runbook finds the mistake
    # The fix
    When control "pod-security" is applied to tenant "blue"
    And the pods of all tenants are removed
    # The same attack
    Then a pod that mounts the kubelet's directory is refused for tenant "blue" by Pod Security "restricted" for "hostPath"
    And a pod that keeps to the rules is admitted for tenant "blue"
    And the query of the runbook finds no mistake

  @control:gpu-only-through-a-request @drill:false-device-plugin @needs:own-fleet @needs:workload-image @needs:pod-security-admission @needs:kubectl
  Scenario: Under the level "privileged" a tenant's pod registers GPUs that do not exist
    Given control "pod-security" is applied to tenant "blue"
    Then a pod that registers its own device plugin is refused for tenant "blue" by Pod Security "restricted" for "hostPath"
    And the node offers 0 GPUs that tenant "blue" made up
    # The mistake
    When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "privileged"
    # The attack
    Then a pod that registers its own device plugin is admitted for tenant "blue"
    When tenant "blue" runs a pod that registers its own device plugin
    Then the node offers 2 GPUs that tenant "blue" made up
    And the query of the runbook finds the mistake
    # The fix
    When control "pod-security" is applied to tenant "blue"
    And the pods of all tenants are removed
    # The same attack
    Then a pod that registers its own device plugin is refused for tenant "blue" by Pod Security "restricted" for "hostPath"
    And the node offers 0 GPUs that tenant "blue" made up
    And a pod that keeps to the rules is admitted for tenant "blue"
    And the query of the runbook finds no mistake

  @control:gpu-only-through-a-request @drill:policy-set-to-audit @needs:validating-admission-policy @needs:kubectl
  Scenario: A policy whose binding says "Audit" refuses nothing
    Given control "gpu-only-through-a-request" is applied to tenant "blue"
    Then a pod that sets NVIDIA_VISIBLE_DEVICES is refused for tenant "blue" by the GPU policy
    # The mistake
    When control "gpu-only-through-a-request" is applied to tenant "blue" with the action "Audit"
    # The attack
    Then a pod that sets NVIDIA_VISIBLE_DEVICES is admitted for tenant "blue"
    And the query of the runbook finds the mistake
    # The fix
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    # The same attack
    Then a pod that sets NVIDIA_VISIBLE_DEVICES is refused for tenant "blue" by the GPU policy
    And a pod that sets no GPU variable is admitted for tenant "blue"
    And the query of the runbook finds no mistake

  @control:gpu-only-through-a-request @drill:policy-fails-open @needs:validating-admission-policy @needs:kubectl
  Scenario: A policy that fails open admits what it is too slow to judge
    A policy, like a webhook, has an answer for requests that it cannot judge. With "Ignore", an attacker only has to make
    the request too large.

    Given control "gpu-only-through-a-request" is applied to tenant "blue"
    Then a pod that hides LD_PRELOAD among many variables is refused for tenant "blue" by the policy's own limit for "cost limit exceeded"
    # The mistake
    When control "gpu-only-through-a-request" is applied to tenant "blue" with the failure policy "Ignore"
    # The attack
    Then a pod that hides LD_PRELOAD among many variables is admitted for tenant "blue"
    And the query of the runbook finds the mistake
    # The fix
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    # The same attack
    Then a pod that hides LD_PRELOAD among many variables is refused for tenant "blue" by the policy's own limit for "cost limit exceeded"
    And a pod that sets no GPU variable is admitted for tenant "blue"
    And the query of the runbook finds no mistake

  @control:gpu-only-through-a-request @drill:tenant-label-lost @needs:validating-admission-policy @needs:kubectl
  Scenario: A namespace that lost the platform's label is covered by no policy
    Given control "gpu-only-through-a-request" is applied to tenant "blue"
    Then a pod that sets LD_PRELOAD is refused for tenant "green" by the GPU policy
    # The mistake
    When control "tenant" is applied to tenant "green" without the label "security.specs/tenant"
    # The attack
    Then a pod that sets LD_PRELOAD is admitted for tenant "green"
    And the query of the runbook finds the mistake
    # The fix
    When control "tenant" is applied to tenant "green"
    # The same attack
    Then a pod that sets LD_PRELOAD is refused for tenant "green" by the GPU policy
    And a pod that sets no GPU variable is admitted for tenant "green"
    And the query of the runbook finds no mistake
