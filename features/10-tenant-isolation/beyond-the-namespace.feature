@control:shared-surfaces
Feature: Beyond the namespace
  A namespace divides the objects of the API, and nothing else. Tenants still share the nodes, the network, the names of
  services, and the objects that belong to no namespace. None of that is a defect; each needs a control of its own. Every
  surface is first shown open, from inside a running pod or with a tenant's own token, and then closed by that control:
  the node by Pod Security, the network by a NetworkPolicy, what has no namespace by RBAC, priorities by a scoped quota.

  Not proven here: that a container cannot break out of its own limits by a flaw of kernel, runtime or GPU driver. The pods
  below ask for the node and get it. Nor that a network without an enforcer keeps anybody out: the API server stores a
  policy all the same, so those scenarios are inconclusive where a canary shows that nothing enforces it. A connection counts
  as closed only while an allowed one to the same place, at the same moment, is open, three times in a row.

  Background:
    Given tenants "blue" and "green"

  @gpus:2
  Scenario: The node is shared: GPU pods of two tenants run side by side
    When tenant "blue" runs a pod with 1 GPU
    And tenant "green" runs a pod with 1 GPU
    Then the pods of tenants "blue" and "green" run on the same GPU node

  @needs:gpu @needs:workload-image
  Scenario: The node's process table shows another tenant's command lines
    Given tenant "green" runs a training job
    When tenant "blue" runs a pod that shares the node's process table
    Then the pod reads the command line of the job of tenant "green"
    And the job of tenant "green" sees no process but its own

  @needs:gpu @needs:workload-image
  Scenario: The kubelet's directory holds another tenant's secret
    Given tenant "green" keeps a secret
    And tenant "green" runs a training job
    Then tenant "blue" cannot read the secret of tenant "green"
    When tenant "blue" runs a pod that mounts the kubelet's directory
    Then the pod reads the secret of tenant "green" off the node's disk

  @needs:gpu @needs:workload-image
  Scenario: The device plugins' directory holds the socket that hands out GPUs
    When tenant "blue" runs a pod that mounts the device plugins' sockets
    Then the pod sees the kubelet's socket for device plugins

  @needs:gpu @needs:workload-image
  Scenario: The node's network reaches what listens for the node alone
    Given tenant "green" runs a training job
    When tenant "blue" runs a pod that shares the node's network
    Then the pod reaches what only the node may reach
    And the job of tenant "green" finds nobody there

  @needs:gpu @needs:workload-image
  Scenario: A privileged pod has the node's devices
    Given tenant "green" runs a training job
    When tenant "blue" runs a pod that is privileged
    Then the pod sees the devices of the node
    And the job of tenant "green" sees no device of the node

  @needs:pod-security-admission
  Scenario Outline: Pod Security closes the way to the node: a pod that <asks>
    When tenant "blue" submits a pod that <asks>
    Then the pod is admitted
    When control "pod-security" is applied to tenant "blue"
    Then tenant "blue" gets a pod that <asks> refused by Pod Security "restricted" for "<violation>"
    When control "pod-security" is applied to tenant "blue" without the label "pod-security.kubernetes.io/enforce"
    Then tenant "blue" gets a pod that <asks> admitted
    When control "pod-security" is applied to tenant "blue"
    Then tenant "blue" gets a pod that <asks> refused by Pod Security "restricted" for "<violation>"

    Examples:
      | asks                               | violation                          |
      | shares the node's process table    | host namespaces (hostPID=true)     |
      | shares the node's network          | host namespaces (hostNetwork=true) |
      | mounts the kubelet's directory     | hostPath                           |
      | mounts the device plugins' sockets | hostPath                           |
      | is privileged                      | securityContext.privileged=true    |

  @needs:workload-image
  Scenario: The network is shared: without a policy one tenant reaches another's server
    Given these workloads run
      | tenant | workload |
      | green  | server   |
      | blue   | client   |
    And no network policy stands in the namespace of tenant "green"
    Then the server of tenant "green" is reached as follows
      | by                          | at          | reached |
      | the client of tenant "blue" | its pod IP  | yes     |
      | the client of tenant "blue" | its service | yes     |

  @needs:workload-image @needs:network-policy
  Scenario: A network policy closes the network to the neighbours and leaves it open at home
    Given these workloads run
      | tenant | workload |
      | green  | server   |
      | green  | client   |
      | blue   | client   |
    When control "network-isolation" is applied to tenant "green"
    Then the server of tenant "green" is reached as follows
      | by                           | reached |
      | the client of tenant "green" | yes     |
      | the client of tenant "blue"  | no      |
    When control "network-isolation" is removed from tenant "green"
    Then the server of tenant "green" is reached as follows
      | by                           | reached |
      | the client of tenant "green" | yes     |
      | the client of tenant "blue"  | yes     |
    When control "network-isolation" is applied to tenant "green"
    Then the server of tenant "green" is reached as follows
      | by                           | reached |
      | the client of tenant "green" | yes     |
      | the client of tenant "blue"  | no      |

  @needs:workload-image
  Scenario: A pod is told of its own namespace's services only
    Given tenant "blue" offers a service
    And tenant "green" offers a service
    And tenant "blue" runs a client
    Then the environment of the client of tenant "blue" names the service of tenant "blue" and not that of tenant "green"

  @needs:workload-image @needs:cluster-dns
  Scenario: Names are shared: one tenant finds another's service by the cluster's DNS
    Given these workloads run
      | tenant | workload |
      | green  | server   |
      | blue   | client   |
    Then tenant "blue" cannot list the services of tenant "green"
    And the server of tenant "green" is reached as follows
      | by                          | at       | reached |
      | the client of tenant "blue" | its name | yes     |

  @needs:workload-image @needs:cluster-dns @needs:network-policy
  Scenario: No control hides a name; a network policy makes it useless
    Given these workloads run
      | tenant | workload |
      | green  | server   |
      | green  | client   |
      | blue   | client   |
    Then the server of tenant "green" is reached as follows
      | by                           | at       | reached |
      | the client of tenant "green" | its name | yes     |
      | the client of tenant "blue"  | its name | yes     |
    When control "network-isolation" is applied to tenant "green"
    Then the server of tenant "green" is reached as follows
      | by                           | at       | reached |
      | the client of tenant "green" | its name | yes     |
      | the client of tenant "blue"  | its name | no      |

  Scenario Outline: What belongs to no namespace is read by whoever may read the cluster: <request>
    Given tenant "green" has a pod
    When the platform admin tries to <request> of tenant "green"
    Then the request is allowed
    And tenants "blue" and "green" cannot <request> of each other
    When a cluster viewer role is bound to tenant "blue"
    Then tenant "blue" can <request> of tenant "green"
    When the cluster viewer role is removed
    Then tenant "blue" can no longer <request> of tenant "green"

    Examples:
      | request                      |
      | list all nodes               |
      | list all namespaces          |
      | list the pods of all tenants |
      | list all persistent volumes  |
      | list all priority classes    |

  Scenario: Priorities are shared: a tenant that may not even list them can name the highest
    When tenant "blue" tries to list all priority classes
    Then the request is denied at the cluster scope
    When tenant "blue" submits a pod that calls itself critical to the cluster
    Then the pod is admitted
    And the pod has the priority of a system component
    When control "priority-quota" is applied to tenant "blue"
    Then tenant "blue" gets a pod that calls itself critical to the cluster refused by the quota of system priority
    When control "priority-quota" is removed from tenant "blue"
    Then tenant "blue" gets a pod that calls itself critical to the cluster admitted
    When control "priority-quota" is applied to tenant "blue"
    Then tenant "blue" gets a pod that calls itself critical to the cluster refused by the quota of system priority
