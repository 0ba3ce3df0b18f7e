@control:gpu-only-through-a-request
Feature: GPU access only through a request
  Why: A quota counts the GPUs that a pod requests in its limits. It does not help against a pod that gets GPUs in
  another way: NVIDIA's container runtime gives a container the GPUs that NVIDIA_VISIBLE_DEVICES names, whoever set the
  variable. A cap on GPU memory is a preloaded library and just as easy to evade: it obeys CUDA_DISABLE_CONTROL, gives
  way to another LD_PRELOAD, and is never put into a pod with HAMi's opt-out label.

  How it is proven: One policy, called the GPU policy in the steps, reserves these names for the platform
  (fleet-fixtures/controls/gpu-only-through-a-request.yaml). It denies reserved variables in every kind of container,
  reserved keys in the ConfigMaps and Secrets from which containers take their environment, the opt-out label, the
  annotations of CDI, and RuntimeClasses that the platform has not given to tenants. For a pod that requests a GPU the
  device plugin sets the variables, so no tenant needs to. (Some policy libraries demand NVIDIA_VISIBLE_DEVICES of every
  pod with a GPU. Whoever may set it may also name another tenant's GPU.) Pod Security (pod-security.yaml) denies the
  hostPath by which a pod becomes a device plugin. Without the policy each attempt is allowed (exposed); with it the
  attempt is denied (closed), while ordinary pods, keys and labels stay allowed. Mistakes in the policy expose the
  platform again.

  Not proven here: Admission sees a manifest and nothing else. It does not see variables that an image brings along
  (CUDA images set NVIDIA_VISIBLE_DEVICES and CUDA_VERSION themselves). Against these, configure the runtime:
  accept-nvidia-visible-devices-envvar-when-unprivileged=false. It does not see variables that a shell in the container
  exports: too late for the runtime, but in time for an LD_PRELOAD. ConfigMaps, Secrets and pods from before the policy
  stay as they are. Outside the prefix NVIDIA_ the policy reserves only the names that it lists. Where NVIDIA's runtime
  is the node's default, a pod needs no RuntimeClass to get it. Whether a runtime obeys a pod's annotations is not tried.
  The GPUs here are simulated: the scenarios show the environment that NVIDIA's runtime would have read, not a device
  that opens.

  Rule: A tenant's pod gets a GPU only by requesting one in its limits.

    @gpus:1
    Scenario: A pod without a request has no GPU until it names all of them
      Given tenants "blue" and "green"
      When tenant "green" runs a pod with 1 GPU
      Then the pod sees exactly 1 GPU by its UUID
      When tenant "blue" runs a pod that sets no GPU variable
      Then the pod has no variable "NVIDIA_VISIBLE_DEVICES"
      And the pods of tenants "blue" and "green" run on the same GPU node
      When tenant "blue" runs a pod that sets NVIDIA_VISIBLE_DEVICES
      Then the pod has the variable "NVIDIA_VISIBLE_DEVICES" with the value "all"

    @needs:workload-image
    Scenario: Without the policy a pod counts as an old CUDA image by one variable
      NVIDIA's runtime gives all GPUs to a container with CUDA_VERSION and with neither NVIDIA_VISIBLE_DEVICES nor
      NVIDIA_REQUIRE_CUDA. Early CUDA images looked like that.

      Given tenant "blue"
      When tenant "blue" runs a pod that sets CUDA_VERSION
      Then the pod has the variable "CUDA_VERSION" with the value "12.0"
      And the pod has no variable "NVIDIA_VISIBLE_DEVICES"
      And the pod has no variable "NVIDIA_REQUIRE_CUDA"

    @needs:workload-image
    Scenario Outline: Without the policy a pod that <trait> names all GPUs
      Given tenant "blue"
      And tenant "blue" has a <store> with the key "<key>"
      When tenant "blue" runs a pod that <trait>
      Then the pod has the variable "NVIDIA_VISIBLE_DEVICES" with the value "all"

      Examples:
        | store      | key                    | trait                                                                |
        | secret     | NVIDIA_VISIBLE_DEVICES | takes its environment from the secret                                |
        | config map | VISIBLE_DEVICES        | takes its environment from the config map under the prefix "NVIDIA_" |

    @gpus:1 @needs:validating-admission-policy
    Scenario: Under the policy a pod that requests a GPU sees its GPU
      Given tenant "blue"
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that sets NVIDIA_VISIBLE_DEVICES is refused for tenant "blue" by the GPU policy
      When tenant "blue" runs a pod with 1 GPU
      Then the pod sees exactly 1 GPU by its UUID

  Rule: No tenant may set a reserved GPU variable in any kind of container, directly or through a ConfigMap or Secret.

    @needs:validating-admission-policy
    Scenario Outline: The policy denies every kind of container that <trait>
      Given tenant "blue"
      And tenant "blue" has a pod
      Then a pod that <trait> is admitted for tenant "blue"
      And an init container that <trait> is admitted for tenant "blue"
      And a sidecar that <trait> is admitted for tenant "blue"
      And a debug container that <trait> is admitted for tenant "blue"
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that <trait> is refused for tenant "blue" by the GPU policy for "<words> main"
      And an init container that <trait> is refused for tenant "blue" by the GPU policy for "<words> init"
      And a sidecar that <trait> is refused for tenant "blue" by the GPU policy for "<words> sidecar"
      And a debug container that <trait> is refused for tenant "blue" by the GPU policy for "<words> debug"
      And a debug container that sets no GPU variable is admitted for tenant "blue"
      And a pod that takes its environment from the config map under the prefix "TRAINING_" is admitted for tenant "blue"

      Examples:
        | trait                                                                        | words                                                    |
        | sets NVIDIA_VISIBLE_DEVICES                                                  | GPU environment is set by the platform, not by:          |
        | sets LD_PRELOAD                                                              | GPU environment is set by the platform, not by:          |
        | sets CUDA_DISABLE_CONTROL                                                    | GPU environment is set by the platform, not by:          |
        | sets CUDA_DEVICE_MEMORY_LIMIT_7                                              | GPU environment is set by the platform, not by:          |
        | sets CUDA_VERSION                                                            | GPU environment is set by the platform, not by:          |
        | sets NVIDIA_NVSWITCH                                                         | GPU environment is set by the platform, not by:          |
        | empties NVIDIA_REQUIRE_CUDA                                                  | GPU environment is set by the platform, not by:          |
        | takes CUDA_VERSION from a key of the config map                              | GPU environment is set by the platform, not by:          |
        | takes its environment from the config map under the prefix "NVIDIA_"         | envFrom with a prefix of the GPU environment is used by: |
        | takes its environment from the config map under the prefix "LD_PRE"          | envFrom with a prefix of the GPU environment is used by: |
        | takes its environment from the config map under the prefix "CUDA_"           | envFrom with a prefix of the GPU environment is used by: |
        | takes its environment from the config map under the prefix "NVIDIA_VISIBLE_" | envFrom with a prefix of the GPU environment is used by: |

    @needs:validating-admission-policy
    Scenario Outline: The policy denies config maps and secrets with the key <key>
      Given tenant "blue"
      Then a config map with the key "<key>" is admitted for tenant "blue"
      And a secret with the key "<key>" is admitted for tenant "blue"
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a config map with the key "<key>" is refused for tenant "blue" by the GPU policy
      And a secret with the key "<key>" is refused for tenant "blue" by the GPU policy
      And a config map with the key "LEARNING_RATE" is admitted for tenant "blue"
      And a pod that takes its environment from the config map is admitted for tenant "blue"

      Examples:
        | key                    |
        | NVIDIA_VISIBLE_DEVICES |
        | LD_PRELOAD             |
        | CUDA_DISABLE_CONTROL   |
        | CUDA_VERSION           |

    @needs:validating-admission-policy
    Scenario: Each reserved name is denied in pods, config maps and secrets, and other names are allowed
      Some reserved names are only the beginning of a name.

      Given tenant "blue"
      Then these names are refused or admitted for tenant "blue" as follows:
        | name            | pod      | config map | secret   |
        | NVIDIA_MIG_MODE | admitted | admitted   | admitted |
        | LD_AUDIT        | admitted | admitted   | admitted |
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then these names are refused or admitted for tenant "blue" as follows:
        | name                        | pod            | config map     | secret         |
        | NVIDIA_VISIBLE_DEVICES      | the GPU policy | the GPU policy | the GPU policy |
        | NVIDIA_DRIVER_CAPABILITIES  | the GPU policy | the GPU policy | the GPU policy |
        | NVIDIA_MIG_MODE             | the GPU policy | the GPU policy | the GPU policy |
        | NVIDIA_IMEX_CHANNELS        | the GPU policy | the GPU policy | the GPU policy |
        | NVIDIA_GDS                  | the GPU policy | the GPU policy | the GPU policy |
        | NVIDIA_MOFED                | the GPU policy | the GPU policy | the GPU policy |
        | NVIDIA_GDRCOPY              | the GPU policy | the GPU policy | the GPU policy |
        | NVIDIA_NVSWITCH             | the GPU policy | the GPU policy | the GPU policy |
        | NVIDIA_REQUIRE_CUDA         | the GPU policy | the GPU policy | the GPU policy |
        | NVIDIA_DISABLE_REQUIRE      | the GPU policy | the GPU policy | the GPU policy |
        | NVIDIA_TF32_OVERRIDE_2      | the GPU policy | the GPU policy | the GPU policy |
        | CUDA_VERSION                | the GPU policy | the GPU policy | the GPU policy |
        | DOCKER_RESOURCE_GPU         | the GPU policy | the GPU policy | the GPU policy |
        | AMD_VISIBLE_DEVICES         | the GPU policy | the GPU policy | the GPU policy |
        | HABANA_VISIBLE_DEVICES      | the GPU policy | the GPU policy | the GPU policy |
        | HABANA_VISIBLE_MODULES      | the GPU policy | the GPU policy | the GPU policy |
        | CUDA_DISABLE_CONTROL        | the GPU policy | the GPU policy | the GPU policy |
        | CUDA_DEVICE_MEMORY_LIMIT    | the GPU policy | the GPU policy | the GPU policy |
        | CUDA_DEVICE_SM_LIMIT        | the GPU policy | the GPU policy | the GPU policy |
        | GPU_CORE_UTILIZATION_POLICY | the GPU policy | the GPU policy | the GPU policy |
        | LD_PRELOAD                  | the GPU policy | the GPU policy | the GPU policy |
        | LD_AUDIT                    | the GPU policy | the GPU policy | the GPU policy |
        | NVIDIA_TF32_OVERRIDE        | admitted       | admitted       | admitted       |
        | NVIDIA_API_KEY              | admitted       | admitted       | admitted       |
        | CUDA_VISIBLE_DEVICES        | admitted       | admitted       | admitted       |
        | LD_LIBRARY_PATH             | admitted       | admitted       | admitted       |

    @needs:validating-admission-policy
    Scenario: A tenant cannot add a reserved key to an existing config map
      Given tenant "blue"
      And tenant "blue" has a config map with the key "LEARNING_RATE"
      Then the new key "LD_PRELOAD" in its config map is admitted for tenant "blue"
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then the new key "LD_PRELOAD" in its config map is refused for tenant "blue" by the GPU policy
      And the new key "BATCH_SIZE" in its config map is admitted for tenant "blue"

    @needs:validating-admission-policy
    Scenario: A Job is allowed, its pods are denied, and its events say why
      Given tenant "blue"
      When tenant "blue" submits a Job whose pod sets NVIDIA_VISIBLE_DEVICES
      Then it gets its pod
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that sets NVIDIA_VISIBLE_DEVICES is refused for tenant "blue" by the GPU policy
      When tenant "blue" submits a Job whose pod sets NVIDIA_VISIBLE_DEVICES
      Then it is accepted
      And its events say that its pod is refused by the GPU policy
      And it has no pod

  Rule: No tenant may put HAMi's opt-out label on its pods, neither at creation nor later.

    @needs:validating-admission-policy
    Scenario: A tenant can neither create nor relabel a pod with the opt-out label
      Given tenant "blue"
      When tenant "blue" submits a pod that sets no GPU variable
      And tenant "blue" tries to give its pod the label "hami.io/webhook" with the value "ignore"
      Then the label is accepted
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that carries the opt-out label of HAMi is refused for tenant "blue" by the GPU policy for "hami.io/webhook"
      When tenant "blue" submits a pod that sets no GPU variable
      And tenant "blue" tries to give its pod the label "team" with the value "ml"
      Then the label is accepted
      When tenant "blue" tries to give its pod the label "hami.io/webhook" with the value "ignore"
      Then the label is refused by the GPU policy

  Rule: No tenant may add devices to its pods by an annotation, or choose a runtime that the platform has not given to it.

    @needs:validating-admission-policy
    Scenario: A tenant can neither create nor change a pod so that it has annotations of CDI
      Given tenant "blue"
      When tenant "blue" submits a pod that sets no GPU variable
      And tenant "blue" tries to give its pod the annotation "cdi.k8s.io/job" with the value "nvidia.com/gpu=0"
      Then the annotation is accepted
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that carries an annotation of CDI is refused for tenant "blue" by the GPU policy for "annotations of CDI"
      And a pod that carries an annotation of NVIDIA's CDI is refused for tenant "blue" by the GPU policy for "annotations of CDI"
      # What was there before the policy does not hinder other changes.
      When tenant "blue" tries to give its pod the annotation "team" with the value "ml"
      Then the annotation is accepted
      When tenant "blue" tries to give its pod the annotation "cdi.k8s.io/job" with the value "nvidia.com/gpu=all"
      Then the annotation is refused by the GPU policy
      When tenant "blue" tries to give its pod the annotation "nvidia.cdi.k8s.io/job" with the value "nvidia.com/gpu=all"
      Then the annotation is refused by the GPU policy

    @needs:validating-admission-policy
    Scenario: A tenant may name only the RuntimeClass that the platform has given to it
      Given tenant "blue"
      And the platform has a RuntimeClass "nvidia"
      And the platform has a RuntimeClass "sandboxed"
      Then a pod that names the RuntimeClass "nvidia" is admitted for tenant "blue"
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that names the RuntimeClass "nvidia" is refused for tenant "blue" by the GPU policy for "this runtime is not for tenants: nvidia-"
      And a pod that names the RuntimeClass "sandboxed" is admitted for tenant "blue"
      And a pod that sets no GPU variable is admitted for tenant "blue"

  Rule: The policy lets pods from before it run to their end and denies every reserved name that is added to them.

    @needs:validating-admission-policy
    Scenario: A pod with a debug container from before the policy may be relabelled
      Given tenant "blue"
      When tenant "blue" submits a pod that asks for no GPU
      And tenant "blue" adds to its pod a debug container that sets LD_PRELOAD
      And control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that sets LD_PRELOAD is refused for tenant "blue" by the GPU policy
      When tenant "blue" tries to give its pod the label "team" with the value "ml"
      Then the label is accepted

    @needs:validating-admission-policy
    Scenario: A pod from before the policy may be relabelled but gets no reserved variable
      Given tenant "blue"
      And tenant "blue" has a pod
      When tenant "blue" submits a pod that sets LD_PRELOAD
      Then the pod is admitted
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that sets LD_PRELOAD is refused for tenant "blue" by the GPU policy
      When tenant "blue" tries to give its pod the label "team" with the value "ml"
      Then the label is accepted
      And a debug container that sets LD_PRELOAD is refused for tenant "blue" by the GPU policy

  Rule: The platform applies the whole policy to every tenant's namespace, and it denies what it cannot judge.

    @needs:validating-admission-policy
    Scenario Outline: A policy <mistake> allows what it should deny
      Given tenant "blue"
      And tenant "blue" has a pod
      When control "gpu-only-through-a-request" is applied to tenant "blue" <mistake>
      Then a pod that sets CUDA_DISABLE_CONTROL is refused for tenant "blue" by the GPU policy
      And <part> that <trait> is admitted for tenant "blue"
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then <part> that <trait> is refused for tenant "blue" by the GPU policy

      Examples:
        | mistake                                         | part              | trait                                                                |
        | without the variable "LD_PRELOAD"               | a pod             | sets LD_PRELOAD                                                      |
        | without the init containers                     | an init container | sets NVIDIA_VISIBLE_DEVICES                                          |
        | without the resource "pods/ephemeralcontainers" | a debug container | sets NVIDIA_VISIBLE_DEVICES                                          |
        | without the validation of "envFrom"             | a pod             | takes its environment from the config map under the prefix "NVIDIA_" |
        | without the validation of "hami.io/webhook"     | a pod             | carries the opt-out label of HAMi                                    |
        | without the variable "CUDA_VERSION"             | a pod             | takes CUDA_VERSION from a key of the config map                      |
        | without the init containers                     | a sidecar         | sets CUDA_VERSION                                                    |
        | without the validation of "cdi.k8s.io"          | a pod             | carries an annotation of CDI                                         |

    @needs:validating-admission-policy
    Scenario: With the failure policy "Ignore" a pod too large to judge is allowed
      Given tenant "blue"
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that hides LD_PRELOAD among many variables is refused for tenant "blue" by the policy's own limit for "cost limit exceeded"
      When control "gpu-only-through-a-request" is applied to tenant "blue" with the failure policy "Ignore"
      Then a pod that sets LD_PRELOAD is refused for tenant "blue" by the GPU policy
      And a pod that hides LD_PRELOAD among many variables is admitted for tenant "blue"
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that hides LD_PRELOAD among many variables is refused for tenant "blue" by the policy's own limit for "cost limit exceeded"

    @needs:validating-admission-policy
    Scenario Outline: A policy with the action "<action>" denies nothing
      Given tenant "blue"
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that sets NVIDIA_VISIBLE_DEVICES is refused for tenant "blue" by the GPU policy
      When control "gpu-only-through-a-request" is applied to tenant "blue" with the action "<action>"
      Then a pod that sets NVIDIA_VISIBLE_DEVICES is admitted for tenant "blue"
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that sets NVIDIA_VISIBLE_DEVICES is refused for tenant "blue" by the GPU policy

      Examples:
        | action |
        | Audit  |
        | Warn   |

    @needs:validating-admission-policy
    Scenario: A namespace without the platform's label is not covered by the policy
      Given tenants "blue" and "green"
      When control "gpu-only-through-a-request" is applied to tenant "blue"
      Then a pod that sets LD_PRELOAD is refused for tenant "blue" by the GPU policy
      And a pod that sets LD_PRELOAD is refused for tenant "green" by the GPU policy
      When control "tenant" is applied to tenant "green" without the label "security.specs/tenant"
      Then a pod that sets LD_PRELOAD is admitted for tenant "green"
      When control "tenant" is applied to tenant "green"
      Then a pod that sets LD_PRELOAD is refused for tenant "green" by the GPU policy

  Rule: No tenant's pod may register a device plugin.

    A pod that reaches the kubelet's socket for device plugins may offer GPUs that do not exist, and then says what goes
    into other tenants' containers. A hostPath is enough to reach the socket; Pod Security closes it.

    @needs:own-fleet @needs:workload-image
    Scenario: Without Pod Security a tenant's pod offers GPUs that it made up
      Given tenant "blue"
      When tenant "blue" runs a pod that registers its own device plugin
      Then the node offers 2 GPUs that tenant "blue" made up
      When the pods of all tenants are removed
      Then the node offers 0 GPUs that tenant "blue" made up

    @needs:pod-security-admission
    Scenario: Pod Security denies a tenant's pod that registers a device plugin
      The platform's own device plugin runs in a namespace at the level "privileged".

      Given tenant "blue"
      When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
      Then a pod that registers its own device plugin is refused for tenant "blue" by Pod Security "baseline" for "hostPath volumes"
      When control "pod-security" is removed from tenant "blue"
      Then a pod that registers its own device plugin is admitted for tenant "blue"
      When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
      Then a pod that registers its own device plugin is refused for tenant "blue" by Pod Security "baseline" for "hostPath volumes"
