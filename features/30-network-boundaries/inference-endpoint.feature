@control:inference-endpoint
Feature: The inference endpoint
  Who can call the model server? Its answers are worth money, its prompts are secrets, and whoever may ask it often enough has
  a copy of it (model extraction). On a shared cluster every pod may, until a NetworkPolicy says who may: the tenant's gateway,
  on one port. fleet-fixtures/controls/inference-endpoint.yaml is that policy, and its other end: the gateway calls the model
  server and nothing else, the model server calls nobody.

  A policy chooses callers by labels, so it is worth what it takes to write them. A namespace's labels are the platform's. A
  pod's labels are the tenant's: at home whoever may make or change a pod may make a gateway, which is the tenant's own affair.
  And a policy sees packets between pods. Whoever gets the node or the API server to call goes round it, and is kept from that
  by Pod Security and RBAC.

  Not proven here: who the caller is. A policy tells places apart, not people, and ports, not paths: the gateway's one port
  also has /metrics. Keys and rates are a control of their own. What another node, a load balancer or a mesh makes of a
  caller's address before a policy sees it, each cluster decides; the scenario of node ports keeps what this one does as
  evidence. Connections that are open when a policy comes may stay open.

  Background:
    Given tenants "blue" and "green"

  @needs:workload-image @needs:network-policy
  Scenario: The gateway of the tenant calls the model server, and nobody else does
    "blue-lab" is a second namespace of tenant "blue", where no models are served.

    Given tenant "blue" has a second namespace "blue-lab"
    And these workloads run
      | workload     | tenant   |
      | model server | blue     |
      | gateway      | blue     |
      | client       | blue     |
      | client       | blue-lab |
      | client       | green    |
    And no network policy stands in the namespace of tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                              | at          | reached |
      | the gateway of tenant "blue"    | its service | yes     |
      | the client of tenant "blue"     | its pod IP  | yes     |
      | the client of tenant "blue-lab" | its pod IP  | yes     |
      | the client of tenant "green"    | its pod IP  | yes     |
      | the client of tenant "green"    | its service | yes     |
    When control "inference-endpoint" is applied to tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                              | at          | reached |
      | the gateway of tenant "blue"    | its pod IP  | yes     |
      | the gateway of tenant "blue"    | its service | yes     |
      | the client of tenant "blue"     | its pod IP  | no      |
      | the client of tenant "blue"     | its service | no      |
      | the client of tenant "blue-lab" | its pod IP  | no      |
      | the client of tenant "blue-lab" | its service | no      |
      | the client of tenant "green"    | its pod IP  | no      |
      | the client of tenant "green"    | its service | no      |
    When control "inference-endpoint" is removed from tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                              | at          | reached |
      | the client of tenant "blue"     | its pod IP  | yes     |
      | the client of tenant "blue-lab" | its service | yes     |
      | the client of tenant "green"    | its pod IP  | yes     |
    When control "inference-endpoint" is applied to tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                              | reached |
      | the gateway of tenant "blue"    | yes     |
      | the client of tenant "blue"     | no      |
      | the client of tenant "blue-lab" | no      |
      | the client of tenant "green"    | no      |

  @needs:workload-image @needs:network-policy
  Scenario: A borrowed label opens nothing elsewhere and everything at home
    Every pod here says that it is a gateway. Believed is who says so in a namespace that the platform marked. There it is true
    for whoever of the tenant may make or change a pod: that right is the right to call the model server.

    Given tenant "blue" has a second namespace "blue-lab"
    And these workloads run
      | workload     | tenant   |
      | model server | blue     |
      | client       | blue     |
      | client       | blue-lab |
      | client       | green    |
    And control "inference-endpoint" is applied to tenant "blue"
    When tenant "blue" calls its client a gateway
    And tenant "blue-lab" calls its client a gateway
    And tenant "green" calls its client a gateway
    Then the model server of tenant "blue" is reached as follows
      | by                              | at          | reached |
      | the client of tenant "blue"     | its pod IP  | yes     |
      | the client of tenant "blue-lab" | its pod IP  | no      |
      | the client of tenant "green"    | its pod IP  | no      |
      | the client of tenant "green"    | its service | no      |
    When control "inference-endpoint" is applied to tenant "blue" with the selector "namespaceSelector" of policy "inference-endpoint" left empty
    Then the model server of tenant "blue" is reached as follows
      | by                              | reached |
      | the client of tenant "blue"     | yes     |
      | the client of tenant "blue-lab" | yes     |
      | the client of tenant "green"    | yes     |
    When control "inference-endpoint" is applied to tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                              | reached |
      | the client of tenant "blue"     | yes     |
      | the client of tenant "blue-lab" | no      |
      | the client of tenant "green"    | no      |

  @needs:workload-image @needs:network-policy
  Scenario: Two selectors in one item mean AND, in two items OR
    Written as two items, the same selectors let in every pod of the marked namespaces, and every gateway of the policy's own
    namespace: a podSelector alone never means another namespace.

    Given these workloads run
      | workload     | tenant |
      | model server | blue   |
      | gateway      | blue   |
      | client       | blue   |
      | client       | green  |
    And tenant "green" calls its client a gateway
    And control "inference-endpoint" is applied to tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "blue"  | no      |
      | the client of tenant "green" | no      |
    When control "inference-endpoint" is applied to tenant "blue" with the selectors of policy "inference-endpoint" as two items
    Then the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "blue"  | yes     |
      | the client of tenant "green" | no      |
    When control "inference-endpoint" is applied to tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "blue"  | no      |
      | the client of tenant "green" | no      |

  @needs:workload-image @needs:network-policy
  Scenario: A line too few, or a range too wide, lets everybody in
    No peers are all peers, and a direction that is not in the list of types is not judged at all. An address block is meant for
    what is outside the cluster; one that holds the pods' addresses lets in every pod, whoever has the address by then.

    Given these workloads run
      | workload     | tenant |
      | model server | blue   |
      | gateway      | blue   |
      | client       | green  |
    When control "inference-endpoint" is applied to tenant "blue" without the peers of policy "inference-endpoint"
    Then the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | yes     |
    When control "inference-endpoint" is applied to tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | no      |
    When control "inference-endpoint" is applied to tenant "blue" without the type "Ingress" of policy "inference-endpoint"
    Then the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | yes     |
    When control "inference-endpoint" is applied to tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | no      |
    When control "inference-endpoint" is applied to tenant "blue" with the address block "0.0.0.0/0" as the peer of policy "inference-endpoint"
    Then the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | yes     |
    When control "inference-endpoint" is applied to tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | no      |

  @needs:workload-image @needs:network-policy
  Scenario: A port that nobody named is closed to the gateway, too
    A client plays the model server here, for it listens on more than one port: its own, 8080, in TCP and UDP, and an
    administrator's, 8081.

    Given these workloads run
      | workload | tenant |
      | client   | blue   |
      | gateway  | blue   |
    And tenant "blue" calls its client a model server
    And control "inference-endpoint" is applied to tenant "blue" with the port "8080" in place of "8000"
    Then the client of tenant "blue" is reached as follows
      | by                           | at            | reached |
      | the gateway of tenant "blue" | port 8080     | yes     |
      | the gateway of tenant "blue" | port 8081     | no      |
      | the gateway of tenant "blue" | UDP port 8080 | no      |
    When control "inference-endpoint" is applied to tenant "blue" without the ports
    Then the client of tenant "blue" is reached as follows
      | by                           | at            | reached |
      | the gateway of tenant "blue" | port 8080     | yes     |
      | the gateway of tenant "blue" | port 8081     | yes     |
      | the gateway of tenant "blue" | UDP port 8080 | yes     |
    When control "inference-endpoint" is applied to tenant "blue" with the port "admin" in place of "8000"
    Then the client of tenant "blue" is reached as follows
      | by                           | at            | reached |
      | the gateway of tenant "blue" | port 8080     | no      |
      | the gateway of tenant "blue" | port 8081     | yes     |
      | the gateway of tenant "blue" | UDP port 8080 | no      |

  @needs:workload-image @needs:network-policy
  Scenario: A borrowed label of a namespace opens everything, so no tenant may write one
    Given these workloads run
      | workload     | tenant |
      | model server | blue   |
      | gateway      | blue   |
      | client       | green  |
    And control "inference-endpoint" is applied to tenant "blue"
    When tenant "green" calls its client a gateway
    Then tenants "blue" and "green" cannot pass the namespace off as one that serves the models of blue
    And the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | no      |
    When a namespace editor role is bound to tenant "green"
    Then tenant "green" can pass the namespace off as one that serves the models of blue
    And the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | yes     |
    When the namespace editor role is removed
    And the platform writes the labels of the namespace of tenant "green" anew
    Then the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | no      |
    And tenant "green" can no longer pass the namespace off as one that serves the models of blue

  @needs:workload-image @needs:network-policy @needs:namespace-names
  Scenario: A namespace's own name cannot be borrowed, whoever tries
    From Kubernetes 1.21 on the API server writes kubernetes.io/metadata.name itself. Before, it is a label like any other.

    Given these workloads run
      | workload     | tenant |
      | model server | blue   |
      | gateway      | blue   |
      | client       | green  |
    And control "inference-endpoint" is applied to tenant "blue" with the namespaces of policy "inference-endpoint" chosen by their names
    When tenant "green" calls its client a gateway
    And the platform admin tries to give the namespace of tenant "green" the name of that of tenant "blue"
    Then the namespace of tenant "green" is still called by its own name
    And the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | no      |

  @needs:workload-image @needs:network-policy
  Scenario: The gateway moves to a namespace of its own when the platform marks that
    "blue-edge" is a second namespace of tenant "blue". What has no namespaceSelector speaks of the policy's own namespace.

    Given tenant "blue" has a second namespace "blue-edge"
    And these workloads run
      | workload     | tenant    |
      | model server | blue      |
      | gateway      | blue      |
      | gateway      | blue-edge |
    And control "inference-endpoint" is applied to tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                                | reached |
      | the gateway of tenant "blue"      | yes     |
      | the gateway of tenant "blue-edge" | no      |
    When control "inference-endpoint" is applied to tenant "blue-edge"
    Then the model server of tenant "blue" is reached as follows
      | by                                | reached |
      | the gateway of tenant "blue"      | yes     |
      | the gateway of tenant "blue-edge" | yes     |
    When control "inference-endpoint" is applied to tenant "blue" without the selector "namespaceSelector" of policy "inference-endpoint"
    Then the model server of tenant "blue" is reached as follows
      | by                                | reached |
      | the gateway of tenant "blue"      | yes     |
      | the gateway of tenant "blue-edge" | no      |

  @needs:workload-image @needs:network-policy
  Scenario: The model server calls nobody, and its gateway calls nobody else
    A client plays a model server that has been taken over: its answers to the gateway pass, a call of its own does not.

    Given these workloads run
      | workload     | tenant |
      | model server | blue   |
      | gateway      | blue   |
      | client       | blue   |
      | server       | green  |
    And tenant "blue" calls its client a model server
    Then the server of tenant "green" is reached as follows
      | by                           | reached |
      | the client of tenant "blue"  | yes     |
      | the gateway of tenant "blue" | yes     |
    When control "inference-endpoint" is applied to tenant "blue"
    Then the server of tenant "green" is reached as follows
      | by                           | at         | reached |
      | the server of tenant "green" | its pod IP | yes     |
      | the client of tenant "blue"  | its pod IP | no      |
      | the gateway of tenant "blue" | its pod IP | no      |
    And the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "blue"  | no      |
    When control "inference-endpoint" is applied to tenant "blue" without the type "Egress" of policy "inference-endpoint"
    Then the server of tenant "green" is reached as follows
      | by                           | reached |
      | the client of tenant "blue"  | yes     |
      | the gateway of tenant "blue" | no      |
    When control "inference-endpoint" is applied to tenant "blue"
    Then the server of tenant "green" is reached as follows
      | by                           | reached |
      | the server of tenant "green" | yes     |
      | the client of tenant "blue"  | no      |
      | the gateway of tenant "blue" | no      |

  @needs:workload-image @needs:network-policy
  Scenario: A node port is one more way to the same pod
    A node that takes the traffic for another may put its own address in place of the caller's (externalTrafficPolicy Cluster);
    what a policy then makes of it differs. With Local the caller's address stays. With no node port there is no question.

    Given these workloads run
      | workload     | tenant |
      | model server | blue   |
      | gateway      | blue   |
      | client       | green  |
    When tenant "blue" opens its model server on a port of every node
    And somebody outside the cluster reaches the node port of the model server of tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                           | at            | reached |
      | the gateway of tenant "blue" | its node port | yes     |
      | the client of tenant "green" | its node port | yes     |
    When tenant "blue" opens its model server on a port of its own node only
    And somebody outside the cluster reaches the node port of the model server of tenant "blue"
    And control "inference-endpoint" is applied to tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                           | at            | reached |
      | the gateway of tenant "blue" | its pod IP    | yes     |
      | the client of tenant "green" | its pod IP    | no      |
      | the client of tenant "green" | its node port | no      |
    And nobody outside the cluster reaches the node port of the model server of tenant "blue"
    # Evidence, no verdict: whether the policy still sees the caller.
    When tenant "blue" opens its model server on a port of every node
    And somebody outside the cluster tries the node port of the model server of tenant "blue"
    And tenant "blue" has an object quota
    Then tenant "blue" cannot make more Services with a node port

  @needs:workload-image @needs:network-policy
  Scenario: The node's own traffic passes, and a pod in the node's network is the node
    Given these workloads run
      | workload     | tenant |
      | model server | blue   |
      | gateway      | blue   |
      | client       | green  |
    And control "inference-endpoint" is applied to tenant "blue"
    When tenant "green" runs a pod that shares the node's network
    Then the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | no      |
    And the pod reaches the model server of tenant "blue"

  @needs:pod-security-admission
  Scenario Outline: Pod Security keeps tenants out of the node's network: a pod that <asks>
    Then tenant "green" gets a pod that <asks> admitted
    When control "pod-security" is applied to tenant "green"
    Then tenant "green" gets a pod that <asks> refused by Pod Security "restricted" for "<violation>"
    When control "pod-security" is applied to tenant "green" without the label "pod-security.kubernetes.io/enforce"
    Then tenant "green" gets a pod that <asks> admitted
    When control "pod-security" is applied to tenant "green"
    Then tenant "green" gets a pod that <asks> refused by Pod Security "restricted" for "<violation>"

    Examples:
      | asks                          | violation                          |
      | shares the node's network     | host namespaces (hostNetwork=true) |
      | listens on a port of the node | hostPort                           |

  @needs:workload-image @needs:network-policy
  Scenario: The API server goes round the policy for whoever may ask it to
    Given these workloads run
      | workload     | tenant |
      | model server | blue   |
      | gateway      | blue   |
      | client       | green  |
    And the personas of tenant "blue"
    And tenant "green" has the duty "model-support" at tenant "blue"
    When control "inference-endpoint" is applied to tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | no      |
    And tenant "green" cannot reach by pods/proxy the model server of tenant "blue"
    And tenant "green" cannot reach by services/proxy the model server of tenant "blue"
    And tenant "green" cannot reach by port-forward the model server of tenant "blue"
    And tenant "green" cannot reach by exec the model server of tenant "blue"
    When tenant "green" has the duty "model-support" at tenant "blue" with the right "get" on "pods/proxy"
    Then tenant "green" can reach by pods/proxy the model server of tenant "blue"
    When tenant "green" has the duty "model-support" at tenant "blue" with the right "get" on "services/proxy"
    Then tenant "green" can reach by services/proxy the model server of tenant "blue"
    And tenant "green" can no longer reach by pods/proxy the model server of tenant "blue"
    When tenant "green" has the duty "model-support" at tenant "blue" with the right "*" on "pods/portforward"
    Then tenant "green" can reach by port-forward the model server of tenant "blue"
    And tenant "green" can no longer reach by services/proxy the model server of tenant "blue"
    When tenant "green" has the duty "model-support" at tenant "blue" with the right "*" on "pods/exec"
    Then tenant "green" can reach by exec the model server of tenant "blue"
    And tenant "green" can no longer reach by port-forward the model server of tenant "blue"
    When tenant "green" has the duty "model-support" at tenant "blue"
    Then tenant "green" can no longer reach by exec the model server of tenant "blue"
    # The same way, declared: one Service, by its name, for the persona whose work is to call it.
    And the inference client can reach by services/proxy the model server of tenant "blue"
    And the inference client cannot reach by pods/proxy the model server of tenant "blue"

  @needs:workload-image @needs:network-policy
  Scenario: A service of one's own with somebody else's address leads no further than the address
    A Service without a selector leads where its Endpoints say (CVE-2021-25740 is about load balancers and ingresses that follow
    it). A policy looks at the pod behind it, whatever leads there, and the API server calls pods of the Service's namespace only.

    Given these workloads run
      | workload     | tenant |
      | model server | blue   |
      | gateway      | blue   |
      | client       | green  |
    And tenant "green" has the duty "dashboards"
    When tenant "green" tries to lead a service of its own to the model server of tenant "blue"
    Then the request is denied in the namespace of tenant "green"
    When tenant "green" has the duty "dashboards" with the verb "create" on "endpoints"
    Then tenant "green" can lead a service of its own to the model server of tenant "blue"
    And the model server of tenant "blue" is reached as follows
      | by                           | at                                        | reached |
      | the gateway of tenant "blue" | the service "my-models" of tenant "green" | yes     |
      | the client of tenant "green" | the service "my-models" of tenant "green" | yes     |
    And the API server finds no pod of tenant "green" behind that service
    When control "inference-endpoint" is applied to tenant "blue"
    Then the model server of tenant "blue" is reached as follows
      | by                           | at                                        | reached |
      | the gateway of tenant "blue" | the service "my-models" of tenant "green" | yes     |
      | the client of tenant "green" | the service "my-models" of tenant "green" | no      |
      | the client of tenant "green" | its pod IP                                | no      |
    When tenant "green" has the duty "dashboards"
    Then tenant "green" can no longer lead a service of its own to the model server of tenant "blue"

  Scenario Outline: Which addresses stand behind a Service is the platform's to say: a tenant that can <request>
    Then tenants "blue" and "green" cannot <request>
    When tenant "green" has the duty "dashboards" with the right "create" on "<resource>"
    Then tenant "green" can <request>
    When tenant "green" has the duty "dashboards"
    Then tenant "green" can no longer <request>

    Examples:
      | request               | resource                        |
      | write endpoints       | endpoints                       |
      | write endpoint slices | endpointslices.discovery.k8s.io |

  @needs:workload-image @needs:network-policy
  Scenario: A pod that loses its label leaves its policy, and a default deny catches it
    A policy protects what it selects. A client plays the model server here; its port is 8080.

    Given these workloads run
      | workload | tenant |
      | client   | blue   |
      | gateway  | blue   |
      | client   | green  |
    And tenant "blue" calls its client a model server
    And control "inference-endpoint" is applied to tenant "blue" with the port "8080" in place of "8000"
    Then the client of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | no      |
    When tenant "blue" calls its client a server
    Then the client of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | no      |
      | the client of tenant "green" | yes     |
    When control "default-deny" is applied to tenant "blue"
    Then the client of tenant "blue" is reached as follows
      | by                           | reached |
      | the client of tenant "blue"  | yes     |
      | the client of tenant "green" | no      |
    When tenant "blue" calls its client a model server
    Then the client of tenant "blue" is reached as follows
      | by                           | reached |
      | the gateway of tenant "blue" | yes     |
      | the client of tenant "green" | no      |

  Scenario Outline: The policy is the platform's: a tenant that can <request>
    Policies only add up: whoever may write one more opens what all others close, as whoever may change or delete them.

    Given control "inference-endpoint" is applied to tenant "blue"
    Then tenants "blue" and "green" cannot <request>
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

  Scenario Outline: Who of the tenant can call, and who can let others: the <persona>
    Whoever makes a pod where models are served makes a gateway of it. Nobody around the tenant writes policies or labels of
    namespaces, and one Service by its name aside, none goes round by the API server beyond what is his.

    Given the personas of tenant "blue"
    And control "inference-endpoint" is applied to tenant "blue"
    Then the requests of the <persona> are judged so:
      | action                                                       | of    | verdict    |
      | create a pod                                                 | blue  | <pods>     |
      | roll out a deployment                                        | blue  | <rollouts> |
      | create a pod                                                 | green | denied     |
      | delete the policy of the model server                        | blue  | denied     |
      | open the policy of the model server                          | blue  | denied     |
      | add a policy that opens the model server                     | blue  | denied     |
      | pass the namespace off as one that serves the models of blue | blue  | denied     |
      | pass the namespace off as one that serves the models of blue | green | denied     |
      | reach by pods/proxy the model server                         | blue  | denied     |
      | reach by services/proxy the model server                     | green | denied     |
      | reach by port-forward the model server                       | green | denied     |
      | reach by exec the model server                               | green | denied     |

    Examples:
      | persona          | pods    | rollouts |
      | tenant admin     | denied  | denied   |
      | GPU developer    | allowed | allowed  |
      | deployer         | denied  | allowed  |
      | telemetry reader | denied  | denied   |
      | inference client | denied  | denied   |
      | auditor          | denied  | denied   |
