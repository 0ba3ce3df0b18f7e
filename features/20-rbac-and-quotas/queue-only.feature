@control:queue-only @needs:validating-admission-policy
Feature: Queues of GPU jobs
  Why: A queue such as Kueue's shares a busy fleet by weights and borrowed quotas. It manages only what names a queue. A pod
  without the label goes past it to the scheduler and takes the next free GPU. A pod or a Job that waits is held back by a
  field of its own, which its owner may change.

  How it is proven: fleet-fixtures/controls/queue-only.yaml denies tenants a pod or a Job that asks for GPUs and names no
  queue, or does not wait for it. It denies them the change by which it would start. Exposed: without the policy all of this
  is admitted. Allowed: what waits in a queue, what asks for no GPU, and the start by Kueue's own account. Closed: the policy
  is back. No Kueue is needed: the scenarios set the gate that its webhook would set, and its account is taken by the
  cluster admin.

  Not proven here: in which order a queue starts what waits, and how many GPUs it gives out. Whoever holds the rights of
  Kueue's account starts everything. Kinds that Kueue manages as a whole, such as RayJob, must name the queue in the template
  of their pods, too.

  Background:
    Given tenant "blue"

  Rule: What asks for GPUs names its queue and waits for it.

    Scenario Outline: The policy denies <denied>
      Then <denied> is admitted for tenant "blue"
      When control "queue-only" is applied to tenant "blue"
      Then <denied> is refused for tenant "blue" by the queue policy for "<words>"
      And <allowed> is admitted for tenant "blue"
      When control "queue-only" is applied to tenant "blue" without the operation "CREATE"
      Then <denied> is admitted for tenant "blue"
      When control "queue-only" is applied to tenant "blue"
      Then <denied> is refused for tenant "blue" by the queue policy for "<words>"

      Examples:
        | denied                                              | words                        | allowed                                   |
        | a pod that has a GPU and names no queue             | names its queue in the label | a pod that has a GPU and waits in a queue |
        | a pod that has a GPU and does not wait in its queue | by the scheduling gate       | a pod that asks for no GPU                |
        | a Job that has a GPU and names no queue             | names its queue in the label | a Job that has a GPU and waits in a queue |
        | a Job that has a GPU and does not wait in its queue | and a Job by suspend         | a Job that asks for no GPU                |

    Scenario Outline: A GPU counts by whatever name: <gpu>
      When control "queue-only" is applied to tenant "blue"
      Then a pod that requests "1" of "<gpu>" is refused for tenant "blue" by the queue policy for "names its queue"
      And an init container that requests "1" of "<gpu>" is refused for tenant "blue" by the queue policy for "names its queue"
      And a pod that requests "1" of "example.com/license" is admitted for tenant "blue"
      When control "queue-only" is removed from tenant "blue"
      Then a pod that requests "1" of "<gpu>" is admitted for tenant "blue"
      And an init container that requests "1" of "<gpu>" is admitted for tenant "blue"

      Examples:
        | gpu                                    |
        | nvidia.com/gpu                         |
        | nvidia.com/mig-1g.10gb                 |
        | amd.com/gpu                            |
        | gpu.intel.com/i915                     |
        | habana.ai/gaudi                        |
        | deviceclass.resource.kubernetes.io/gpu |

    @needs:dra
    Scenario: A claim of devices counts, too
      Then a pod that has a claim of devices is admitted for tenant "blue"
      When control "queue-only" is applied to tenant "blue"
      Then a pod that has a claim of devices is refused for tenant "blue" by the queue policy for "names its queue"
      And a pod that asks for no GPU is admitted for tenant "blue"

    Scenario: A controller of the platform makes no pod past the queue
      When control "queue-only" is applied to tenant "blue"
      Then a pod that has a GPU and names no queue is refused for tenant "blue" by the queue policy
      When tenant "blue" submits a Deployment whose pod has a GPU and names no queue
      Then it is accepted
      And its events say that its pod is refused by the queue policy
      And it has no pod
      When tenant "blue" submits a Deployment whose pod has a GPU and waits in a queue
      Then it is accepted
      And it gets its pod

    Scenario Outline: The policy counts before it looks: a pod that <many>
      To judge tens of thousands of names the API server spends many seconds of processor time, and every tenant can ask it to.

      When control "queue-only" is applied to tenant "blue"
      Then a pod that <many> is refused for tenant "blue" by the queue policy for "<words>"
      And a pod that <few> is admitted for tenant "blue"
      When control "queue-only" is removed from tenant "blue"
      Then a pod that <many> is admitted for tenant "blue"

      Examples:
        | many                            | few                             | words                  |
        | has 17 resources                | has 16 resources                | names its queue        |
        | has 65 containers               | has 64 containers               | names its queue        |
        | has a GPU, a queue and 17 gates | has a GPU, a queue and 16 gates | by the scheduling gate |

    Scenario: The policy is for all tenants
      Given tenant "green"
      When control "queue-only" is applied to tenant "blue"
      Then a pod that has a GPU and names no queue is refused for tenant "blue" by the queue policy
      And a pod that has a GPU and names no queue is refused for tenant "green" by the queue policy

  Rule: Only the queue lets a pod or a Job with GPUs start.

    Scenario: A tenant cannot take the gate away from its pod
      When control "queue-only" is applied to tenant "blue"
      Then a pod that has a GPU and names no queue is refused for tenant "blue" by the queue policy
      When tenant "blue" submits a pod that has a GPU and waits in a queue
      Then the pod is admitted
      And the start of its pod is refused for tenant "blue" by the queue policy for "only the queue lets"
      When tenant "blue" tries to give its pod the label "team" with the value "ml"
      Then the label is accepted
      When control "queue-only" is applied to tenant "blue" without the operation "UPDATE"
      Then the start of its pod is admitted for tenant "blue"
      When control "queue-only" is applied to tenant "blue"
      Then the start of its pod is refused for tenant "blue" by the queue policy for "only the queue lets"
      And the start of its pod by Kueue is admitted for tenant "blue"

    Scenario: A tenant cannot start its Job, and the Job gets its pod when the queue starts it
      When control "queue-only" is applied to tenant "blue"
      Then a Job that has a GPU and names no queue is refused for tenant "blue" by the queue policy
      When tenant "blue" submits a Job with a GPU that waits in a queue
      Then it is accepted
      And the start of its Job is refused for tenant "blue" by the queue policy for "only the queue lets"
      And it has no pod
      When control "queue-only" is applied to tenant "blue" without the operation "UPDATE"
      Then the start of its Job is admitted for tenant "blue"
      When control "queue-only" is applied to tenant "blue"
      Then the start of its Job is refused for tenant "blue" by the queue policy for "only the queue lets"
      When Kueue starts the Job of tenant "blue"
      Then it gets its pod
