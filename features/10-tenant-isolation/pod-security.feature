@control:pod-security
Feature: Pod Security
  Why: Tenants share nodes, and folders of a GPU node hold what an attacker wants. /dev has every GPU, the kubelet's
  directory has the tokens and secrets of every pod, and the device plugins' directory has the socket where the kubelet
  learns which GPUs there are. A namespace does not keep a pod from asking for them; Pod Security does.

  How it is proven: Labels on the tenant's namespace set a level, and the API server itself reads them
  (fleet-fixtures/controls/pod-security.yaml). Tenants get the level "restricted", because a GPU pod needs nothing more.
  Each class of fields is denied with its own words, and is allowed (exposed) as soon as the label asks for less. This
  shows that the level denied it and nothing else. An ordinary pod is allowed beside every denial.

  Not proven here: The container boundary itself is not tested. A level is not enforced where a webhook, or an exemption
  in the API server's configuration, lets a user, a runtime class or a namespace pass. Pods that already exist stay.
  Volumes that the platform itself backs with a folder of the node, through claims and CSI volumes, pass both levels.
  For variables that a runtime honours see "GPU access only through a request".

  Background:
    Given tenant "blue"

  Rule: No tenant's pod may use the namespaces, folders or ports of its node.

    @needs:pod-security-admission
    Scenario Outline: Both levels deny a pod that <trait>
      When control "pod-security" is applied to tenant "blue"
      Then a pod that <trait> is refused for tenant "blue" by Pod Security "restricted" for "<words>"
      And a pod that keeps to the rules is admitted for tenant "blue"
      When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "privileged"
      Then a pod that <trait> is admitted for tenant "blue"
      When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
      Then a pod that <trait> is refused for tenant "blue" by Pod Security "baseline" for "<words>"
      And a pod that keeps to the rules is admitted for tenant "blue"

      Examples:
        | trait                                            | words                              |
        | shares the node's process table                  | host namespaces (hostPID=true)     |
        | shares the node's network                        | host namespaces (hostNetwork=true) |
        | shares the node's IPC                            | host namespaces (hostIPC=true)     |
        | mounts /dev of the node                          | hostPath                           |
        | mounts the kubelet's directory                   | hostPath                           |
        | mounts the device plugins' sockets               | hostPath                           |
        | listens on a port of the node                    | hostPort                           |
        | has a privileged container beside one with a GPU | securityContext.privileged=true    |

  Rule: No container of a tenant, whatever its kind, may run as root, gain privileges or switch off its seccomp filter.

    @needs:pod-security-admission
    Scenario Outline: Both levels deny every kind of container that <trait>
      Given tenant "blue" has a pod
      When control "pod-security" is applied to tenant "blue"
      Then a pod that <trait> is refused for tenant "blue" by Pod Security "restricted" for "<words>"
      And an init container that <trait> is refused for tenant "blue" by Pod Security "restricted" for "<words>"
      And a debug container that <trait> is refused for tenant "blue" by Pod Security "restricted" for "<words>"
      When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "privileged"
      Then a pod that <trait> is admitted for tenant "blue"
      And an init container that <trait> is admitted for tenant "blue"
      And a debug container that <trait> is admitted for tenant "blue"
      When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
      Then a pod that <trait> is refused for tenant "blue" by Pod Security "baseline" for "<words>"
      And an init container that <trait> is refused for tenant "blue" by Pod Security "baseline" for "<words>"
      And a debug container that <trait> is refused for tenant "blue" by Pod Security "baseline" for "<words>"
      And a debug container that keeps to the rules is admitted for tenant "blue"

      Examples:
        | trait                           | words                               |
        | is privileged                   | securityContext.privileged=true     |
        | adds the capability SYS_ADMIN   | in securityContext.capabilities.add |
        | switches its seccomp filter off | seccompProfile                      |

    @needs:pod-security-admission
    Scenario Outline: Only the level "restricted" denies a container that <trait>
      Given tenant "blue" has a pod
      When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
      Then a pod that is privileged is refused for tenant "blue" by Pod Security "baseline"
      And a pod that <trait> is admitted for tenant "blue"
      And an init container that <trait> is admitted for tenant "blue"
      And a debug container that <trait> is admitted for tenant "blue"
      When control "pod-security" is applied to tenant "blue"
      Then a pod that <trait> is refused for tenant "blue" by Pod Security "restricted" for "<words>"
      And an init container that <trait> is refused for tenant "blue" by Pod Security "restricted" for "<words>"
      And a debug container that <trait> is refused for tenant "blue" by Pod Security "restricted" for "<words>"
      And a debug container that keeps to the rules is admitted for tenant "blue"

      Examples:
        | trait                          | words                             |
        | runs as root                   | runAsUser=0                       |
        | may run as root                | runAsNonRoot != true              |
        | may gain privileges            | allowPrivilegeEscalation != false |
        | keeps the default capabilities | unrestricted capabilities         |

  Rule: A GPU pod needs no privileges: it runs under the level "restricted".

    @gpus:1 @needs:pod-security-admission
    Scenario: Under "restricted" ordinary pods run and see exactly their own GPUs
      The pod with 1 GPU sees that GPU; the pod without a GPU on the same node sees none.

      When control "pod-security" is applied to tenant "blue"
      Then a pod that is privileged is refused for tenant "blue" by Pod Security "restricted"
      When tenant "blue" runs a pod with 1 GPU
      Then the pod runs on a GPU node
      And the pod sees exactly 1 GPU by its UUID
      When tenant "blue" runs a pod without a GPU on the same node
      Then the pod sees no GPU

  Rule: A tenant learns from a warning or an event why the level denies its pods.

    @needs:pod-security-admission
    Scenario: A Deployment is allowed, its pods are denied, and its events say why
      When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "privileged"
      Then a pod that is privileged is admitted for tenant "blue" with a warning that names "restricted:"
      When tenant "blue" submits a Deployment whose pod is privileged
      Then it is accepted with a warning that names "restricted:"
      And it gets its pod
      When control "pod-security" is applied to tenant "blue"
      Then a pod that is privileged is refused for tenant "blue" by Pod Security "restricted"
      When tenant "blue" submits a Deployment whose pod is privileged
      Then it is accepted with a warning that names "restricted:"
      And its events say that its pod is refused by Pod Security "restricted"
      And it has no pod
      When tenant "blue" submits a Deployment whose pod keeps to the rules
      Then it is accepted
      And it gets its pod

    @needs:pod-security-admission
    Scenario: A warning tells a tenant at "baseline" what "restricted" would deny
      When control "pod-security" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
      Then a pod that is privileged is refused for tenant "blue" by Pod Security "baseline"
      When tenant "blue" submits a pod that names no seccomp profile
      Then the pod is admitted with a warning that names "restricted:"
      When tenant "blue" submits a pod that keeps to the rules
      Then the pod is admitted without a warning
      When control "pod-security" is applied to tenant "blue"
      Then a pod that names no seccomp profile is refused for tenant "blue" by Pod Security "restricted" for "seccompProfile"

  Rule: A level applies to new pods, so the platform must look for older pods itself.

    @needs:pod-security-admission
    Scenario: A pod from before the level stays while new ones are denied
      When tenant "blue" submits a pod that mounts the device plugins' sockets
      Then the pod is admitted
      When control "pod-security" is applied to tenant "blue"
      Then a pod that mounts the device plugins' sockets is refused for tenant "blue" by Pod Security "restricted" for "hostPath"
      And the pod is still there
      When control "pod-security" is removed from tenant "blue"
      Then a pod that mounts the device plugins' sockets is admitted for tenant "blue"
      When control "pod-security" is applied to tenant "blue"
      Then a pod that mounts the device plugins' sockets is refused for tenant "blue" by Pod Security "restricted" for "hostPath"

  Rule: Only the platform may change the level of a tenant's namespace, and every tenant's namespace enforces one.

    @needs:pod-security-admission
    Scenario Outline: A tenant cannot <request>
      When control "pod-security" is applied to tenant "blue"
      Then a pod that is privileged is refused for tenant "blue" by Pod Security "restricted"
      When tenant "blue" tries to <request>
      Then the request is denied in the namespace of tenant "blue"
      When tenant "blue" is granted the role "namespace-editor"
      Then tenant "blue" can <request>
      And a pod that is privileged is admitted for tenant "blue"
      When the grant is removed
      And control "pod-security" is applied to tenant "blue"
      Then tenant "blue" can no longer <request>
      And a pod that is privileged is refused for tenant "blue" by Pod Security "restricted"

      Examples:
        | request                                           |
        | relax Pod Security                                |
        | take Pod Security away                            |
        | replace the namespace by one without Pod Security |

    @needs:pod-security-admission
    Scenario Outline: A new tenant <mistake> is found to enforce no level
      Given tenant "green"
      When control "pod-security" is applied to tenant "blue"
      And control "pod-security" is applied to tenant "green"
      Then no tenant's namespace is without a level of Pod Security
      When control "pod-security" is applied to tenant "green" <mistake>
      Then only the namespace of tenant "green" is without a level of Pod Security
      And a pod that is privileged is admitted for tenant "green"
      When control "pod-security" is applied to tenant "green"
      Then no tenant's namespace is without a level of Pod Security
      And a pod that is privileged is refused for tenant "green" by Pod Security "restricted"

      Examples:
        | mistake                                                                 |
        | without the label "pod-security.kubernetes.io/enforce"                  |
        | with the label "pod-security.kubernetes.io/enforce" set to "privileged" |

  Rule: What runs on the platform asks for no more than "restricted" allows, with exceptions by name.

    Pod Security cannot hold here: the platform's own namespace has no level, and Pod Security says nothing about
    tokens, root file systems or Services. So each workload of fleet-fixtures is shown to the API server in a dry run,
    and what would be stored is compared with this list. Every Service is reached from inside the cluster only.

    Scenario Outline: The workload <workload> asks only for what it needs
      Then beyond "restricted" the workload "<workload>" asks for: "<exceptions>"

      Examples:
        | workload            | exceptions                                                                                                |
        | caller              | nothing                                                                                                   |
        | client              | the addresses of Services                                                                                 |
        | console             | nothing                                                                                                   |
        | console-gateway     | nothing                                                                                                   |
        | dcgm-exporter       | root; /var/lib/kubelet/pod-resources of the node                                                          |
        | device-plugin       | root; /var/lib/kubelet/device-plugins of the node, written                                                |
        | false-device-plugin | root; /var/lib/kubelet/device-plugins of the node, written                                                |
        | gateway             | nothing                                                                                                   |
        | gpu-pod             | nothing                                                                                                   |
        | inference-services  | nothing                                                                                                   |
        | model-registry      | nothing                                                                                                   |
        | model-server        | nothing                                                                                                   |
        | notebook            | nothing                                                                                                   |
        | operator            | a token                                                                                                   |
        | outside-world       | hostNetwork; root; no seccomp profile; NET_ADMIN; SYS_ADMIN; NET_BIND_SERVICE                             |
        | plain-pod           | nothing                                                                                                   |
        | prometheus          | a token                                                                                                   |
        | registry-client     | nothing                                                                                                   |
        | resolver            | root; NET_BIND_SERVICE                                                                                    |
        | server              | nothing                                                                                                   |
        | training-job        | nothing                                                                                                   |
        | vgpu-job            | nothing                                                                                                   |
        | vgpu-plugin         | a token; root; /var/lib/kubelet/device-plugins of the node, written; /run/fleet-vgpu of the node, written |
        | vgpu-scheduler      | a token                                                                                                   |

    Scenario Outline: The accounts of the workload <workload> hold only the rights that it needs
      Then the file of the workload "<workload>" gives exactly the rights of the "<account>"

      Examples:
        | workload       | account                     |
        | vgpu-plugin    | account of HAMi's plugin    |
        | vgpu-scheduler | account of HAMi's scheduler |

  Rule: The labels ask for "restricted" in its latest version, in all three modes.

    Scenario: The labels enforce "restricted", warn of what it would deny, and write that into the audit log
      When control "pod-security" is applied to tenant "blue"
      Then the platform's labels and annotations on the namespace of tenant "blue" are exactly:
        | key                                        | value      |
        | security.specs/tenant                      | blue       |
        | pod-security.kubernetes.io/enforce         | restricted |
        | pod-security.kubernetes.io/enforce-version | latest     |
        | pod-security.kubernetes.io/warn            | restricted |
        | pod-security.kubernetes.io/warn-version    | latest     |
        | pod-security.kubernetes.io/audit           | restricted |
        | pod-security.kubernetes.io/audit-version   | latest     |
