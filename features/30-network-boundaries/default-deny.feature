@control:default-deny
Feature: Default deny
  A Kubernetes network is one flat room: every pod reaches every port of every other, whosever they are, until policies say
  otherwise. Policies only add, so the one that matters is the one that selects every pod and lets nothing through; on top of
  it comes exactly what the work needs. Here that is: a tenant's clients call its servers, on one port.
  fleet-fixtures/controls/default-deny.yaml is both.

  What is denied is denied by silence or by a refusal, as the cluster's network likes. It counts only while the same pods, at
  the same moment, reach what they may, three times in a row. How many ways are open is not taken from the network: it is computed
  from the policies and labels alone, and every single way is then tried.

  Not proven here: anything about packets that pods do not send. The node, what runs on its network and what calls through
  the API server go round every policy. Nor that a connection that is open when a policy comes is cut.

  Background:
    Given tenants "blue" and "green"

  @needs:workload-image @needs:network-policy
  Scenario: Without a policy every way is open; with the default deny those that the work needs
    A way leads from a pod to one of the three ports that each pod listens on (two TCP, one UDP), its own included, from which
    nothing can keep it. So 12 of the 14 that stay are of no use to a neighbour, and two are the work.

    Given these workloads run
      | tenant | workload |
      | green  | server   |
      | green  | client   |
      | blue   | server   |
      | blue   | client   |
    And no network policy stands in the namespace of tenant "green"
    And no network policy stands in the namespace of tenant "blue"
    Then 48 of 48 ways between all workloads are open, as the network policies say
    When control "default-deny" is applied to tenant "green"
    And control "default-deny" is applied to tenant "blue"
    Then the server of tenant "green" is reached as follows
      | by                           | at            | reached |
      | the client of tenant "green" | port 8080     | yes     |
      | the client of tenant "green" | its service   | yes     |
      | the client of tenant "green" | port 8081     | no      |
      | the client of tenant "green" | UDP port 8080 | no      |
      | the client of tenant "blue"  | port 8080     | no      |
      | the client of tenant "blue"  | its service   | no      |
      | the server of tenant "blue"  | port 8080     | no      |
    And 14 of 48 ways between all workloads are open, as the network policies say
    When control "default-deny" is removed from tenant "green"
    Then 19 of 48 ways between all workloads are open, as the network policies say
    When control "default-deny" is applied to tenant "green"
    Then 14 of 48 ways between all workloads are open, as the network policies say

  @needs:workload-image @needs:network-policy
  Scenario: Pods that come later are fenced as well, unless the policy names those that it knew
    Given these workloads run
      | tenant | workload |
      | green  | server   |
      | green  | client   |
    And control "default-deny" is applied to tenant "green"
    When tenant "green" runs a gateway
    Then 10 of 27 ways between all workloads are open, as the network policies say
    And the gateway of tenant "green" is reached as follows
      | by                            | reached |
      | the gateway of tenant "green" | yes     |
      | the client of tenant "green"  | no      |
      | the server of tenant "green"  | no      |
    When control "default-deny" is applied to tenant "green" with the pods of policy "default-deny" chosen by the label "app.kubernetes.io/name" set to "server"
    Then the client of tenant "green" is reached as follows
      | by                            | reached |
      | the gateway of tenant "green" | yes     |
      | the server of tenant "green"  | no      |
    When control "default-deny" is applied to tenant "green"
    Then the client of tenant "green" is reached as follows
      | by                            | reached |
      | the client of tenant "green"  | yes     |
      | the gateway of tenant "green" | no      |
      | the server of tenant "green"  | no      |

  @needs:workload-image @needs:network-policy
  Scenario: A default deny with a mistake in it is none
    A direction that is not among the types is not denied, and pods that are not chosen are not fenced.

    Given these workloads run
      | tenant | workload |
      | green  | gateway  |
      | blue   | client   |
    When control "default-deny" is applied to tenant "green"
    Then the gateway of tenant "green" is reached as follows
      | by                            | reached |
      | the gateway of tenant "green" | yes     |
      | the client of tenant "blue"   | no      |
    When control "default-deny" is applied to tenant "green" without the type "Ingress" of policy "default-deny"
    Then the gateway of tenant "green" is reached as follows
      | by                          | reached |
      | the client of tenant "blue" | yes     |
    When control "default-deny" is applied to tenant "green"
    Then the gateway of tenant "green" is reached as follows
      | by                            | reached |
      | the gateway of tenant "green" | yes     |
      | the client of tenant "blue"   | no      |
    When control "default-deny" is applied to tenant "green" with the pods of policy "default-deny" chosen by the label "tenant" set to "green"
    Then the gateway of tenant "green" is reached as follows
      | by                          | reached |
      | the client of tenant "blue" | yes     |
    When control "default-deny" is applied to tenant "green"
    Then the gateway of tenant "green" is reached as follows
      | by                            | reached |
      | the gateway of tenant "green" | yes     |
      | the client of tenant "blue"   | no      |
    And the client of tenant "blue" is reached as follows
      | by                            | reached |
      | the client of tenant "blue"   | yes     |
      | the gateway of tenant "green" | no      |
    When control "default-deny" is applied to tenant "green" without the type "Egress" of policy "default-deny"
    Then the client of tenant "blue" is reached as follows
      | by                            | reached |
      | the gateway of tenant "green" | yes     |
    When control "default-deny" is applied to tenant "green"
    Then the client of tenant "blue" is reached as follows
      | by                            | reached |
      | the client of tenant "blue"   | yes     |
      | the gateway of tenant "green" | no      |

  @needs:workload-image @needs:network-policy
  Scenario: What is needed, written with a mistake, is more than that
    No peers are all peers, a selector left empty chooses everything, and no ports are all ports.

    Given these workloads run
      | tenant | workload |
      | green  | server   |
      | green  | client   |
      | blue   | client   |
    When control "default-deny" is applied to tenant "green"
    Then the server of tenant "green" is reached as follows
      | by                           | at        | reached |
      | the client of tenant "green" | port 8080 | yes     |
      | the client of tenant "green" | port 8081 | no      |
      | the client of tenant "blue"  | port 8080 | no      |
    When control "default-deny" is applied to tenant "green" without the peers of policy "server"
    Then the server of tenant "green" is reached as follows
      | by                          | at        | reached |
      | the client of tenant "blue" | port 8080 | yes     |
    When control "default-deny" is applied to tenant "green"
    Then the server of tenant "green" is reached as follows
      | by                           | at        | reached |
      | the client of tenant "green" | port 8080 | yes     |
      | the client of tenant "green" | port 8081 | no      |
      | the client of tenant "blue"  | port 8080 | no      |
    When control "default-deny" is applied to tenant "green" with the selector "namespaceSelector" of policy "server" left empty
    Then the server of tenant "green" is reached as follows
      | by                          | at        | reached |
      | the client of tenant "blue" | port 8080 | yes     |
    When control "default-deny" is applied to tenant "green"
    Then the server of tenant "green" is reached as follows
      | by                           | at        | reached |
      | the client of tenant "green" | port 8080 | yes     |
      | the client of tenant "green" | port 8081 | no      |
      | the client of tenant "blue"  | port 8080 | no      |
    When control "default-deny" is applied to tenant "green" without the ports
    Then the server of tenant "green" is reached as follows
      | by                           | at        | reached |
      | the client of tenant "green" | port 8081 | yes     |
    When control "default-deny" is applied to tenant "green"
    Then the server of tenant "green" is reached as follows
      | by                           | at        | reached |
      | the client of tenant "green" | port 8080 | yes     |
      | the client of tenant "green" | port 8081 | no      |
      | the client of tenant "blue"  | port 8080 | no      |

  @needs:workload-image @needs:network-policy
  Scenario: A way is open only where both ends let it be, and policies only add
    As two items the selectors of the servers' policy let in every pod of the tenant. Its gateway gets there only once something
    lets it out, too; and what lets it out is one policy more, beside a default deny that stands.

    Given these workloads run
      | tenant | workload |
      | green  | server   |
      | green  | client   |
      | green  | gateway  |
    When control "default-deny" is applied to tenant "green" with the selectors of policy "server" as two items
    Then the server of tenant "green" is reached as follows
      | by                            | reached |
      | the client of tenant "green"  | yes     |
      | the gateway of tenant "green" | no      |
    When a policy that lets everything out is put beside those of tenant "green"
    Then the server of tenant "green" is reached as follows
      | by                            | reached |
      | the client of tenant "green"  | yes     |
      | the gateway of tenant "green" | yes     |
    When control "default-deny" is applied to tenant "green"
    Then the server of tenant "green" is reached as follows
      | by                            | reached |
      | the client of tenant "green"  | yes     |
      | the gateway of tenant "green" | no      |
    When a policy that allows everything is put beside those of tenant "green"
    Then the server of tenant "green" is reached as follows
      | by                            | at        | reached |
      | the gateway of tenant "green" | port 8081 | yes     |
    When the policy that allows everything is removed
    Then the server of tenant "green" is reached as follows
      | by                            | at        | reached |
      | the client of tenant "green"  | port 8080 | yes     |
      | the gateway of tenant "green" | port 8081 | no      |

  @needs:workload-image @needs:network-policy
  Scenario: In the wrong namespace the policies fence the wrong tenant
    Given these workloads run
      | tenant | workload |
      | green  | client   |
      | blue   | client   |
    When control "default-deny" of tenant "green" is put into the namespace of tenant "blue"
    Then the client of tenant "blue" is reached as follows
      | by                           | reached |
      | the client of tenant "blue"  | yes     |
      | the client of tenant "green" | no      |
    And only the namespace of tenant "green" is without a default deny
    When control "default-deny" is removed from tenant "blue"
    Then the client of tenant "green" is reached as follows
      | by                          | reached |
      | the client of tenant "blue" | yes     |
    When control "default-deny" is applied to tenant "green"
    Then the client of tenant "green" is reached as follows
      | by                           | reached |
      | the client of tenant "green" | yes     |
      | the client of tenant "blue"  | no      |

  @needs:workload-image @needs:network-policy
  Scenario: A tenant that may write policies opens its fence itself
    Given these workloads run
      | tenant | workload |
      | green  | client   |
      | blue   | client   |
    And control "default-deny" is applied to tenant "green"
    Then tenant "green" cannot remove the default deny of tenant "green"
    And the client of tenant "green" is reached as follows
      | by                           | reached |
      | the client of tenant "green" | yes     |
      | the client of tenant "blue"  | no      |
    When a policy editor role is bound to tenant "green"
    Then tenant "green" can remove the default deny of tenant "green"
    And the client of tenant "green" is reached as follows
      | by                          | reached |
      | the client of tenant "blue" | yes     |
    When the policy editor role is removed
    And control "default-deny" is applied to tenant "green"
    Then tenant "green" can no longer remove the default deny of tenant "green"
    And the client of tenant "green" is reached as follows
      | by                           | reached |
      | the client of tenant "green" | yes     |
      | the client of tenant "blue"  | no      |

  Scenario Outline: The fence is the platform's: no tenant may <request>
    Given control "default-deny" is applied to tenant "green"
    And control "default-deny" is applied to tenant "blue"
    Then tenants "blue" and "green" cannot <request> of each other
    And tenant "green" cannot <request> of tenant "green"
    And no tenant's namespace is without a default deny
    When a policy editor role is bound to tenant "green"
    Then tenant "green" can <request> of tenant "green"
    And only the namespace of tenant "green" is without a default deny
    When the policy editor role is removed
    Then tenant "green" can no longer <request> of tenant "green"

    Examples:
      | request                                       |
      | write a network policy that lets everybody in |
      | change the default deny                       |
      | remove the default deny                       |

  Scenario Outline: The audit finds a namespace that is not fenced: <mistake>
    No name and no shape of a policy is looked for: it is computed whether a pod without any label, which nobody has thought of,
    can be reached from elsewhere or reach what is elsewhere.

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
      | with the pods of policy "default-deny" chosen by the label "tenant" set to "green" |

  Scenario: The audit finds a policy that allows everything beside a default deny that stands
    Given control "default-deny" is applied to tenant "blue"
    And control "default-deny" is applied to tenant "green"
    Then no tenant's namespace is without a default deny
    When a policy that allows everything is put beside those of tenant "green"
    Then only the namespace of tenant "green" is without a default deny
    When the policy that allows everything is removed
    Then no tenant's namespace is without a default deny
