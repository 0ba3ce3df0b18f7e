@control:gpu-memory-cap
Feature: GPU memory cap
  Why: The scheduler only counts the shares and MiB of a shared GPU; the processes of all its tenants still reach one
  memory, and the first to allocate it has it. HAMi's cap limits the damage of a greedy or broken job to that job, but
  it depends on a library in the tenant's own process (libvgpu.so), variables in its container and annotations on its
  pod. So the cap alone is not the control: no tenant may opt out of it.

  How it is proven: gpu-sharing.yaml lets tenants use slices of a shared GPU, and gpu-memory-cap.yaml keeps them from
  opting out of the cap (both in fleet-fixtures/controls/). Jobs within their slices are allowed. Opt-outs are first
  exposed: a job holds more memory than its slice. Admission then closes them: it denies the job, while an ordinary GPU
  job is allowed. The GPU, its memory and HAMi are simulated, with the annotations, resources and rules of HAMi 2.10.
  Shares are called nvidia.com/vgpu here, because nvidia.com/gpu counts the fleet's whole GPUs. The simulation leaves
  out HAMi's own quota check, MIG and core scaling. Its scheduler is one program that looks only at shared GPUs and the
  node selector.

  Not proven here: Only hardware can prove that libvgpu.so catches every allocation (static linking, APIs other than
  CUDA, ioctls to the driver), that the limit on computing time holds, and that nothing leaks through caches, timing, or
  the memory that an earlier job left behind. Admission does not see what a program does with its own environment; the
  last scenario shows this. Tenants that do not trust each other need GPUs that are divided in hardware (MIG), or a
  whole GPU each.

  Background:
    Given tenants "blue" and "green"
    And control "gpu-sharing" is applied to tenant "blue"
    And control "gpu-sharing" is applied to tenant "green"

  Rule: A pod may use a shared GPU only through a slice, and all slices together may not exceed the GPU.

    @gpus:shared
    Scenario: Two tenants hold slices of one physical GPU
      When tenant "blue" runs a GPU job in a slice of 3000 MiB and 30 %
      Then the job is handed 3000 MiB and 30 % as HAMi hands out a slice
      When tenant "green" runs a GPU job in a slice of 6000 MiB and 60 %
      Then the job is handed 6000 MiB and 60 % as HAMi hands out a slice
      And the jobs hold memory of one and the same GPU

    @needs:shared-gpu
    Scenario: A pod that asks for no slice reaches no GPU memory
      When tenant "blue" runs a GPU job of 1000 MiB in a slice of 3000 MiB that asks for no slice
      Then the job fails because it was handed no GPU

    @gpus:shared
    Scenario Outline: The scheduler hands out no more <of> than the GPU has
      When tenant "blue" runs a GPU job in a slice of <first>
      Then the job holds 1000 MiB of the GPU
      When tenant "green" submits a GPU job in a slice of <second>
      Then the job waits: "<reason>"
      When the running pod of tenant "blue" finishes
      Then the pod of tenant "green" runs

      Examples:
        | of             | first              | second             | reason                 |
        | memory         | 20000 MiB and 30 % | 6000 MiB and 30 %  | CardInsufficientMemory |
        | computing time | 3000 MiB and 70 %  | 3000 MiB and 40 %  | CardInsufficientCore   |

  Rule: A job that exceeds its slice fails and leaves the memory of other tenants' jobs alone.

    @gpus:shared
    Scenario: Without the cap a noisy neighbour makes the other tenant's job fail
      When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB that switches HAMi-core off
      Then the job holds 20000 MiB of the GPU
      When tenant "green" runs a GPU job of 4000 MiB in a slice of 6000 MiB
      Then the job fails because the GPU has no memory left

    @gpus:shared
    Scenario: With the cap only the noisy neighbour's job fails
      When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB
      Then the job fails because it exceeds its cap of 3000 MiB
      When tenant "green" runs a GPU job of 4000 MiB in a slice of 6000 MiB
      Then the job holds 4000 MiB of the GPU

  Rule: No tenant may opt out of the memory cap of its slice.

    @gpus:shared
    Scenario: A job that only opts out of HAMi's webhook gets no GPU
      When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB that opts out of HAMi's webhook
      Then the job fails because no HAMi scheduler placed it
      When tenant "blue" runs a GPU job of 2000 MiB in a slice of 3000 MiB
      Then the job holds 2000 MiB of the GPU

    Scenario: The API server asks HAMi's webhook about every new pod in the namespaces of shared GPUs, and refuses what it cannot ask about
      HAMi's own chart has the failure policy "Ignore": while its webhook is away, jobs start without a cap.

      Then the configuration of the workload "vgpu-scheduler" is exactly:
        | setting                                                             | value           |
        | webhooks[0].name                                                    | vgpu.hami.io    |
        | webhooks[0].admissionReviewVersions                                 | v1              |
        | webhooks[0].sideEffects                                             | None            |
        | webhooks[0].failurePolicy                                           | Fail            |
        | webhooks[0].timeoutSeconds                                          | 10              |
        | webhooks[0].matchPolicy                                             | Equivalent      |
        | webhooks[0].reinvocationPolicy                                      | Never           |
        | webhooks[0].namespaceSelector.matchLabels.security.specs/shared-gpu | true            |
        | webhooks[0].namespaceSelector.matchExpressions[0].key               | hami.io/webhook |
        | webhooks[0].namespaceSelector.matchExpressions[0].operator          | NotIn           |
        | webhooks[0].namespaceSelector.matchExpressions[0].values            | ignore          |
        | webhooks[0].objectSelector.matchExpressions[0].key                  | hami.io/webhook |
        | webhooks[0].objectSelector.matchExpressions[0].operator             | NotIn           |
        | webhooks[0].objectSelector.matchExpressions[0].values               | ignore          |
        | webhooks[0].rules[0].apiGroups                                      |                 |
        | webhooks[0].rules[0].apiVersions                                    | v1              |
        | webhooks[0].rules[0].operations                                     | CREATE          |
        | webhooks[0].rules[0].resources                                      | pods            |
        | webhooks[0].rules[0].scope                                          | *               |

    @gpus:slice
    Scenario Outline: A job that <evades> exceeds its cap through its environment
      When tenant "blue" runs a GPU job of 2000 MiB in a slice of 1000 MiB
      Then the job fails because it exceeds its cap of 1000 MiB
      When tenant "blue" runs a GPU job of 2000 MiB in a slice of 1000 MiB that <evades>
      Then the job holds 2000 MiB of the GPU

      Examples:
        | evades                                  |
        | switches HAMi-core off                  |
        | sets its own memory limit               |
        | takes its memory limit from a ConfigMap |

    @gpus:shared
    Scenario Outline: A job that <evades> exceeds its cap past HAMi's scheduler
      When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB
      Then the job fails because it exceeds its cap of 3000 MiB
      When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB that <evades>
      Then the job holds 20000 MiB of the GPU

      Examples:
        | evades                                                   |
        | opts out of HAMi's webhook and writes its slice itself   |
        | names a foreign scheduler and writes its slice itself    |

    @gpus:shared
    Scenario: A namespace with HAMi's opt-out label loses the cap
      The label on the namespace is the platform's to set, and here the platform sets it by mistake. The job that names its
      node is the same with and without the label, so nothing but the label makes the difference.

      When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB that writes its slice itself
      Then the job fails because it exceeds its cap of 3000 MiB
      And a GPU job that names its node and writes its slice itself is refused for tenant "blue" by HAMi's webhook
      When control "gpu-sharing" is applied to tenant "blue" with the label "hami.io/webhook" set to "ignore"
      Then a GPU job that names its node and writes its slice itself is admitted for tenant "blue"
      When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB that names its node and writes its slice itself
      Then the job holds 20000 MiB of the GPU
      When control "gpu-sharing" is applied to tenant "blue"
      Then a GPU job that names its node and writes its slice itself is refused for tenant "blue" by HAMi's webhook

    @gpus:shared
    Scenario: HAMi's webhook leaves a namespace without the platform's label alone
      A webhook that is called for every namespace can also stop every namespace.

      Given tenant "red"
      Then a GPU job that names its node and writes its slice itself is refused for tenant "blue" by HAMi's webhook
      And a GPU job that names its node and writes its slice itself is admitted for tenant "red"
      When control "gpu-sharing" is applied to tenant "red"
      Then a GPU job that names its node and writes its slice itself is refused for tenant "red" by HAMi's webhook

    @needs:validating-admission-policy @needs:shared-gpu
    Scenario Outline: Admission denies a GPU job that <evades>
      When control "gpu-memory-cap" is applied to tenant "blue"
      Then a GPU job that <evades> is refused for tenant "blue" by the GPU memory cap
      And a GPU job is admitted for tenant "blue"
      When control "gpu-memory-cap" is removed from tenant "blue"
      Then a GPU job that <evades> is admitted for tenant "blue"
      When control "gpu-memory-cap" is applied to tenant "blue"
      Then a GPU job that <evades> is refused for tenant "blue" by the GPU memory cap

      Examples:
        | evades                                                   |
        | switches HAMi-core off                                   |
        | sets its own memory limit                                |
        | writes its slice itself                                  |
        | opts out of HAMi's webhook                               |
        | opts out of HAMi's webhook and writes its slice itself   |
        | names a foreign scheduler and writes its slice itself    |
        | takes its memory limit from a ConfigMap                  |

    @needs:validating-admission-policy @needs:shared-gpu
    Scenario: Each variable that changes the cap is denied in GPU jobs, and other variables are allowed
      Then these names are refused or admitted for tenant "blue" as follows:
        | name               | GPU job  |
        | CUDA_OVERSUBSCRIBE | admitted |
      When control "gpu-memory-cap" is applied to tenant "blue"
      Then these names are refused or admitted for tenant "blue" as follows:
        | name                        | GPU job            |
        | CUDA_DEVICE_MEMORY_LIMIT_0  | the GPU memory cap |
        | CUDA_DEVICE_SM_LIMIT        | the GPU memory cap |
        | NVIDIA_VISIBLE_DEVICES      | the GPU memory cap |
        | CUDA_DISABLE_CONTROL        | the GPU memory cap |
        | CUDA_OVERSUBSCRIBE          | the GPU memory cap |
        | GPU_CORE_UTILIZATION_POLICY | the GPU memory cap |
        | LD_PRELOAD                  | the GPU memory cap |
        | LD_LIBRARY_PATH             | admitted           |
        | LEARNING_RATE               | admitted           |

    @needs:validating-admission-policy @gpus:shared
    Scenario: With the policy in force HAMi still hands out slices
      HAMi's scheduler writes the slice on the pod, and its plugin writes that it has handed it out.

      When control "gpu-memory-cap" is applied to tenant "blue"
      Then a pod that sets LD_PRELOAD is refused for tenant "blue" by the GPU memory cap
      When tenant "blue" runs a GPU job in a slice of 3000 MiB and 30 %
      Then the job is handed 3000 MiB and 30 % as HAMi hands out a slice

    @needs:validating-admission-policy
    Scenario Outline: A slice counts by whichever of its resources: <resource>
      HAMi's webhook leaves the namespace of this tenant alone, so nobody has given the pod to HAMi's scheduler.

      Given tenant "red"
      When control "gpu-memory-cap" is applied to tenant "red"
      Then a pod that requests "1" of "<resource>" is refused for tenant "red" by the GPU memory cap for "placed by hami-scheduler"
      And a pod that requests "1" of "nvidia.com/gpu" is admitted for tenant "red"
      When control "gpu-memory-cap" is removed from tenant "red"
      Then a pod that requests "1" of "<resource>" is admitted for tenant "red"

      Examples:
        | resource                     |
        | nvidia.com/vgpu              |
        | nvidia.com/gpumem            |
        | nvidia.com/gpumem-percentage |
        | nvidia.com/gpucores          |

    @needs:validating-admission-policy
    Scenario Outline: Admission denies the variables of the cap in <part>, too
      Given tenant "blue" has a pod
      Then <part> that sets LD_PRELOAD is admitted for tenant "blue"
      When control "gpu-memory-cap" is applied to tenant "blue"
      Then <part> that sets LD_PRELOAD is refused for tenant "blue" by the GPU memory cap
      And <part> that sets no GPU variable is admitted for tenant "blue"
      When control "gpu-memory-cap" is removed from tenant "blue"
      Then <part> that sets LD_PRELOAD is admitted for tenant "blue"

      Examples:
        | part              |
        | an init container |
        | a sidecar         |
        | a debug container |

    @needs:validating-admission-policy
    Scenario: A slice cannot be written on a pod that is there
      Given tenant "blue" has a pod
      When control "gpu-memory-cap" is applied to tenant "blue"
      Then a pod that sets LD_PRELOAD is refused for tenant "blue" by the GPU memory cap
      When tenant "blue" submits a pod that asks for no GPU
      And tenant "blue" tries to give its pod the annotation "hami.io/vgpu-devices-allocated" with the value "all"
      Then the annotation is refused by the GPU memory cap
      When tenant "blue" tries to give its pod the annotation "team" with the value "ml"
      Then the annotation is accepted
      When control "gpu-memory-cap" is applied to tenant "blue" without the operation "UPDATE"
      Then a debug container that sets LD_PRELOAD is admitted for tenant "blue"
      When tenant "blue" tries to give its pod the annotation "hami.io/vgpu-devices-allocated" with the value "all"
      Then the annotation is accepted

  Rule: Tenants that do not trust each other may not rely on the cap, because a program can drop its own limit.

    @gpus:slice
    Scenario: A program that drops its own memory limit exceeds the cap
      No admission closes this opt-out.

      When tenant "blue" runs a GPU job of 2000 MiB in a slice of 1000 MiB that drops the memory limit in its own command
      Then the job holds 2000 MiB of the GPU

  Rule: One label of the platform's on a namespace lets its tenant use slices.

    Scenario: The namespace of a tenant with slices carries that label
      Then the platform's labels and annotations on the namespace of tenant "blue" are exactly:
        | key                       | value |
        | security.specs/tenant     | blue  |
        | security.specs/shared-gpu | true  |
