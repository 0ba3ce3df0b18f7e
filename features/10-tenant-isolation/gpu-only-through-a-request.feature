@control:gpu-only-through-a-request
Feature: The GPU only through a request
  A quota counts the GPUs that a pod asks for in its limits. It protects nobody from a pod that gets them some other way, and
  NVIDIA's container runtime has another way: a container gets the GPUs that NVIDIA_VISIBLE_DEVICES names, whoever set it.
  In the same way a cap on GPU memory, a preloaded library, hears CUDA_DISABLE_CONTROL, yields to another LD_PRELOAD, and is
  never put into a pod with HAMi's opt-out label. So on this platform these names are not a tenant's: one policy refuses them,
  in whatever container they come, and keeps them out of the ConfigMaps and Secrets that a container takes its environment from.

  The other way in is the kubelet's socket for device plugins: whoever reaches it may offer GPUs that do not exist, and then
  says what goes into other tenants' containers. A hostPath is enough; Pod Security closes it.

  What stays open, for admission sees a manifest and nothing else: variables that an image brings along (CUDA images set
  NVIDIA_VISIBLE_DEVICES themselves), or that a shell in the container exports: too late for the runtime, in time for a
  LD_PRELOAD; ConfigMaps, Secrets and pods from before the policy. Against the first, configure the runtime
  (accept-nvidia-visible-devices-envvar-when-unprivileged=false). The GPUs here are simulated: what is shown is the
  environment that NVIDIA's runtime would have read, not a device that opens.

  @gpus:1
  Scenario: A pod without a request has no GPU, until it names all of the node's to the runtime
    Given tenants "blue" and "green"
    When tenant "green" runs a pod with 1 GPU
    Then the pod sees exactly 1 GPU by its UUID
    When tenant "blue" runs a pod that sets no GPU variable
    Then the pod has no variable "NVIDIA_VISIBLE_DEVICES"
    And the pods of tenants "blue" and "green" run on the same GPU node
    When tenant "blue" runs a pod that sets NVIDIA_VISIBLE_DEVICES
    Then the pod has the variable "NVIDIA_VISIBLE_DEVICES" with the value "all"

  @needs:workload-image
  Scenario Outline: Without the policy the variable comes out of what nobody looks into: a pod that <trait>
    Given tenant "blue"
    And tenant "blue" keeps a <store> with the key "<key>"
    When tenant "blue" runs a pod that <trait>
    Then the pod has the variable "NVIDIA_VISIBLE_DEVICES" with the value "all"

    Examples:
      | store      | key                    | trait                                                                |
      | secret     | NVIDIA_VISIBLE_DEVICES | takes its environment from the secret                                |
      | config map | VISIBLE_DEVICES        | takes its environment from the config map under the prefix "NVIDIA_" |

  @needs:validating-admission-policy
  Scenario Outline: A tenant cannot set what is the platform's, in any kind of container: one that <trait>
    Given tenant "blue"
    And tenant "blue" has a pod
    Then tenant "blue" gets a pod that <trait> admitted
    And tenant "blue" gets an init container that <trait> admitted
    And tenant "blue" gets a debug container that <trait> admitted
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    Then tenant "blue" gets a pod that <trait> refused by the GPU policy for "<words> main"
    And tenant "blue" gets an init container that <trait> refused by the GPU policy for "<words> init"
    And tenant "blue" gets a debug container that <trait> refused by the GPU policy for "<words> debug"
    And tenant "blue" gets a debug container that sets no GPU variable admitted
    And tenant "blue" gets a pod that takes its environment from the config map under the prefix "TRAINING_" admitted

    Examples:
      | trait                                                                | words                                                    |
      | sets NVIDIA_VISIBLE_DEVICES                                          | GPU environment is set by the platform, not by:          |
      | sets LD_PRELOAD                                                      | GPU environment is set by the platform, not by:          |
      | sets CUDA_DISABLE_CONTROL                                            | GPU environment is set by the platform, not by:          |
      | sets CUDA_DEVICE_MEMORY_LIMIT_7                                      | GPU environment is set by the platform, not by:          |
      | takes its environment from the config map under the prefix "NVIDIA_" | envFrom with a prefix of the GPU environment is used by: |
      | takes its environment from the config map under the prefix "LD_PRE"  | envFrom with a prefix of the GPU environment is used by: |

  @needs:validating-admission-policy
  Scenario Outline: What a container takes its environment from has no reserved key: <key>
    Given tenant "blue"
    Then tenant "blue" gets a config map with the key "<key>" admitted
    And tenant "blue" gets a secret with the key "<key>" admitted
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    Then tenant "blue" gets a config map with the key "<key>" refused by the GPU policy
    And tenant "blue" gets a secret with the key "<key>" refused by the GPU policy
    And tenant "blue" gets a config map with the key "LEARNING_RATE" admitted
    And tenant "blue" gets a pod that takes its environment from the config map admitted

    Examples:
      | key                    |
      | NVIDIA_VISIBLE_DEVICES |
      | LD_PRELOAD             |
      | CUDA_DISABLE_CONTROL   |

  @needs:validating-admission-policy
  Scenario: The opt-out label cannot be added later either
    Given tenant "blue"
    When tenant "blue" submits a pod that sets no GPU variable
    And tenant "blue" tries to give its pod the label "hami.io/webhook" with the value "ignore"
    Then the label is accepted
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    Then tenant "blue" gets a pod that carries the opt-out label of HAMi refused by the GPU policy for "hami.io/webhook"
    When tenant "blue" submits a pod that sets no GPU variable
    And tenant "blue" tries to give its pod the label "team" with the value "ml"
    Then the label is accepted
    When tenant "blue" tries to give its pod the label "hami.io/webhook" with the value "ignore"
    Then the label is refused by the GPU policy

  @needs:validating-admission-policy
  Scenario: A reserved key cannot be added later either
    Given tenant "blue"
    And tenant "blue" keeps a config map with the key "LEARNING_RATE"
    Then tenant "blue" gets the key "LD_PRELOAD" added to its config map
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    Then tenant "blue" gets the key "LD_PRELOAD" for its config map refused by the GPU policy
    And tenant "blue" gets the key "BATCH_SIZE" added to its config map

  @needs:validating-admission-policy
  Scenario: What ran before the policy is left to its end, and brings in nothing more
    Given tenant "blue"
    And tenant "blue" has a pod
    When tenant "blue" submits a pod that sets LD_PRELOAD
    Then the pod is admitted
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    Then tenant "blue" gets a pod that sets LD_PRELOAD refused by the GPU policy
    When tenant "blue" tries to give its first pod the label "team" with the value "ml"
    Then the label is accepted
    And tenant "blue" gets a debug container that sets LD_PRELOAD refused by the GPU policy

  @needs:validating-admission-policy
  Scenario: A Job is accepted and its pods are refused: its events say why
    Given tenant "blue"
    When tenant "blue" submits a Job whose pod sets NVIDIA_VISIBLE_DEVICES
    Then it gets its pod
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    Then tenant "blue" gets a pod that sets NVIDIA_VISIBLE_DEVICES refused by the GPU policy
    When tenant "blue" submits a Job whose pod sets NVIDIA_VISIBLE_DEVICES
    Then it is accepted
    And its events say that its pod is refused by the GPU policy
    And it has no pod

  @gpus:1 @needs:validating-admission-policy
  Scenario: Under the policy a GPU pod runs and sees its GPU
    Given tenant "blue"
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    Then tenant "blue" gets a pod that sets NVIDIA_VISIBLE_DEVICES refused by the GPU policy
    When tenant "blue" runs a pod with 1 GPU
    Then the pod sees exactly 1 GPU by its UUID

  @needs:validating-admission-policy
  Scenario Outline: A gap in the policy lets in who looks for it: <mistake>
    Given tenant "blue"
    And tenant "blue" has a pod
    When control "gpu-only-through-a-request" is applied to tenant "blue" <mistake>
    Then tenant "blue" gets a pod that sets CUDA_DISABLE_CONTROL refused by the GPU policy
    And tenant "blue" gets <part> that <trait> admitted
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    Then tenant "blue" gets <part> that <trait> refused by the GPU policy

    Examples:
      | mistake                                         | part              | trait                                                                |
      | without the variable "LD_PRELOAD"               | a pod             | sets LD_PRELOAD                                                      |
      | without the init containers                     | an init container | sets NVIDIA_VISIBLE_DEVICES                                          |
      | without the resource "pods/ephemeralcontainers" | a debug container | sets NVIDIA_VISIBLE_DEVICES                                          |
      | without the validation of "envFrom"             | a pod             | takes its environment from the config map under the prefix "NVIDIA_" |
      | without the validation of "hami.io/webhook"     | a pod             | carries the opt-out label of HAMi                                    |

  @needs:validating-admission-policy
  Scenario: With the failure policy "Ignore" a pod that is too large to judge is let through
    Given tenant "blue"
    When control "gpu-only-through-a-request" is applied to tenant "blue" with the failure policy "Ignore"
    Then tenant "blue" gets a pod that sets LD_PRELOAD refused by the GPU policy
    And tenant "blue" gets a pod that hides LD_PRELOAD among very many variables admitted
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    Then tenant "blue" gets a pod that hides LD_PRELOAD among very many variables refused by the GPU policy, which cannot judge it, for "cost limit exceeded"

  @needs:validating-admission-policy
  Scenario Outline: A policy that only looks on refuses nothing: with the action "<action>"
    Given tenant "blue"
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    Then tenant "blue" gets a pod that sets NVIDIA_VISIBLE_DEVICES refused by the GPU policy
    When control "gpu-only-through-a-request" is applied to tenant "blue" with the action "<action>"
    Then tenant "blue" gets a pod that sets NVIDIA_VISIBLE_DEVICES admitted
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    Then tenant "blue" gets a pod that sets NVIDIA_VISIBLE_DEVICES refused by the GPU policy

    Examples:
      | action |
      | Audit  |
      | Warn   |

  @needs:validating-admission-policy
  Scenario: A namespace without the platform's label is out of the policy's reach
    Given tenants "blue" and "green"
    When control "gpu-only-through-a-request" is applied to tenant "blue"
    Then tenant "blue" gets a pod that sets LD_PRELOAD refused by the GPU policy
    And tenant "green" gets a pod that sets LD_PRELOAD refused by the GPU policy
    When control "tenant" is applied to tenant "green" without the label "security.specs/tenant"
    Then tenant "green" gets a pod that sets LD_PRELOAD admitted
    When control "tenant" is applied to tenant "green"
    Then tenant "green" gets a pod that sets LD_PRELOAD refused by the GPU policy

  @needs:own-fleet @needs:workload-image
  Scenario: With a hostPath a tenant's pod is a device plugin, and the node offers what it made up
    Given tenant "blue"
    When tenant "blue" runs a pod that registers a device plugin of its own
    Then the node offers 2 GPUs that tenant "blue" made up
    When the pods of all tenants are gone
    Then the node offers 0 GPUs that tenant "blue" made up

  @needs:pod-security-admission
  Scenario: Pod Security keeps a tenant's pod from being a device plugin, and lets the platform's be one
    Given tenant "blue"
    When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
    Then tenant "blue" gets a pod that registers a device plugin of its own refused by Pod Security "baseline" for "hostPath volumes"
    When control "pod-security" is removed from tenant "blue"
    Then tenant "blue" gets a pod that registers a device plugin of its own admitted
    When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
    Then tenant "blue" gets a pod that registers a device plugin of its own refused by Pod Security "baseline" for "hostPath volumes"
