@control:default-deny
Feature: Default deny
  Why: By default every pod of a Kubernetes cluster can connect to every port of every other pod, whichever tenant owns
  it. Network policies only add permissions, so the most important policy is the one that selects every pod and allows
  nothing. Further policies then allow exactly the connections that the work needs.

  How it is proven: fleet-fixtures/controls/default-deny.yaml denies all connections of a tenant's pods and allows one
  exception: the tenant's clients call its servers on TCP port 8080. Allowed: this connection. Denied: every other port
  and every other pod, whether the network drops the packets or refuses them. A denial counts only if the same pods
  reach their allowed peers at the same moment, three times in a row. Exposed: common mistakes in the policies let a
  denied connection through. Closed: the correct manifest denies it again. The number of allowed connections is computed
  from the policies and labels alone; then every single connection is tried.

  Not proven here: Anything about packets that pods do not send. The node, pods on the node's network and calls through
  the API server bypass every policy. Nor that a new policy cuts a connection that is already open: see policy-window.feature.
  Nor what holds while a namespace is being deleted. Before Kubernetes 1.33 its policies may be gone before its pods
  (CVE-2024-7598); since then the pods go first.

  Background:
    Given tenants "blue" and "green"

  Rule: A tenant's clients reach its servers on one port, and every other connection is denied.

    @needs:workload-image @needs:network-policy
    Scenario: A default deny leaves only the connections that the work needs
      Each pod listens on three ports (two TCP, one UDP), so four pods have 48 possible connections. No policy keeps a
      pod from its own ports: these are 12 of the 14 connections that remain, and they are of no use to a neighbour. The
      other two are the allowed client-to-server connections.

      Given these workloads run
        | tenant | workload |
        | green  | server   |
        | green  | client   |
        | blue   | server   |
        | blue   | client   |
      And the namespace of tenant "green" has no network policy
      And the namespace of tenant "blue" has no network policy
      Then 48 of 48 connections between all workloads are allowed, as the network policies say
      When control "default-deny" is applied to tenant "green"
      And control "default-deny" is applied to tenant "blue"
      Then connections to the server of tenant "green":
        | from                         | to            | allowed |
        | the client of tenant "green" | port 8080     | yes     |
        | the client of tenant "green" | its service   | yes     |
        | the client of tenant "green" | port 8081     | no      |
        | the client of tenant "green" | UDP port 8080 | no      |
        | the client of tenant "blue"  | port 8080     | no      |
        | the client of tenant "blue"  | its service   | no      |
        | the server of tenant "blue"  | port 8080     | no      |
      And 14 of 48 connections between all workloads are allowed, as the network policies say
      When control "default-deny" is removed from tenant "green"
      Then 19 of 48 connections between all workloads are allowed, as the network policies say
      When control "default-deny" is applied to tenant "green"
      Then 14 of 48 connections between all workloads are allowed, as the network policies say

  Rule: The default deny covers every pod of the tenant's own namespace, in both directions.

    @needs:workload-image @needs:network-policy
    Scenario: The default deny covers later pods unless its selector names a label
      Given these workloads run
        | tenant | workload |
        | green  | server   |
        | green  | client   |
      And control "default-deny" is applied to tenant "green"
      When tenant "green" runs a gateway
      Then 10 of 27 connections between all workloads are allowed, as the network policies say
      And connections to the gateway of tenant "green":
        | from                          | to                           | allowed |
        | the client of tenant "green"  | the server of tenant "green" | yes     |
        | the gateway of tenant "green" | its pod IP                   | yes     |
        | the client of tenant "green"  | its pod IP                   | no      |
        | the server of tenant "green"  | its pod IP                   | no      |
      When control "default-deny" is applied to tenant "green" with the selector "app.kubernetes.io/name=server" in policy "default-deny"
      Then connections to the client of tenant "green":
        | from                          | allowed |
        | the gateway of tenant "green" | yes     |
        | the server of tenant "green"  | no      |
      When control "default-deny" is applied to tenant "green"
      Then connections to the client of tenant "green":
        | from                          | to                           | allowed |
        | the client of tenant "green"  | the server of tenant "green" | yes     |
        | the client of tenant "green"  | its pod IP                   | yes     |
        | the gateway of tenant "green" | its pod IP                   | no      |
        | the server of tenant "green"  | its pod IP                   | no      |

    @needs:workload-image @needs:network-policy
    Scenario: A default deny with a missing type or a label selector exposes pods
      A policy denies only the directions in its list of types. Pods that its selector does not choose stay open.

      Given these workloads run
        | tenant | workload |
        | green  | gateway  |
        | blue   | client   |
        | blue   | server   |
      When control "default-deny" is applied to tenant "green"
      Then connections to the gateway of tenant "green":
        | from                          | to                          | allowed |
        | the client of tenant "blue"   | the server of tenant "blue" | yes     |
        | the gateway of tenant "green" | its pod IP                  | yes     |
        | the client of tenant "blue"   | its pod IP                  | no      |
      When control "default-deny" is applied to tenant "green" without the type "Ingress" of policy "default-deny"
      Then connections to the gateway of tenant "green":
        | from                        | allowed |
        | the client of tenant "blue" | yes     |
      When control "default-deny" is applied to tenant "green"
      Then connections to the gateway of tenant "green":
        | from                          | to                          | allowed |
        | the client of tenant "blue"   | the server of tenant "blue" | yes     |
        | the gateway of tenant "green" | its pod IP                  | yes     |
        | the client of tenant "blue"   | its pod IP                  | no      |
      When control "default-deny" is applied to tenant "green" with the selector "tenant=green" in policy "default-deny"
      Then connections to the gateway of tenant "green":
        | from                        | allowed |
        | the client of tenant "blue" | yes     |
      When control "default-deny" is applied to tenant "green"
      Then connections to the gateway of tenant "green":
        | from                          | to                          | allowed |
        | the client of tenant "blue"   | the server of tenant "blue" | yes     |
        | the gateway of tenant "green" | its pod IP                  | yes     |
        | the client of tenant "blue"   | its pod IP                  | no      |
      And connections to the client of tenant "blue":
        | from                          | allowed |
        | the server of tenant "blue"   | yes     |
        | the gateway of tenant "green" | no      |
      When control "default-deny" is applied to tenant "green" without the type "Egress" of policy "default-deny"
      Then connections to the client of tenant "blue":
        | from                          | allowed |
        | the gateway of tenant "green" | yes     |
      When control "default-deny" is applied to tenant "green"
      Then connections to the client of tenant "blue":
        | from                          | allowed |
        | the server of tenant "blue"   | yes     |
        | the gateway of tenant "green" | no      |

    @needs:workload-image @needs:network-policy
    Scenario: Policies in the wrong namespace leave their own tenant exposed
      Given these workloads run
        | tenant | workload |
        | green  | client   |
        | green  | server   |
        | blue   | client   |
        | blue   | server   |
      When control "default-deny" of tenant "green" is put into the namespace of tenant "blue"
      Then connections to the client of tenant "blue":
        | from                         | to                           | allowed |
        | the client of tenant "green" | the server of tenant "green" | yes     |
        | the client of tenant "blue"  | its pod IP                   | yes     |
        | the client of tenant "green" | its pod IP                   | no      |
      And only the namespace of tenant "green" is without a default deny
      When control "default-deny" is removed from tenant "blue"
      Then connections to the client of tenant "green":
        | from                        | allowed |
        | the client of tenant "blue" | yes     |
      When control "default-deny" is applied to tenant "green"
      Then connections to the client of tenant "green":
        | from                         | to                          | allowed |
        | the client of tenant "blue"  | the server of tenant "blue" | yes     |
        | the client of tenant "green" | its pod IP                  | yes     |
        | the client of tenant "blue"  | its pod IP                  | no      |

  Rule: A policy that allows a connection names the pods, their namespace and the ports.

    @needs:workload-image @needs:network-policy
    Scenario: A policy without peers, namespace labels or ports allows too much
      A missing list of peers means everybody, an empty selector chooses everything, and a missing list of ports means
      all ports.

      Given these workloads run
        | tenant | workload |
        | green  | server   |
        | green  | client   |
        | blue   | client   |
      When control "default-deny" is applied to tenant "green"
      Then connections to the server of tenant "green":
        | from                         | to        | allowed |
        | the client of tenant "green" | port 8080 | yes     |
        | the client of tenant "green" | port 8081 | no      |
        | the client of tenant "blue"  | port 8080 | no      |
      When control "default-deny" is applied to tenant "green" without the peers of policy "server"
      Then connections to the server of tenant "green":
        | from                        | to        | allowed |
        | the client of tenant "blue" | port 8080 | yes     |
      When control "default-deny" is applied to tenant "green"
      Then connections to the server of tenant "green":
        | from                         | to        | allowed |
        | the client of tenant "green" | port 8080 | yes     |
        | the client of tenant "green" | port 8081 | no      |
        | the client of tenant "blue"  | port 8080 | no      |
      When control "default-deny" is applied to tenant "green" with the empty "namespaceSelector" of policy "server"
      Then connections to the server of tenant "green":
        | from                        | to        | allowed |
        | the client of tenant "blue" | port 8080 | yes     |
      When control "default-deny" is applied to tenant "green"
      Then connections to the server of tenant "green":
        | from                         | to        | allowed |
        | the client of tenant "green" | port 8080 | yes     |
        | the client of tenant "green" | port 8081 | no      |
        | the client of tenant "blue"  | port 8080 | no      |
      When control "default-deny" is applied to tenant "green" without the ports
      Then connections to the server of tenant "green":
        | from                         | to        | allowed |
        | the client of tenant "green" | port 8081 | yes     |
      When control "default-deny" is applied to tenant "green"
      Then connections to the server of tenant "green":
        | from                         | to        | allowed |
        | the client of tenant "green" | port 8080 | yes     |
        | the client of tenant "green" | port 8081 | no      |
        | the client of tenant "blue"  | port 8080 | no      |

  Rule: A connection is allowed only if both ends allow it, and any additional policy can allow more.

    @needs:workload-image @needs:network-policy
    Scenario: Both ends must allow a connection, and policies only add permissions
      Written as two items, the selectors of the servers' policy admit every pod of the tenant. The gateway still cannot
      call the server until a policy for the gateway allows the call. One more policy is enough for that, although the
      default deny is still in place.

      Given these workloads run
        | tenant | workload |
        | green  | server   |
        | green  | client   |
        | green  | gateway  |
      When control "default-deny" is applied to tenant "green" with the selectors of policy "server" as two items
      Then connections to the server of tenant "green":
        | from                          | allowed |
        | the client of tenant "green"  | yes     |
        | the gateway of tenant "green" | no      |
      When the network policy "allow-egress" is added to the namespace of tenant "green"
      Then connections to the server of tenant "green":
        | from                          | allowed |
        | the client of tenant "green"  | yes     |
        | the gateway of tenant "green" | yes     |
      When control "default-deny" is applied to tenant "green"
      Then connections to the server of tenant "green":
        | from                          | allowed |
        | the client of tenant "green"  | yes     |
        | the gateway of tenant "green" | no      |
      When the network policy "allow-all" is added to the namespace of tenant "green"
      Then connections to the server of tenant "green":
        | from                          | to        | allowed |
        | the gateway of tenant "green" | port 8081 | yes     |
      When the policy is removed
      Then connections to the server of tenant "green":
        | from                          | to        | allowed |
        | the client of tenant "green"  | port 8080 | yes     |
        | the gateway of tenant "green" | port 8081 | no      |

  Rule: Only the platform writes network policies; no tenant may add, change or remove one.

    @needs:workload-image @needs:network-policy
    Scenario: A tenant with a policy editor role can expose its own pods
      Given these workloads run
        | tenant | workload |
        | green  | client   |
        | blue   | client   |
        | blue   | server   |
      And control "default-deny" is applied to tenant "green"
      Then tenant "green" cannot remove the default deny of tenant "green"
      And connections to the client of tenant "green":
        | from                         | to                          | allowed |
        | the client of tenant "blue"  | the server of tenant "blue" | yes     |
        | the client of tenant "green" | its pod IP                  | yes     |
        | the client of tenant "blue"  | its pod IP                  | no      |
      When tenant "green" is granted the role "policy-editor"
      Then tenant "green" can remove the default deny of tenant "green"
      And connections to the client of tenant "green":
        | from                        | allowed |
        | the client of tenant "blue" | yes     |
      When the grant is removed
      And control "default-deny" is applied to tenant "green"
      Then tenant "green" can no longer remove the default deny of tenant "green"
      And connections to the client of tenant "green":
        | from                         | to                          | allowed |
        | the client of tenant "blue"  | the server of tenant "blue" | yes     |
        | the client of tenant "green" | its pod IP                  | yes     |
        | the client of tenant "blue"  | its pod IP                  | no      |

    Scenario Outline: No tenant is allowed to <request>
      Given control "default-deny" is applied to tenant "green"
      And control "default-deny" is applied to tenant "blue"
      Then tenant "blue" cannot <request> of tenant "green"
      And tenant "green" cannot <request> of tenant "blue"
      And tenant "green" cannot <request> of tenant "green"
      And no tenant's namespace is without a default deny
      When tenant "green" is granted the role "policy-editor"
      Then tenant "green" can <request> of tenant "green"
      And only the namespace of tenant "green" is without a default deny
      When the grant is removed
      Then tenant "green" can no longer <request> of tenant "green"

      Examples:
        | request                                       |
        | write a network policy that lets everybody in |
        | change the default deny                       |
        | remove the default deny                       |

  Rule: The audit reports every tenant namespace without an effective default deny.

    Scenario Outline: The audit reports a default deny <mistake>
      The audit does not look for a policy name or shape. It computes whether a pod without labels, which no policy
      foresaw, can be reached from outside its namespace or can reach anything outside it.

      Given control "default-deny" is applied to tenant "blue"
      Then only the namespace of tenant "green" is without a default deny
      When control "default-deny" is applied to tenant "green"
      Then no tenant's namespace is without a default deny
      When control "default-deny" is applied to tenant "green" <mistake>
      Then only the namespace of tenant "green" is without a default deny
      When control "default-deny" is applied to tenant "green"
      Then no tenant's namespace is without a default deny

      Examples:
        | mistake                                                                            |
        | without the type "Ingress" of policy "default-deny"                                |
        | without the type "Egress" of policy "default-deny"                                 |
        | with the selector "tenant=green" in policy "default-deny" |

    Scenario: The audit reports an allow-all policy beside a correct default deny
      Given control "default-deny" is applied to tenant "blue"
      And control "default-deny" is applied to tenant "green"
      Then no tenant's namespace is without a default deny
      When the network policy "allow-all" is added to the namespace of tenant "green"
      Then only the namespace of tenant "green" is without a default deny
      When the policy is removed
      Then no tenant's namespace is without a default deny

  Rule: Each end of a connection is restricted on its own, and neither relies on the other.

    A connection needs both ends to allow it, so one end can hide a mistake in the other. Therefore each end is read from
    the API server and judged alone: for every kind of pod and namespace, for addresses outside, and for the ports next to
    those that are meant. Where an end is meant to be open to everybody, the table says so.

    Scenario: Each end of the policies lets a tenant's clients call its servers on one port, and nothing else
      When control "default-deny" is applied to tenant "blue"
      Then the network policies of tenant "blue" allow these connections and no others:
        | end | pod    | peer                                | ports    |
        | in  | server | client in a namespace of the tenant | TCP 8080 |
        | out | client | server in a namespace of the tenant | TCP 8080 |
