@control:compute-quota
Feature: Compute quota
  Why: A node has one memory, one disk and some CPUs for the pods of all tenants. A tenant that uses them up makes the
  kubelet evict its neighbours' pods and keeps new ones from the GPUs of the node. Many quotas limit only what pods
  request. A container may use more than it requests, and a container that names no limit may use the whole node.

  How it is proven: fleet-fixtures/controls/compute-quota.yaml limits requests, limits, disk, volumes and huge pages, and
  its LimitRange gives an amount to containers that name none. Allowed: pods and volumes within the quota. Denied: each
  that exceeds one amount, with the name of the quota and of that amount in the message. Exposed: the amount is missing
  from the quota, or the default from the LimitRange. Closed: the reference files are back, and the same pod is refused.

  Not proven here: that limits are kept. The kernel slows a container down at its CPU limit and ends one that exceeds its
  memory limit; the kubelet evicts a pod some seconds after it has filled its share of the disk. A quota cannot
  count processes (set podPidsLimit in the kubelet's configuration), network and disk bandwidth, or images that lie on a
  node's disk. A debug container names no amounts: it uses those of its pod. Pods from before the quota stay as they are.

  Background:
    Given tenant "blue"

  Rule: A tenant's pods request no more than its quota allows, and may use no more.

    Scenario Outline: <candidate> is refused because it exceeds <key>
      Then <candidate> is admitted for tenant "blue"
      When control "compute-quota" is applied to tenant "blue"
      Then <candidate> is refused for tenant "blue" by the compute quota for "requested: <key>="
      And <within> is admitted for tenant "blue"
      When control "compute-quota" is applied to tenant "blue" without the key "<key>"
      Then <candidate> is admitted for tenant "blue"
      When control "compute-quota" is applied to tenant "blue"
      Then <candidate> is refused for tenant "blue" by the compute quota for "requested: <key>="

      Examples:
        | candidate                                         | key                        | within                                            |
        | a pod that requests "3" of "cpu"                  | requests.cpu               | a pod that requests "2" of "cpu"                  |
        | a pod that may use "9" of "cpu"                   | limits.cpu                 | a pod that may use "8" of "cpu"                   |
        | a pod that requests "5Gi" of "memory"             | requests.memory            | a pod that requests "4Gi" of "memory"             |
        | a pod that may use "9Gi" of "memory"              | limits.memory              | a pod that may use "8Gi" of "memory"              |
        | an init container that may use "9Gi" of "memory"  | limits.memory              | an init container that may use "8Gi" of "memory"  |
        | a pod that requests "15Gi" of "ephemeral-storage" | requests.ephemeral-storage | a pod that requests "10Gi" of "ephemeral-storage" |
        | a pod that may use "21Gi" of "ephemeral-storage"  | limits.ephemeral-storage   | a pod that may use "20Gi" of "ephemeral-storage"  |
        | a pod that requests "2Mi" of "hugepages-2Mi"      | requests.hugepages-2Mi     | a pod that asks for no GPU                        |
        | a pod that requests "1Gi" of "hugepages-1Gi"      | requests.hugepages-1Gi     | a pod that asks for no GPU                        |
        | a volume claim of "101Gi"                         | requests.storage           | a volume claim of "100Gi"                         |

    Scenario: Many pods are limited like one
      When control "compute-quota" is applied to tenant "blue"
      Then a pod that may use "9Gi" of "memory" is refused for tenant "blue" by the compute quota for "requested: limits.memory="
      When tenant "blue" submits a pod that may use "5Gi" of "memory"
      Then the pod is admitted
      When tenant "blue" submits a pod that may use "5Gi" of "memory"
      Then the pod is refused by the compute quota
      When tenant "blue" submits a pod that may use "2Gi" of "memory"
      Then the pod is admitted

  Rule: A container that names no amount is limited all the same.

    Scenario: A container that names nothing gets the limits of the LimitRange
      Then a pod that says nothing about resources is admitted for tenant "blue"
      And a pod that says nothing about resources may use "all" of "memory" for tenant "blue"
      When control "compute-quota" is applied to tenant "blue"
      Then a pod that may use "9Gi" of "memory" is refused for tenant "blue" by the compute quota for "requested: limits.memory="
      And a pod that says nothing about resources may use "1" of "cpu" for tenant "blue"
      And a pod that says nothing about resources may use "512Mi" of "memory" for tenant "blue"
      And a pod that says nothing about resources may use "1Gi" of "ephemeral-storage" for tenant "blue"
      And an init container that says nothing about resources may use "512Mi" of "memory" for tenant "blue"

    Scenario: Without defaults the quota refuses a container that names no memory, but not one that names no disk
      When control "compute-quota" is applied to tenant "blue" without the default
      Then a pod that says nothing about resources is refused for tenant "blue" by the compute quota, for it names no limits
      And a pod that may use "1" of "cpu" is admitted for tenant "blue"
      And a pod that may use "1" of "cpu" may use "all" of "ephemeral-storage" for tenant "blue"
      When control "compute-quota" is applied to tenant "blue"
      Then a pod that says nothing about resources is admitted for tenant "blue"
      And a pod that may use "1" of "cpu" may use "1Gi" of "ephemeral-storage" for tenant "blue"

    @needs:pod-level-resources
    Scenario: Without defaults a pod that names its CPU as a whole may use all memory of the node, and no quota counts it
      When control "compute-quota" is applied to tenant "blue" without the default
      Then a pod that says nothing about resources is refused for tenant "blue" by the compute quota, for it names no limits
      And a pod that names an amount of CPU as a whole and nothing else is admitted for tenant "blue"
      And a pod that names an amount of CPU as a whole and nothing else may use "all" of "memory" for tenant "blue"
      When control "compute-quota" is applied to tenant "blue"
      Then a pod that names an amount of CPU as a whole and nothing else may use "512Mi" of "memory" for tenant "blue"

    Scenario: A GPU quota demands no amounts of CPU and memory
      Given tenant "blue" has a quota of 1 GPU
      Then a pod that says nothing about resources is admitted for tenant "blue"
      When control "compute-quota" is applied to tenant "blue" without the default
      Then a pod that says nothing about resources is refused for tenant "blue" by the compute quota, for it names no limits
      When control "compute-quota" is removed from tenant "blue"
      Then a pod that says nothing about resources is admitted for tenant "blue"

  Rule: The quota and the LimitRange have exactly the amounts that the specification names.

    Scenario: The compute quota and its LimitRange have these amounts
      When control "compute-quota" is applied to tenant "blue"
      Then the limits of tenant "blue" are exactly:
        | object              | limit                                           | amount |
        | compute-quota       | requests.cpu                                    | 2      |
        | compute-quota       | requests.memory                                 | 4Gi    |
        | compute-quota       | limits.cpu                                      | 8      |
        | compute-quota       | limits.memory                                   | 8Gi    |
        | compute-quota       | requests.ephemeral-storage                      | 10Gi   |
        | compute-quota       | limits.ephemeral-storage                        | 20Gi   |
        | compute-quota       | requests.storage                                | 100Gi  |
        | compute-quota       | requests.hugepages-2Mi                          | 0      |
        | compute-quota       | requests.hugepages-1Gi                          | 0      |
        | compute-limit-range | default cpu of a Container                      | 1      |
        | compute-limit-range | default memory of a Container                   | 512Mi  |
        | compute-limit-range | default ephemeral-storage of a Container        | 1Gi    |
        | compute-limit-range | defaultRequest cpu of a Container               | 50m    |
        | compute-limit-range | defaultRequest memory of a Container            | 128Mi  |
        | compute-limit-range | defaultRequest ephemeral-storage of a Container | 128Mi  |
