@control:inference-endpoint
Feature: Inference endpoint
  Why: The answers of a model server are worth money, its prompts are secret, and a caller who may ask often enough can
  copy the model (model extraction). On a shared cluster every pod can call it until a NetworkPolicy says who may.

  How it is proven: fleet-fixtures/controls/inference-endpoint.yaml lets only the tenant's gateway call the model
  server, on one port. The gateway may call nothing else, and the model server calls nobody. Allowed: the gateway, at
  the server's pod and Service. Denied: the tenant's other pods, its other namespaces and other tenants. Exposed: the
  policy has a mistake, a tenant writes labels, policies or endpoints that belong to the platform, or a right to the
  node or the API server bypasses the policy. Closed: the correct manifest or role is applied again.

  Not proven here: Who the caller is. A policy tells places apart, not people, and ports, not paths: the gateway's one
  port also serves /metrics. Keys and rates are a control of their own (keys-and-rates.feature). Another node, a load
  balancer or a mesh may change a caller's address before a policy sees it. Each cluster decides this; the scenario of
  node ports records as evidence what this cluster does. Connections that are open when a policy is applied may stay
  open.

  Background:
    Given tenants "blue" and "green"

  Rule: Only the tenant's gateway reaches its model server, and only on the serving port.

    @needs:workload-image @needs:network-policy
    Scenario: Only the gateway of the tenant reaches the model server
      "blue-lab" is a second namespace of tenant "blue", where no models are served.

      Given tenant "blue" has a second namespace "blue-lab"
      And these workloads run
        | workload     | tenant   |
        | model server | blue     |
        | gateway      | blue     |
        | client       | blue     |
        | client       | blue-lab |
        | client       | green    |
      And the namespace of tenant "blue" has no network policy
      Then connections to the model server of tenant "blue":
        | from                            | to          | allowed |
        | the gateway of tenant "blue"    | its service | yes     |
        | the client of tenant "blue"     | its pod IP  | yes     |
        | the client of tenant "blue-lab" | its pod IP  | yes     |
        | the client of tenant "green"    | its pod IP  | yes     |
        | the client of tenant "green"    | its service | yes     |
      When control "inference-endpoint" is applied to tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                            | to          | allowed |
        | the gateway of tenant "blue"    | its pod IP  | yes     |
        | the gateway of tenant "blue"    | its service | yes     |
        | the client of tenant "blue"     | its pod IP  | no      |
        | the client of tenant "blue"     | its service | no      |
        | the client of tenant "blue-lab" | its pod IP  | no      |
        | the client of tenant "blue-lab" | its service | no      |
        | the client of tenant "green"    | its pod IP  | no      |
        | the client of tenant "green"    | its service | no      |
      When control "inference-endpoint" is removed from tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                            | to          | allowed |
        | the client of tenant "blue"     | its pod IP  | yes     |
        | the client of tenant "blue-lab" | its service | yes     |
        | the client of tenant "green"    | its pod IP  | yes     |
      When control "inference-endpoint" is applied to tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                            | allowed |
        | the gateway of tenant "blue"    | yes     |
        | the client of tenant "blue"     | no      |
        | the client of tenant "blue-lab" | no      |
        | the client of tenant "green"    | no      |

    @needs:workload-image @needs:network-policy
    Scenario: Two selectors in one item mean AND, in two items OR
      Written as two items, the same selectors admit every pod of the marked namespaces, and every gateway of the
      policy's own namespace. A podSelector alone never selects pods of another namespace.

      Given these workloads run
        | workload     | tenant |
        | model server | blue   |
        | gateway      | blue   |
        | client       | blue   |
        | client       | green  |
      And tenant "green" labels its client as a gateway
      And control "inference-endpoint" is applied to tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "blue"  | no      |
        | the client of tenant "green" | no      |
      When control "inference-endpoint" is applied to tenant "blue" with the selectors of policy "inference-endpoint" as two items
      Then connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "blue"  | yes     |
        | the client of tenant "green" | no      |
      When control "inference-endpoint" is applied to tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "blue"  | no      |
        | the client of tenant "green" | no      |

    @needs:workload-image @needs:network-policy
    Scenario: A policy without peers or with too wide a range admits everybody
      A missing list of peers means everybody. A policy does not restrict a direction that is not in its list of types.
      An address block is meant for addresses outside the cluster. A block that contains the pods' addresses admits
      every pod, whoever has the address by then.

      Given these workloads run
        | workload     | tenant |
        | model server | blue   |
        | gateway      | blue   |
        | client       | green  |
      When control "inference-endpoint" is applied to tenant "blue" without the peers of policy "inference-endpoint"
      Then connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | yes     |
      When control "inference-endpoint" is applied to tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | no      |
      When control "inference-endpoint" is applied to tenant "blue" without the type "Ingress" of policy "inference-endpoint"
      Then connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | yes     |
      When control "inference-endpoint" is applied to tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | no      |
      When control "inference-endpoint" is applied to tenant "blue" with the CIDR "0.0.0.0/0" as peer of policy "inference-endpoint"
      Then connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | yes     |
      When control "inference-endpoint" is applied to tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | no      |

    @needs:workload-image @needs:network-policy
    Scenario: A port that the policy does not name is closed to the gateway
      A client stands in for the model server here because it listens on more than one port: its own port 8080 over TCP
      and UDP, and an administrator's port 8081.

      Given these workloads run
        | workload | tenant |
        | client   | blue   |
        | gateway  | blue   |
      And tenant "blue" labels its client as a model server
      And control "inference-endpoint" is applied to tenant "blue" with the port "8080" in place of "8000"
      Then connections to the client of tenant "blue":
        | from                         | to            | allowed |
        | the gateway of tenant "blue" | port 8080     | yes     |
        | the gateway of tenant "blue" | port 8081     | no      |
        | the gateway of tenant "blue" | UDP port 8080 | no      |
      When control "inference-endpoint" is applied to tenant "blue" without the ports
      Then connections to the client of tenant "blue":
        | from                         | to            | allowed |
        | the gateway of tenant "blue" | port 8080     | yes     |
        | the gateway of tenant "blue" | port 8081     | yes     |
        | the gateway of tenant "blue" | UDP port 8080 | yes     |
      When control "inference-endpoint" is applied to tenant "blue" with the port "admin" in place of "8000"
      Then connections to the client of tenant "blue":
        | from                         | to            | allowed |
        | the gateway of tenant "blue" | port 8080     | no      |
        | the gateway of tenant "blue" | port 8081     | yes     |
        | the gateway of tenant "blue" | UDP port 8080 | no      |

    @needs:workload-image @needs:network-policy
    Scenario: A default deny protects a model server that lost its label
      A policy protects only the pods that it selects. A client stands in for the model server here; its port is 8080.

      Given these workloads run
        | workload | tenant |
        | client   | blue   |
        | gateway  | blue   |
        | client   | green  |
        | server   | green  |
      And tenant "blue" labels its client as a model server
      And control "inference-endpoint" is applied to tenant "blue" with the port "8080" in place of "8000"
      Then connections to the client of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | no      |
      When tenant "blue" labels its client as a server
      Then connections to the client of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | no      |
        | the client of tenant "green" | yes     |
      When control "default-deny" is applied to tenant "blue"
      Then connections to the client of tenant "blue":
        | from                         | to                           | allowed |
        | the client of tenant "green" | the server of tenant "green" | yes     |
        | the client of tenant "blue"  | its pod IP                   | yes     |
        | the client of tenant "green" | its pod IP                   | no      |
      When tenant "blue" labels its client as a model server
      Then connections to the client of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | no      |

  Rule: The model server calls nobody, and its gateway calls nothing but the model server.

    @needs:workload-image @needs:network-policy
    Scenario: Neither the model server nor its gateway reaches another tenant
      A client stands in for a model server that was taken over. Its answers to the gateway pass; a call of its own does
      not.

      Given these workloads run
        | workload     | tenant |
        | model server | blue   |
        | gateway      | blue   |
        | client       | blue   |
        | server       | green  |
        | client       | green  |
      And tenant "blue" labels its client as a model server
      Then connections to the server of tenant "green":
        | from                         | allowed |
        | the client of tenant "blue"  | yes     |
        | the gateway of tenant "blue" | yes     |
      When control "inference-endpoint" is applied to tenant "blue"
      Then connections to the server of tenant "green":
        | from                         | to                                | allowed |
        | the client of tenant "green" | its pod IP                        | yes     |
        | the gateway of tenant "blue" | the model server of tenant "blue" | yes     |
        | the client of tenant "blue"  | its pod IP                        | no      |
        | the gateway of tenant "blue" | its pod IP                        | no      |
      And connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "blue"  | no      |
      When control "inference-endpoint" is applied to tenant "blue" without the type "Egress" of policy "inference-endpoint"
      Then connections to the server of tenant "green":
        | from                         | allowed |
        | the client of tenant "blue"  | yes     |
        | the gateway of tenant "blue" | no      |
      When control "inference-endpoint" is applied to tenant "blue"
      Then connections to the server of tenant "green":
        | from                         | to                                | allowed |
        | the client of tenant "green" | its pod IP                        | yes     |
        | the gateway of tenant "blue" | the model server of tenant "blue" | yes     |
        | the client of tenant "blue"  | its pod IP                        | no      |
        | the gateway of tenant "blue" | its pod IP                        | no      |

  Rule: The platform alone decides from which namespaces a gateway may call.
    A policy chooses callers by labels, so it is only as strong as the control over these labels. The platform writes
    the labels of namespaces. The tenant writes the labels of its pods: whoever may create or change a pod in a serving
    namespace may create a gateway there. That is the tenant's own affair.

    @needs:workload-image @needs:network-policy
    Scenario: A gateway label on a pod counts only in a marked namespace
      Every client here is labelled as a gateway. The policy accepts the label only in a namespace that the platform
      marked. In that namespace anyone of the tenant who may create or change a pod can label one as a gateway: the
      right to change pods is the right to call the model server.

      Given tenant "blue" has a second namespace "blue-lab"
      And these workloads run
        | workload     | tenant   |
        | model server | blue     |
        | client       | blue     |
        | client       | blue-lab |
        | client       | green    |
      And control "inference-endpoint" is applied to tenant "blue"
      When tenant "blue" labels its client as a gateway
      And tenant "blue-lab" labels its client as a gateway
      And tenant "green" labels its client as a gateway
      Then connections to the model server of tenant "blue":
        | from                            | to          | allowed |
        | the client of tenant "blue"     | its pod IP  | yes     |
        | the client of tenant "blue-lab" | its pod IP  | no      |
        | the client of tenant "green"    | its pod IP  | no      |
        | the client of tenant "green"    | its service | no      |
      When control "inference-endpoint" is applied to tenant "blue" with the empty "namespaceSelector" of policy "inference-endpoint"
      Then connections to the model server of tenant "blue":
        | from                            | allowed |
        | the client of tenant "blue"     | yes     |
        | the client of tenant "blue-lab" | yes     |
        | the client of tenant "green"    | yes     |
      When control "inference-endpoint" is applied to tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                            | allowed |
        | the client of tenant "blue"     | yes     |
        | the client of tenant "blue-lab" | no      |
        | the client of tenant "green"    | no      |

    @needs:workload-image @needs:network-policy
    Scenario: A tenant that may label namespaces can admit itself
      Given these workloads run
        | workload     | tenant |
        | model server | blue   |
        | gateway      | blue   |
        | client       | green  |
      And control "inference-endpoint" is applied to tenant "blue"
      When tenant "green" labels its client as a gateway
      Then tenant "blue" cannot label the namespace as one that serves the models of blue
      And tenant "green" cannot label the namespace as one that serves the models of blue
      And connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | no      |
      When tenant "green" is granted the role "namespace-editor"
      Then tenant "green" can label the namespace as one that serves the models of blue
      And connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | yes     |
      When the grant is removed
      And the platform restores the labels of the namespace of tenant "green"
      Then connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | no      |
      And tenant "green" can no longer label the namespace as one that serves the models of blue

    @needs:workload-image @needs:network-policy @needs:namespace-names
    Scenario: Nobody can give a namespace the name of another namespace
      Since Kubernetes 1.21 the API server itself writes the label kubernetes.io/metadata.name. Before, it is a label
      like any other.

      Given these workloads run
        | workload     | tenant |
        | model server | blue   |
        | gateway      | blue   |
        | client       | green  |
      And control "inference-endpoint" is applied to tenant "blue" with the namespaces of policy "inference-endpoint" chosen by their names
      When tenant "green" labels its client as a gateway
      And the cluster admin tries to label the namespace of tenant "green" with the name of that of tenant "blue"
      Then the namespace of tenant "green" is still labelled with its own name
      And connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | no      |

    @needs:workload-image @needs:network-policy
    Scenario: A gateway in a second namespace is admitted once the platform marks it
      "blue-edge" is a second namespace of tenant "blue". A peer without a namespaceSelector selects only pods of the
      policy's own namespace.

      Given tenant "blue" has a second namespace "blue-edge"
      And these workloads run
        | workload     | tenant    |
        | model server | blue      |
        | gateway      | blue      |
        | gateway      | blue-edge |
      And control "inference-endpoint" is applied to tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                              | allowed |
        | the gateway of tenant "blue"      | yes     |
        | the gateway of tenant "blue-edge" | no      |
      When control "inference-endpoint" is applied to tenant "blue-edge"
      Then connections to the model server of tenant "blue":
        | from                              | allowed |
        | the gateway of tenant "blue"      | yes     |
        | the gateway of tenant "blue-edge" | yes     |
      When control "inference-endpoint" is applied to tenant "blue" without the selector "namespaceSelector" of policy "inference-endpoint"
      Then connections to the model server of tenant "blue":
        | from                              | allowed |
        | the gateway of tenant "blue"      | yes     |
        | the gateway of tenant "blue-edge" | no      |

  Rule: No tenant bypasses the policy through a node or the API server.
    A policy applies to packets between pods. A call from the node or from the API server bypasses it. Pod Security and
    RBAC decide who can cause such a call.

    @needs:workload-image @needs:network-policy @needs:node-port
    Scenario: A node port with Local traffic gives no access past the policy
      With externalTrafficPolicy Cluster, a node that takes the traffic for another node may replace the caller's
      address with its own, and network plugins differ in how they then apply a policy. With Local the caller's address
      stays. Without a node port the question does not arise.

      Given these workloads run
        | workload     | tenant |
        | model server | blue   |
        | gateway      | blue   |
        | client       | green  |
      When tenant "blue" exposes its model server on a port of every node
      And somebody outside the cluster reaches the node port of the model server of tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                         | to            | allowed |
        | the gateway of tenant "blue" | its node port | yes     |
        | the client of tenant "green" | its node port | yes     |
      When tenant "blue" exposes its model server on a port of its own node only
      And somebody outside the cluster reaches the node port of the model server of tenant "blue"
      And control "inference-endpoint" is applied to tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                         | to            | allowed |
        | the gateway of tenant "blue" | its pod IP    | yes     |
        | the client of tenant "green" | its pod IP    | no      |
        | the client of tenant "green" | its node port | no      |
      And nobody outside the cluster reaches the node port of the model server of tenant "blue"
      # Evidence only, no verdict: this records whether the policy still sees the caller.
      When tenant "blue" exposes its model server on a port of every node
      And somebody outside the cluster tries the node port of the model server of tenant "blue"
      And tenant "blue" has an object quota
      Then tenant "blue" cannot create more Services with a node port

    @needs:workload-image @needs:network-policy
    Scenario: A pod on the node's network reaches the model server despite the policy
      Given these workloads run
        | workload     | tenant |
        | model server | blue   |
        | gateway      | blue   |
        | client       | green  |
      And control "inference-endpoint" is applied to tenant "blue"
      When tenant "green" runs a pod that shares the node's network
      Then connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | no      |
      And the pod reaches the model server of tenant "blue"

    @needs:pod-security-admission
    Scenario Outline: Pod Security refuses a pod that <asks>
      Then a pod that <asks> is admitted for tenant "green"
      When control "pod-security" is applied to tenant "green"
      Then a pod that <asks> is refused for tenant "green" by Pod Security "restricted" for "<violation>"
      When control "pod-security" is applied to tenant "green" without the label "pod-security.kubernetes.io/enforce"
      Then a pod that <asks> is admitted for tenant "green"
      When control "pod-security" is applied to tenant "green"
      Then a pod that <asks> is refused for tenant "green" by Pod Security "restricted" for "<violation>"

      Examples:
        | asks                          | violation                          |
        | shares the node's network     | host namespaces (hostNetwork=true) |
        | listens on a port of the node | hostPort                           |

    @needs:workload-image @needs:network-policy
    Scenario: A right to proxy, port-forward or exec lets a tenant bypass the policy
      Given these workloads run
        | workload     | tenant |
        | model server | blue   |
        | gateway      | blue   |
        | client       | green  |
      And the personas of tenant "blue"
      And tenant "green" has the duty "model-support" in the namespace of tenant "blue"
      When control "inference-endpoint" is applied to tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                         | allowed |
        | the gateway of tenant "blue" | yes     |
        | the client of tenant "green" | no      |
      And tenant "green" cannot use pods/proxy to reach the model server of tenant "blue"
      And tenant "green" cannot use services/proxy to reach the model server of tenant "blue"
      And tenant "green" cannot use port-forward to reach the model server of tenant "blue"
      And tenant "green" cannot use exec to reach the model server of tenant "blue"
      When tenant "green" has the duty "model-support" in the namespace of tenant "blue" with the right "get" on "pods/proxy"
      Then tenant "green" can use pods/proxy to reach the model server of tenant "blue"
      When tenant "green" has the duty "model-support" in the namespace of tenant "blue" with the right "get" on "services/proxy"
      Then tenant "green" can use services/proxy to reach the model server of tenant "blue"
      And tenant "green" can no longer use pods/proxy to reach the model server of tenant "blue"
      When tenant "green" has the duty "model-support" in the namespace of tenant "blue" with the right "*" on "pods/portforward"
      Then tenant "green" can use port-forward to reach the model server of tenant "blue"
      And tenant "green" can no longer use services/proxy to reach the model server of tenant "blue"
      When tenant "green" has the duty "model-support" in the namespace of tenant "blue" with the right "*" on "pods/exec"
      Then tenant "green" can use exec to reach the model server of tenant "blue"
      And tenant "green" can no longer use port-forward to reach the model server of tenant "blue"
      When tenant "green" has the duty "model-support" in the namespace of tenant "blue"
      Then tenant "green" can no longer use exec to reach the model server of tenant "blue"
      # The same connection as a declared right: one Service, by its name, for the persona whose work is to call it.
      And the inference client can use services/proxy to reach the model server of tenant "blue"
      And the inference client cannot use pods/proxy to reach the model server of tenant "blue"

  Rule: The platform writes the endpoints of Services, and no Service leads past the policy.

    @needs:workload-image @needs:network-policy
    Scenario: A Service with another tenant's address gives no access past the policy
      A Service without a selector leads to the addresses in its Endpoints (CVE-2021-25740 is about load balancers and
      ingresses that follow it). A policy applies to the pod behind the Service, whatever leads there. The API server
      calls only pods of the Service's own namespace.

      Given these workloads run
        | workload     | tenant |
        | model server | blue   |
        | gateway      | blue   |
        | client       | green  |
      And tenant "green" has the duty "dashboards"
      When tenant "green" tries to point its own Service at the model server of tenant "blue"
      Then the request is denied in the namespace of tenant "green"
      When tenant "green" has the duty "dashboards" with the verb "create" on "endpoints"
      Then tenant "green" can point its own Service at the model server of tenant "blue"
      And connections to the model server of tenant "blue":
        | from                         | to                                        | allowed |
        | the gateway of tenant "blue" | the service "my-models" of tenant "green" | yes     |
        | the client of tenant "green" | the service "my-models" of tenant "green" | yes     |
      And the API server finds no pod of tenant "green" behind that service
      When control "inference-endpoint" is applied to tenant "blue"
      Then connections to the model server of tenant "blue":
        | from                         | to                                        | allowed |
        | the gateway of tenant "blue" | the service "my-models" of tenant "green" | yes     |
        | the client of tenant "green" | the service "my-models" of tenant "green" | no      |
        | the client of tenant "green" | its pod IP                                | no      |
      When tenant "green" has the duty "dashboards"
      Then tenant "green" can no longer point its own Service at the model server of tenant "blue"

    Scenario Outline: A tenant cannot <request> without an extra right
      Then tenant "blue" cannot <request>
      And tenant "green" cannot <request>
      When tenant "green" has the duty "dashboards" with the right "create" on "<resource>"
      Then tenant "green" can <request>
      When tenant "green" has the duty "dashboards"
      Then tenant "green" can no longer <request>

      Examples:
        | request               | resource                        |
        | write endpoints       | endpoints                       |
        | write endpoint slices | endpointslices.discovery.k8s.io |

  Rule: Only the platform writes the policy; no persona of a tenant may add, change or remove one.

    Scenario Outline: A tenant cannot <request> without the right to <verb> policies
      Policies only add permissions. Whoever may write one more policy opens what all the others close, and so does
      whoever may change or delete one.

      Given control "inference-endpoint" is applied to tenant "blue"
      Then tenant "blue" cannot <request>
      And tenant "green" cannot <request>
      When control "tenant" is applied to tenant "blue" with the right "<verb>" on "networkpolicies.networking.k8s.io"
      Then tenant "blue" can <request>
      When control "tenant" is applied to tenant "blue"
      And control "inference-endpoint" is applied to tenant "blue"
      Then tenant "blue" can no longer <request>

      Examples:
        | request                                  | verb   |
        | delete the policy of the model server    | delete |
        | open the policy of the model server      | patch  |
        | add a policy that opens the model server | create |

    Scenario Outline: The <persona> can call the model server only as its work requires
      Whoever creates a pod where models are served can create a gateway. No persona of the tenant may write policies or
      labels of namespaces. Except for one Service, by its name, no persona may use the API server to bypass the policy
      beyond its own work.

      Given the personas of tenant "blue"
      And control "inference-endpoint" is applied to tenant "blue"
      Then the requests of the <persona> are allowed or denied as follows:
        | action                                                       | of    | verdict    |
        | create a pod                                                 | blue  | <pods>     |
        | roll out a deployment                                        | blue  | <rollouts> |
        | create a pod                                                 | green | denied     |
        | delete the policy of the model server                        | blue  | denied     |
        | open the policy of the model server                          | blue  | denied     |
        | add a policy that opens the model server                     | blue  | denied     |
        | label the namespace as one that serves the models of blue    | blue  | denied     |
        | label the namespace as one that serves the models of blue    | green | denied     |
        | use pods/proxy to reach the model server                      | blue  | denied     |
        | use services/proxy to reach the model server                  | green | denied     |
        | use port-forward to reach the model server                    | green | denied     |
        | use exec to reach the model server                            | green | denied     |

      Examples:
        | persona          | pods    | rollouts |
        | tenant admin     | denied  | denied   |
        | GPU developer    | allowed | allowed  |
        | deployer         | denied  | allowed  |
        | telemetry reader | denied  | denied   |
        | inference client | denied  | denied   |
        | auditor          | denied  | denied   |

  Rule: Each end of a connection is restricted on its own, and neither relies on the other.

    A connection needs both ends to allow it, so one end can hide a mistake in the other. Therefore each end is read from
    the API server and judged alone: for every kind of pod and namespace, for addresses outside, and for the ports next to
    those that are meant. Where an end is meant to be open to everybody, the table says so.

    Scenario: Each end of the policies lets gateways call model servers in serving namespaces of the tenant, on one port
      When control "inference-endpoint" is applied to tenant "blue"
      Then the network policies of tenant "blue" allow these connections and no others:
        | end | pod                                    | peer                                              | ports    |
        | in  | every pod but model-server             | everybody                                         | all      |
        | in  | model-server                           | gateway in a serving namespace of the tenant      | TCP 8000 |
        | out | every pod but model-server and gateway | everybody                                         | all      |
        | out | gateway                                | model-server in a serving namespace of the tenant | TCP 8000 |
      And the platform's labels and annotations on the namespace of tenant "blue" are exactly:
        | key                   | value  |
        | security.specs/tenant | blue   |
        | security.specs/serves | models |
