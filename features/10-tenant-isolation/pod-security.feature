@control:pod-security
Feature: Pod Security
  Tenants share nodes, and on a GPU node the interesting things lie in folders: /dev has every GPU, the kubelet's directory
  has every pod's tokens and secrets, and in the device plugins' directory is the socket where the kubelet learns what GPUs
  there are. A namespace does not keep a pod from asking for them. Pod Security does, by labels on the namespace that the
  API server itself reads: "restricted" for tenants, for a GPU pod needs nothing more.

  Each class of fields is refused by its own words, and is admitted as soon as the label says less: so it was the level that
  refused it and nothing else. Every refusal stands beside an ordinary pod that is admitted.

  What this does not prove: anything about the container boundary itself; that a level is enforced where a webhook or an
  exemption in the API server's configuration lets a user, a runtime class or a namespace pass; pods that are there already,
  which stay; volumes that the platform itself backs with a folder of the node, whose claims and CSI volumes pass both levels;
  and variables that a runtime honours, for which see "The GPU only through a request".

  Background:
    Given tenant "blue"

  @needs:pod-security-admission
  Scenario Outline: Both levels keep a pod off the node: a pod that <trait>
    When control "pod-security" is applied to tenant "blue"
    Then tenant "blue" gets a pod that <trait> refused by Pod Security "restricted" for "<words>"
    And tenant "blue" gets a pod that keeps to the rules admitted
    When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "privileged"
    Then tenant "blue" gets a pod that <trait> admitted
    When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
    Then tenant "blue" gets a pod that <trait> refused by Pod Security "baseline" for "<words>"
    And tenant "blue" gets a pod that keeps to the rules admitted

    Examples:
      | trait                              | words                              |
      | shares the node's process table    | host namespaces (hostPID=true)     |
      | shares the node's network          | host namespaces (hostNetwork=true) |
      | shares the node's IPC              | host namespaces (hostIPC=true)     |
      | mounts /dev of the node            | hostPath                           |
      | mounts the kubelet's directory     | hostPath                           |
      | mounts the device plugins' sockets | hostPath                           |
      | listens on a port of the node      | hostPort                           |

  @needs:pod-security-admission
  Scenario Outline: Both levels look into every kind of container: one that <trait>
    Given tenant "blue" has a pod
    When control "pod-security" is applied to tenant "blue"
    Then tenant "blue" gets a pod that <trait> refused by Pod Security "restricted" for "<words>"
    And tenant "blue" gets an init container that <trait> refused by Pod Security "restricted" for "<words>"
    And tenant "blue" gets a debug container that <trait> refused by Pod Security "restricted" for "<words>"
    When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "privileged"
    Then tenant "blue" gets a pod that <trait> admitted
    And tenant "blue" gets an init container that <trait> admitted
    And tenant "blue" gets a debug container that <trait> admitted
    When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
    Then tenant "blue" gets a pod that <trait> refused by Pod Security "baseline" for "<words>"
    And tenant "blue" gets an init container that <trait> refused by Pod Security "baseline" for "<words>"
    And tenant "blue" gets a debug container that <trait> refused by Pod Security "baseline" for "<words>"
    And tenant "blue" gets a debug container that keeps to the rules admitted

    Examples:
      | trait                           | words                               |
      | is privileged                   | securityContext.privileged=true     |
      | adds the capability SYS_ADMIN   | in securityContext.capabilities.add |
      | switches its seccomp filter off | seccompProfile                      |

  @needs:pod-security-admission
  Scenario Outline: Only restricted takes root from a container: one that <trait>
    Given tenant "blue" has a pod
    When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
    Then tenant "blue" gets a pod that is privileged refused by Pod Security "baseline"
    And tenant "blue" gets a pod that <trait> admitted
    And tenant "blue" gets an init container that <trait> admitted
    And tenant "blue" gets a debug container that <trait> admitted
    When control "pod-security" is applied to tenant "blue"
    Then tenant "blue" gets a pod that <trait> refused by Pod Security "restricted" for "<words>"
    And tenant "blue" gets an init container that <trait> refused by Pod Security "restricted" for "<words>"
    And tenant "blue" gets a debug container that <trait> refused by Pod Security "restricted" for "<words>"
    And tenant "blue" gets a debug container that keeps to the rules admitted

    Examples:
      | trait                          | words                             |
      | runs as root                   | runAsUser=0                       |
      | may run as root                | runAsNonRoot != true              |
      | may gain privileges            | allowPrivilegeEscalation != false |
      | keeps the default capabilities | unrestricted capabilities         |

  @gpus:1 @needs:pod-security-admission
  Scenario: Under restricted a plain GPU pod runs and sees its GPU, and so does a pod without
    When control "pod-security" is applied to tenant "blue"
    Then tenant "blue" gets a pod that is privileged refused by Pod Security "restricted"
    When tenant "blue" runs a pod with 1 GPU
    Then the pod runs on a GPU node
    And the pod sees exactly 1 GPU by its UUID
    When tenant "blue" runs a pod without a GPU on the same node
    Then the pod sees no GPU

  @needs:pod-security-admission
  Scenario: A Deployment is accepted and its pods are refused: its events say why
    When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "privileged"
    Then tenant "blue" gets a pod that is privileged admitted with a warning that names "restricted:"
    When tenant "blue" submits a Deployment whose pod is privileged
    Then it is accepted with a warning that names "restricted:"
    And it gets its pod
    When control "pod-security" is applied to tenant "blue"
    Then tenant "blue" gets a pod that is privileged refused by Pod Security "restricted"
    When tenant "blue" submits a Deployment whose pod is privileged
    Then it is accepted with a warning that names "restricted:"
    And its events say that its pod is refused by Pod Security "restricted"
    And it has no pod
    When tenant "blue" submits a Deployment whose pod keeps to the rules
    Then it is accepted
    And it gets its pod

  @needs:pod-security-admission
  Scenario: A warning tells a tenant at baseline what restricted would refuse
    When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
    Then tenant "blue" gets a pod that is privileged refused by Pod Security "baseline"
    When tenant "blue" submits a pod that names no seccomp profile
    Then the pod is admitted with a warning that names "restricted:"
    When tenant "blue" submits a pod that keeps to the rules
    Then the pod is admitted without a warning
    When control "pod-security" is applied to tenant "blue"
    Then tenant "blue" gets a pod that names no seccomp profile refused by Pod Security "restricted" for "seccompProfile"

  @needs:pod-security-admission
  Scenario: A level is a door, not a broom: what was admitted before stays
    When tenant "blue" submits a pod that mounts the device plugins' sockets
    Then the pod is admitted
    When control "pod-security" is applied to tenant "blue"
    Then tenant "blue" gets a pod that mounts the device plugins' sockets refused by Pod Security "restricted" for "hostPath"
    And the pod is still there
    When control "pod-security" is removed from tenant "blue"
    Then tenant "blue" gets a pod that mounts the device plugins' sockets admitted
    When control "pod-security" is applied to tenant "blue"
    Then tenant "blue" gets a pod that mounts the device plugins' sockets refused by Pod Security "restricted" for "hostPath"

  @needs:pod-security-admission
  Scenario Outline: The level is not the tenant's to change: <request>
    When control "pod-security" is applied to tenant "blue"
    Then tenant "blue" gets a pod that is privileged refused by Pod Security "restricted"
    When tenant "blue" tries to <request>
    Then the request is denied in the namespace of tenant "blue"
    When a namespace editor role is bound to tenant "blue"
    Then tenant "blue" can <request>
    And tenant "blue" gets a pod that is privileged admitted
    When the namespace editor role is removed
    And control "pod-security" is applied to tenant "blue"
    Then tenant "blue" can no longer <request>
    And tenant "blue" gets a pod that is privileged refused by Pod Security "restricted"

    Examples:
      | request                                           |
      | relax Pod Security                                |
      | take Pod Security away                            |
      | replace the namespace by one without Pod Security |

  @needs:pod-security-admission
  Scenario Outline: A tenant's namespace that enforces nothing is found: a new tenant <mistake>
    Given tenant "green"
    When control "pod-security" is applied to tenant "blue"
    And control "pod-security" is applied to tenant "green"
    Then every tenant enforces a level of Pod Security
    When control "pod-security" is applied to tenant "green" <mistake>
    Then tenant "green" is found to enforce no level of Pod Security
    And tenant "green" gets a pod that is privileged admitted
    When control "pod-security" is applied to tenant "green"
    Then every tenant enforces a level of Pod Security
    And tenant "green" gets a pod that is privileged refused by Pod Security "restricted"

    Examples:
      | mistake                                                                 |
      | without the label "pod-security.kubernetes.io/enforce"                  |
      | with the label "pod-security.kubernetes.io/enforce" set to "privileged" |
