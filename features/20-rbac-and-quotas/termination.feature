@control:termination
Feature: Termination of pods
  Why: When a pod is deleted by force, its object is gone at once. The quota no longer counts the pod, and its GPUs are
  free. The kubelet learns of it afterwards, and the containers run on until they have been killed. Two tenants then use
  the same GPU. A pod whose grace period is 0 is deleted by force whenever it is deleted. On newer Kubernetes a pod with a
  long grace period and a program that ignores the signal runs on for all of that time. A tenant that repeats this holds
  any multiple of its quota for a day.

  How it is proven: fleet-fixtures/controls/termination.yaml limits the grace period of new pods and denies tenants a
  deletion by force. Exposed: without it a tenant deletes its pod by force, and the audit finds what still runs without an
  object in the API, by comparing the kubelet's list with the API server's. The next tenant is given one of its GPUs, and
  the report says for how many ms both ran. Allowed: a pod that is deleted with its grace period keeps its GPUs until it has
  ended. Denied and closed: the policy denies the deletion by force, the eviction by force, and a grace period that is too
  short or too long. The audit and the exposure run on every version.

  Not proven here: moments shorter than two seconds, for the kubelet's list may be as old as that. What the two pods
  do with the GPU that they share, which takes hardware to see. Whoever administers the cluster still deletes by force, for
  nodes that are lost: then the longest grace period is the bound. It also bounds how long a pod runs on without the network
  policies of its namespace, when that is deleted, too: this is measured here and not judged.

  Background:
    Given tenants "blue" and "green"

  Rule: A GPU is free when the pod that held it has ended, unless that pod was deleted by force.

    @gpus:node @needs:own-fleet
    Scenario: A pod that is deleted with its grace period keeps its GPUs until it has ended
      When tenant "blue" runs a pod with all GPUs of the node that ends only after its 5 s of grace
      And tenant "blue" deletes that pod
      And tenant "green" submits a pod with 1 GPU on the same node
      Then the pod finds no free GPU on that node
      And the audit finds that all pods that run are in the API
      And the pod of tenant "green" runs
      And the audit finds that all pods that run are in the API

    @gpus:node @needs:own-fleet
    Scenario: A pod that is deleted by force leaves the quota at once and runs on, beside the pod that is given its GPU
      Given tenant "blue" has a quota of 8 GPUs
      When tenant "blue" runs a pod with all GPUs of the node that ends only after its 15 s of grace
      Then the quota of tenant "blue" counts 8 GPUs
      And the audit finds that all pods that run are in the API
      When tenant "blue" deletes that pod by force
      Then the audit finds that a pod of tenant "blue" runs and is gone from the API
      When tenant "blue" submits a pod with 8 GPUs
      Then the pod is admitted
      When tenant "green" runs a pod with 1 GPU
      Then the pod was given a GPU of that pod, which runs on for at most 30 s
      And the audit finds that all pods that run are in the API

    @needs:own-fleet @needs:workload-image @needs:network-policy
    Scenario: A pod that was deleted by force may lose its network policy with its namespace
      On 1.36.2 with this project's network the policy held while the namespace was there, and the pod was reached once that
      was gone. What another network does may differ. So it is measured, and no verdict depends on it.

      Given these workloads run
        | tenant | workload |
        | green  | client   |
      When tenant "blue" runs a server that ends only after its 25 s of grace
      Then the report says whether the client of tenant "green" reaches that pod
      When control "default-deny" is applied to tenant "blue"
      And tenant "blue" deletes that pod by force
      Then the audit finds that a pod of tenant "blue" runs and is gone from the API
      And the report says whether the client of tenant "green" reaches that pod
      When the namespace of tenant "blue" is deleted
      Then the report says whether the client of tenant "green" reaches that pod

  Rule: No tenant deletes by force a pod that is on a node.

    @needs:validating-admission-policy @needs:own-fleet
    Scenario: The policy denies a deletion by force and allows one with a grace period
      When tenant "blue" submits a pod to the whole fleet
      Then the pod of tenant "blue" is scheduled to a node
      And a deletion of its pod by force is admitted for tenant "blue"
      When control "termination" is applied to tenant "blue"
      Then a deletion of its pod by force is refused for tenant "blue" by the termination policy for "a pod that is on a node is deleted with a grace period of at least one second"
      And a deletion of its pod with a grace period is admitted for tenant "blue"
      When control "termination" is applied to tenant "blue" without the operation "DELETE"
      Then a pod that has a grace period of 0 s is refused for tenant "blue" by the termination policy
      And a deletion of its pod by force is admitted for tenant "blue"
      When control "termination" is applied to tenant "blue"
      Then a deletion of its pod by force is refused for tenant "blue" by the termination policy

    @needs:validating-admission-policy
    Scenario: A pod that is on no node is deleted at once
      Given tenant "blue" has a pod
      When control "termination" is applied to tenant "blue"
      Then a pod that has a grace period of 0 s is refused for tenant "blue" by the termination policy
      And a deletion of its pod by force is admitted for tenant "blue"

    @needs:validating-admission-policy @needs:own-fleet
    Scenario Outline: A pod that has ended is deleted at once: <phase>
      When tenant "blue" submits a pod to a node without a kubelet
      Then the pod of tenant "blue" is scheduled to a node
      When control "termination" is applied to tenant "blue"
      Then a deletion of its pod by force is refused for tenant "blue" by the termination policy
      When the pod is reported as "<phase>"
      Then a deletion of its pod by force is admitted for tenant "blue"

      Examples:
        | phase     |
        | Succeeded |
        | Failed    |

    @needs:validating-admission-policy @needs:own-fleet
    Scenario: The policy denies an eviction by force, which is another way to delete
      When tenant "blue" submits a pod to the whole fleet
      Then the pod of tenant "blue" is scheduled to a node
      When tenant "blue" is granted the verb "create" on "pods/eviction" in the namespace of tenant "blue"
      Then an eviction of its pod by force is admitted for tenant "blue"
      When control "termination" is applied to tenant "blue"
      Then an eviction of its pod by force is refused for tenant "blue" by the termination policy for "a pod is evicted with a grace period of at least one second"
      And an eviction of its pod with a grace period is admitted for tenant "blue"
      When control "termination" is applied to tenant "blue" without the resource "pods/eviction"
      Then a deletion of its pod by force is refused for tenant "blue" by the termination policy
      And an eviction of its pod by force is admitted for tenant "blue"
      When control "termination" is applied to tenant "blue"
      Then an eviction of its pod by force is refused for tenant "blue" by the termination policy

    @needs:validating-admission-policy @needs:own-fleet
    Scenario: The platform still deletes pods by force
      When tenant "blue" submits a pod to the whole fleet
      Then the pod of tenant "blue" is scheduled to a node
      When control "termination" is applied to tenant "blue"
      Then a deletion of its pod by force is refused for tenant "blue" by the termination policy
      When the cluster admin tries to delete by force the pods of tenant "blue"
      Then the request is allowed

    @needs:validating-admission-policy
    Scenario: The policy is for all tenants
      When control "termination" is applied to tenant "blue"
      Then a pod that has a grace period of 0 s is refused for tenant "blue" by the termination policy
      And a pod that has a grace period of 0 s is refused for tenant "green" by the termination policy

  Rule: The grace period of a pod is from one second to one minute.

    @needs:validating-admission-policy
    Scenario Outline: The policy denies <denied>
      Then <denied> is admitted for tenant "blue"
      When control "termination" is applied to tenant "blue"
      Then <denied> is refused for tenant "blue" by the termination policy for "<words>"
      And <allowed> is admitted for tenant "blue"
      When control "termination" is applied to tenant "blue" without the operation "CREATE"
      Then <denied> is admitted for tenant "blue"
      When control "termination" is applied to tenant "blue"
      Then <denied> is refused for tenant "blue" by the termination policy

      Examples:
        | denied                                   | words                                                         | allowed                               |
        | a pod that has a grace period of 0 s     | terminationGracePeriodSeconds must be from 1 to 60, not 0     | a pod that has a grace period of 1 s  |
        | a pod that has a grace period of 61 s    | terminationGracePeriodSeconds must be from 1 to 60, not 61    | a pod that has a grace period of 60 s |
        | a pod that has a grace period of 86400 s | terminationGracePeriodSeconds must be from 1 to 60, not 86400 | a pod that has a grace period of 30 s |

    @needs:validating-admission-policy
    Scenario Outline: A controller of the platform makes no pod with a long grace period for a <template>
      Given control "termination" is applied to tenant "blue"
      Then a pod that has a grace period of 61 s is refused for tenant "blue" by the termination policy
      When tenant "blue" submits a <template> whose pod has a grace period of 61 s
      Then it is accepted
      And its events say that its pod is refused by the termination policy
      And it has no pod
      When tenant "blue" submits a <template> whose pod has a grace period of 60 s
      Then it is accepted
      And it gets its pod

      Examples:
        | template   |
        | Deployment |
        | Job        |
