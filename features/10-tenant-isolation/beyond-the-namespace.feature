@control:shared-surfaces
Feature: Shared surfaces beyond the namespace
  Why: A namespace separates the objects of the API and nothing else. Tenants still share the nodes, the network, the
  names of services, and the objects that belong to no namespace. None of this is a defect, but each shared surface
  needs a control of its own.

  How it is proven: Every surface is first exposed, from inside a running pod or with a tenant's own token, and then
  closed by its control. Pod Security closes the node (pod-security.yaml), a NetworkPolicy closes the network
  (network-isolation.yaml), RBAC closes the objects that belong to no namespace (tenant.yaml grants no right to them),
  and a scoped quota closes the system priorities (priority-quota.yaml). The manifests are in fleet-fixtures/controls/.
  A connection counts as closed only while an allowed connection to the same target is open at the same moment, three
  times in a row.

  Not proven here: A container could still break out of its limits through a flaw in the kernel, the runtime or the GPU
  driver. The pods below only ask for access to the node and get it. A network without an enforcer keeps nobody out: the
  API server stores a NetworkPolicy even where nothing enforces it. The scenarios that need enforcement are inconclusive
  where a canary shows that there is none.

  Background:
    Given tenants "blue" and "green"

  Rule: No tenant's pod may use the processes, folders, devices or network of the node that it shares.

    @gpus:2
    Scenario: GPU pods of two tenants run side by side on one node
      When tenant "blue" runs a pod with 1 GPU
      And tenant "green" runs a pod with 1 GPU
      Then the pods of tenants "blue" and "green" run on the same GPU node

    @needs:gpu @needs:workload-image
    Scenario: A pod in the node's process table reads another tenant's command line
      Given tenant "green" runs a training job
      When tenant "blue" runs a pod that shares the node's process table
      Then the pod reads the command line of the job of tenant "green"
      And the job of tenant "green" sees no process but its own

    @needs:gpu @needs:workload-image
    Scenario: A pod that mounts the kubelet's directory reads another tenant's secret
      RBAC denies the secret to tenant "blue", but the kubelet keeps the secrets of every pod of the node as files.

      Given tenant "green" has a secret
      And tenant "green" runs a training job
      Then tenant "blue" cannot read the secret of tenant "green"
      When tenant "blue" runs a pod that mounts the kubelet's directory
      Then the pod reads the secret of tenant "green" off the node's disk

    @needs:gpu @needs:workload-image
    Scenario: A pod that mounts the device plugins' directory sees the kubelet's socket
      The kubelet's socket for device plugins is where the node's GPUs are registered and handed out.

      When tenant "blue" runs a pod that mounts the device plugins' sockets
      Then the pod sees the kubelet's socket for device plugins

    @needs:gpu @needs:workload-image
    Scenario: A pod on the node's network reaches what only the node may reach
      Given tenant "green" runs a training job
      When tenant "blue" runs a pod that shares the node's network
      Then the pod reaches the kubelet at the node's loopback address
      And the job of tenant "green" reaches nothing at that address

    @needs:gpu @needs:workload-image
    Scenario: A privileged pod sees the devices of the node
      Given tenant "green" runs a training job
      When tenant "blue" runs a pod that is privileged
      Then the pod sees the devices of the node
      And the job of tenant "green" sees no device of the node

    @needs:pod-security-admission
    Scenario Outline: Pod Security denies a pod that <asks>
      When tenant "blue" submits a pod that <asks>
      Then the pod is admitted
      When control "pod-security" is applied to tenant "blue"
      Then a pod that <asks> is refused for tenant "blue" by Pod Security "restricted" for "<violation>"
      When control "pod-security" is applied to tenant "blue" without the label "pod-security.kubernetes.io/enforce"
      Then a pod that <asks> is admitted for tenant "blue"
      When control "pod-security" is applied to tenant "blue"
      Then a pod that <asks> is refused for tenant "blue" by Pod Security "restricted" for "<violation>"

      Examples:
        | asks                               | violation                          |
        | shares the node's process table    | host namespaces (hostPID=true)     |
        | shares the node's network          | host namespaces (hostNetwork=true) |
        | mounts the kubelet's directory     | hostPath                           |
        | mounts the device plugins' sockets | hostPath                           |
        | is privileged                      | securityContext.privileged=true    |

  Rule: No pod of another tenant may connect to a tenant's servers.

    @needs:workload-image
    Scenario: Without a policy a tenant connects to another tenant's server
      Given these workloads run
        | tenant | workload |
        | green  | server   |
        | blue   | client   |
      And the namespace of tenant "green" has no network policy
      Then connections to the server of tenant "green":
        | from                        | to          | allowed |
        | the client of tenant "blue" | its pod IP  | yes     |
        | the client of tenant "blue" | its service | yes     |

    @needs:workload-image @needs:network-policy
    Scenario: With a network policy only the tenant's own client connects to its server
      Given these workloads run
        | tenant | workload |
        | green  | server   |
        | green  | client   |
        | blue   | client   |
      When control "network-isolation" is applied to tenant "green"
      Then connections to the server of tenant "green":
        | from                         | allowed |
        | the client of tenant "green" | yes     |
        | the client of tenant "blue"  | no      |
      When control "network-isolation" is removed from tenant "green"
      Then connections to the server of tenant "green":
        | from                         | allowed |
        | the client of tenant "green" | yes     |
        | the client of tenant "blue"  | yes     |
      When control "network-isolation" is applied to tenant "green"
      Then connections to the server of tenant "green":
        | from                         | allowed |
        | the client of tenant "green" | yes     |
        | the client of tenant "blue"  | no      |

  Rule: A service name is no secret, so a network policy, and not the name, must protect the server behind it.

    No control hides a service name from other tenants. A network policy makes the name useless to them.

    @needs:workload-image
    Scenario: A pod's environment names only the services of its own namespace
      Given tenant "blue" has a service
      And tenant "green" has a service
      And tenant "blue" runs a client
      Then the environment of the client of tenant "blue" names the service of tenant "blue" and not that of tenant "green"

    @needs:workload-image @needs:cluster-dns
    Scenario: A tenant finds another tenant's server through the cluster's DNS
      Given these workloads run
        | tenant | workload |
        | green  | server   |
        | blue   | client   |
      Then tenant "blue" cannot list the services of tenant "green"
      And connections to the server of tenant "green":
        | from                        | to       | allowed |
        | the client of tenant "blue" | its name | yes     |

    @needs:workload-image @needs:cluster-dns @needs:network-policy
    Scenario: With a network policy another tenant cannot connect by name
      Given these workloads run
        | tenant | workload |
        | green  | server   |
        | green  | client   |
        | blue   | client   |
      Then connections to the server of tenant "green":
        | from                         | to       | allowed |
        | the client of tenant "green" | its name | yes     |
        | the client of tenant "blue"  | its name | yes     |
      When control "network-isolation" is applied to tenant "green"
      Then connections to the server of tenant "green":
        | from                         | to       | allowed |
        | the client of tenant "green" | its name | yes     |
        | the client of tenant "blue"  | its name | no      |

  Rule: No tenant may list the objects that belong to no namespace or the pods of all tenants.

    Scenario Outline: Only a role for the whole cluster lets a tenant <request>
      Given tenant "green" has a pod
      When the cluster admin tries to <request> of tenant "green"
      Then the request is allowed
      And tenant "blue" cannot <request> of tenant "green"
      And tenant "green" cannot <request> of tenant "blue"
      When tenant "blue" is granted the role "cluster-viewer"
      Then tenant "blue" can <request> of tenant "green"
      When the grant is removed
      Then tenant "blue" can no longer <request> of tenant "green"

      Examples:
        | request                      |
        | list all nodes               |
        | list all namespaces          |
        | list the pods of all tenants |
        | list all persistent volumes  |
        | list all priority classes    |

  Rule: No tenant may give its pods the priority of the cluster's own components.

    Scenario: Only a quota denies a pod that calls itself critical to the cluster
      A tenant can name the highest priority class although it may not even list the classes.

      When tenant "blue" tries to list all priority classes
      Then the request is denied in the whole cluster
      When tenant "blue" submits a pod that calls itself critical to the cluster
      Then the pod is admitted
      And the pod has the priority of a system component
      When control "priority-quota" is applied to tenant "blue"
      Then a pod that calls itself critical to the cluster is refused for tenant "blue" by the quota of system priority
      When control "priority-quota" is removed from tenant "blue"
      Then a pod that calls itself critical to the cluster is admitted for tenant "blue"
      When control "priority-quota" is applied to tenant "blue"
      Then a pod that calls itself critical to the cluster is refused for tenant "blue" by the quota of system priority

  Rule: Each end of a connection is restricted on its own, and neither relies on the other.

    A connection needs both ends to allow it, so one end can hide a mistake in the other. Therefore each end is read from
    the API server and judged alone: for every kind of pod and namespace, for addresses outside, and for the ports next to
    those that are meant. Where an end is meant to be open to everybody, the table says so.

    Scenario: The policy lets a tenant's own pods in, and nobody else
      When control "network-isolation" is applied to tenant "blue"
      Then the network policies of tenant "blue" allow these connections and no others:
        | end | pod       | peer                        | ports |
        | in  | every pod | every pod in this namespace | all   |
        | out | every pod | everybody                   | all   |
