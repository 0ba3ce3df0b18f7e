@control:gpu-memory-cap
Feature: GPU memory cap
  Scheduling isolation is not runtime isolation. A shared GPU is counted by the scheduler, in shares and in MiB, and still all of
  its tenants' processes reach one memory: the first who allocates has it. HAMi's cap limits the blast radius of a greedy or
  broken job to the job itself. It is kept by a library in the tenant's own process (libvgpu.so), by variables in the tenant's
  own container, from annotations on the tenant's own pod. So the control is not the cap alone: it is that no tenant opts out of it.

  The GPU, its memory and HAMi are played here, by HAMi 2.10's own annotations, resources and rules: shares are called
  nvidia.com/vgpu, for nvidia.com/gpu are the fleet's whole GPUs; HAMi's own quota check, MIG and core scaling are left out; its
  scheduler is one program that looks at shared GPUs and the node selector only.

  What only hardware proves: that libvgpu.so really catches every allocation (static linking, other APIs than CUDA's, ioctls to
  the driver), that the limit on computing time holds, that nothing leaks through the memory that an earlier job left behind or
  through caches and timing. And no admission sees what the program itself does with its environment: the last scenario
  shows it. Tenants who do not trust each other need GPUs that are divided in hardware (MIG), or a whole GPU each.

  Background:
    Given tenants "blue" and "green"
    And control "gpu-sharing" is applied to tenant "blue"
    And control "gpu-sharing" is applied to tenant "green"

  @gpus:shared
  Scenario: Two tenants hold slices of one physical GPU
    When tenant "blue" runs a GPU job in a slice of 3000 MiB and 30 %
    Then the job is handed 3000 MiB and 30 % as HAMi hands out a slice
    When tenant "green" runs a GPU job in a slice of 6000 MiB and 60 %
    Then the job is handed 6000 MiB and 60 % as HAMi hands out a slice
    And the jobs hold memory of one and the same GPU

  @needs:shared-gpu
  Scenario: Who asks for no slice reaches no memory of the GPU
    When tenant "blue" runs a GPU job of 1000 MiB in a slice of 3000 MiB that asks for no slice
    Then the job gets no GPU: it was handed none

  @gpus:shared
  Scenario: Without the cap a noisy neighbour takes the memory, and the other tenant's job fails
    When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB that switches HAMi-core off
    Then the job holds 20000 MiB of the GPU
    When tenant "green" runs a GPU job of 4000 MiB in a slice of 6000 MiB
    Then the job fails because the GPU has no memory left

  @gpus:shared
  Scenario: With the cap only the noisy neighbour fails, and the other tenant's job runs
    When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB
    Then the job fails by the cap of 3000 MiB
    When tenant "green" runs a GPU job of 4000 MiB in a slice of 6000 MiB
    Then the job holds 4000 MiB of the GPU

  @gpus:shared
  Scenario Outline: The scheduler hands out no more than the GPU has: <of>
    When tenant "blue" runs a GPU job in a slice of <first>
    Then the job holds 1000 MiB of the GPU
    When tenant "green" submits a GPU job in a slice of <second>
    Then the job waits: "<reason>"
    When the running pod of tenant "blue" finishes
    Then the waiting pod of tenant "green" runs

    Examples:
      | of             | first              | second             | reason                 |
      | memory         | 20000 MiB and 30 % | 6000 MiB and 30 %  | CardInsufficientMemory |
      | computing time | 3000 MiB and 70 %  | 3000 MiB and 40 %  | CardInsufficientCore   |

  @gpus:shared
  Scenario: Who only opts out of HAMi's webhook gets no GPU at all
    When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB that opts out of HAMi's webhook
    Then the job gets no GPU: no HAMi scheduler placed it
    When tenant "blue" runs a GPU job of 2000 MiB in a slice of 3000 MiB
    Then the job holds 2000 MiB of the GPU

  @gpus:slice
  Scenario Outline: A way out of the cap by the container's environment: a job that <evades>
    When tenant "blue" runs a GPU job of 2000 MiB in a slice of 1000 MiB
    Then the job fails by the cap of 1000 MiB
    When tenant "blue" runs a GPU job of 2000 MiB in a slice of 1000 MiB that <evades>
    Then the job holds 2000 MiB of the GPU

    Examples:
      | evades                                  |
      | switches HAMi-core off                  |
      | sets its own memory limit               |
      | takes its memory limit from a ConfigMap |

  @gpus:shared
  Scenario Outline: A way out of the cap past HAMi's scheduler: a job that <evades>
    When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB
    Then the job fails by the cap of 3000 MiB
    When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB that <evades>
    Then the job holds 20000 MiB of the GPU

    Examples:
      | evades                                                   |
      | opts out of HAMi's webhook and writes its slice itself   |
      | names a foreign scheduler and writes its slice itself    |

  @gpus:shared
  Scenario: A namespace that is taken out of HAMi's hands by mistake
    When tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB that writes its slice itself
    Then the job fails by the cap of 3000 MiB
    When control "gpu-sharing" is applied to tenant "blue" with the label "hami.io/webhook" set to "ignore"
    And tenant "blue" runs a GPU job of 20000 MiB in a slice of 3000 MiB that opts out of HAMi's webhook and writes its slice itself
    Then the job holds 20000 MiB of the GPU

  @needs:validating-admission-policy @needs:shared-gpu
  Scenario Outline: A way out that admission closes: a job that <evades>
    When control "gpu-memory-cap" is applied to tenant "blue"
    Then tenant "blue" gets a GPU job that <evades> refused by the GPU memory cap
    And tenant "blue" gets a GPU job admitted
    When control "gpu-memory-cap" is removed from tenant "blue"
    Then tenant "blue" gets a GPU job that <evades> admitted
    When control "gpu-memory-cap" is applied to tenant "blue"
    Then tenant "blue" gets a GPU job that <evades> refused by the GPU memory cap

    Examples:
      | evades                                                   |
      | switches HAMi-core off                                   |
      | sets its own memory limit                                |
      | writes its slice itself                                  |
      | opts out of HAMi's webhook                               |
      | opts out of HAMi's webhook and writes its slice itself   |
      | names a foreign scheduler and writes its slice itself    |
      | takes its memory limit from a ConfigMap                  |

  @gpus:slice
  Scenario: A way out that no admission closes: the program itself
    When tenant "blue" runs a GPU job of 2000 MiB in a slice of 1000 MiB that drops the memory limit in its own command
    Then the job holds 2000 MiB of the GPU
