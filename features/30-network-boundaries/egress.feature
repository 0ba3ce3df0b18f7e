@control:egress @needs:workload-image @needs:network-policy @needs:cluster-dns @needs:outside-world
Feature: Egress
  Why: Without an egress policy a pod can call anything: other tenants, the internet with stolen data, and in a cloud
  the address 169.254.169.254, which gives the node's credentials to any caller. An egress policy limits a tenant to its
  own pods and the cluster's DNS. A tenant that needs the internet gets it by a second policy, which allows every
  address except the ranges that lie in between, such as private and link-local ones.

  How it is proven: The controls are fleet-fixtures/controls/egress.yaml and egress-internet.yaml. A simulated outside
  world lies beyond the node under test, where pods' packets are forwarded and policies apply to them: a web site, a
  resolver that knows every name, and a metadata service in the form of AWS with fake credentials. Allowed: the tenant's
  own pods and the cluster's DNS, and the web site with the second policy. Denied: the metadata service, the outside
  resolver, other tenants, and the web site without the second policy. Exposed: the policies are removed or contain a
  mistake, and the denied call succeeds. Closed: the correct manifest denies it again.

  Not proven here: That no data leaves through the one allowed resolver. A name in a DNS question is a message, and a
  cluster DNS that asks other resolvers, as most do, carries it to the owner of the domain. The DNS of this project's
  own cluster asks the resolvers of its node, if there are any. Closing this takes a resolver that asks nobody, or asks
  only for names on a list. Nor whether a policy applies to the node's own address, which the API does not define; nor
  anything about pods on the node's network, which call as the node does. AWS can make the answer with a token expire
  after one network hop (the hop limit), but that is not a control of the cluster.

  Background:
    Given tenant "blue"
    And policies can select the cluster's DNS by the name of its namespace

  Rule: A tenant's pods call only the tenant's own pods and the cluster's DNS.

    Scenario: A tenant's pods reach only each other and the cluster's DNS
      Given tenant "green"
      And these workloads run
        | tenant | workload |
        | blue   | client   |
        | blue   | server   |
        | green  | resolver |
      And the namespace of tenant "blue" has no network policy
      Then connections from the client of tenant "blue":
        | to                             | how             | allowed |
        | the server of tenant "blue"    | its name        | yes     |
        | the cluster's DNS              | UDP             | yes     |
        | the web site                   |                 | yes     |
        | the metadata service           | without a token | yes     |
        | the metadata service           | with a token    | yes     |
        | the outside resolver           | UDP             | yes     |
        | the outside resolver           | TCP             | yes     |
        | the resolver of tenant "green" | its pod IP      | yes     |
        | the resolver of tenant "green" | UDP             | yes     |
      When control "egress" is applied to tenant "blue"
      Then connections from the client of tenant "blue":
        | to                             | how             | allowed |
        | the server of tenant "blue"    | its name        | yes     |
        | the server of tenant "blue"    | its pod IP      | yes     |
        | the server of tenant "blue"    | its service     | yes     |
        | the cluster's DNS              | UDP             | yes     |
        | the cluster's DNS              | TCP             | yes     |
        | the web site                   |                 | no      |
        | the metadata service           | without a token | no      |
        | the metadata service           | with a token    | no      |
        | the outside resolver           | UDP             | no      |
        | the outside resolver           | TCP             | no      |
        | the resolver of tenant "green" | its pod IP      | no      |
        | the resolver of tenant "green" | UDP             | no      |
        | the resolver of tenant "green" | TCP             | no      |
      When control "egress" is removed from tenant "blue"
      Then connections from the client of tenant "blue":
        | to                             | how             | allowed |
        | the server of tenant "blue"    | its name        | yes     |
        | the web site                   |                 | yes     |
        | the metadata service           | without a token | yes     |
        | the outside resolver           | UDP             | yes     |
        | the resolver of tenant "green" | its pod IP      | yes     |
      When control "egress" is applied to tenant "blue"
      Then connections from the client of tenant "blue":
        | to                             | how             | allowed |
        | the server of tenant "blue"    | its name        | yes     |
        | the web site                   |                 | no      |
        | the metadata service           | without a token | no      |
        | the outside resolver           | UDP             | no      |
        | the resolver of tenant "green" | its pod IP      | no      |

    Scenario: An egress policy with the wrong type denies no outgoing connection
      Given tenant "blue" runs a client
      When control "egress" is applied to tenant "blue" with the type "Ingress" in place of "Egress"
      Then connections from the client of tenant "blue":
        | to                   | how             | allowed |
        | the cluster's DNS    | UDP             | yes     |
        | the web site         |                 | yes     |
        | the metadata service | without a token | yes     |
      When control "egress" is applied to tenant "blue"
      Then connections from the client of tenant "blue":
        | to                   | how             | allowed |
        | the cluster's DNS    | UDP             | yes     |
        | the web site         |                 | no      |
        | the metadata service | without a token | no      |

  Rule: No pod of a tenant reaches the cloud metadata service, even where the internet is allowed.

    Scenario Outline: The policies keep the node's credentials from a pod that asks <form>
      Given tenant "blue" runs a client
      Then the client of tenant "blue" can read the node's credentials <form>
      When control "egress" is applied to tenant "blue"
      Then connections from the client of tenant "blue":
        | to                   | how    | allowed |
        | the cluster's DNS    | UDP    | yes     |
        | the metadata service | <form> | no      |
      And the client of tenant "blue" cannot read the node's credentials <form>
      When control "egress-internet" is applied to tenant "blue" without the exception "169.254.0.0/16"
      Then the client of tenant "blue" can read the node's credentials <form>
      When control "egress-internet" is applied to tenant "blue"
      Then connections from the client of tenant "blue":
        | to                   | how    | allowed |
        | the web site         |        | yes     |
        | the metadata service | <form> | no      |
      And the client of tenant "blue" cannot read the node's credentials <form>

      Examples:
        | form            |
        | without a token |
        | with a token    |

  Rule: A tenant that needs the internet reaches only web ports, and no private or link-local address.
    An address block of all addresses includes the cluster's pods and every resolver. The exceptions and the ports
    exclude them.

    Scenario Outline: An internet policy <mistake> exposes <place>
      Given tenant "green"
      And these workloads run
        | tenant | workload |
        | blue   | client   |
        | green  | resolver |
      When control "egress" is applied to tenant "blue"
      And control "egress-internet" is applied to tenant "blue" <mistake>
      Then connections from the client of tenant "blue":
        | to           | how  | allowed |
        | the web site |      | yes     |
        | <place>      | <at> | yes     |
      When control "egress-internet" is applied to tenant "blue"
      Then connections from the client of tenant "blue":
        | to           | how  | allowed |
        | the web site |      | yes     |
        | <place>      | <at> | no      |
      When control "egress-internet" is removed from tenant "blue"
      Then connections from the client of tenant "blue":
        | to                | how  | allowed |
        | the cluster's DNS | UDP  | yes     |
        | the web site      |      | no      |
        | <place>           | <at> | no      |

      Examples:
        | mistake                | place                          | at      |
        | without the exceptions | the resolver of tenant "green" | port 80 |
        | without the ports      | the outside resolver           | UDP     |

  Rule: A tenant's pods ask only the cluster's own DNS, over UDP and TCP.

    Scenario: Pods need an egress rule for DNS over UDP and over TCP
      Without the rule for DNS no name resolves. Without TCP the long answers fail, because DNS sends them over TCP.

      Given these workloads run
        | tenant | workload |
        | blue   | client   |
        | blue   | server   |
      When control "egress" is applied to tenant "blue" without the rule about port "53"
      Then connections from the client of tenant "blue":
        | to                          | how        | allowed |
        | the server of tenant "blue" | its pod IP | yes     |
        | the cluster's DNS           | UDP        | no      |
        | the cluster's DNS           | TCP        | no      |
      And the client of tenant "blue" cannot find its tenant's server by name
      When control "egress" is applied to tenant "blue" without the "TCP" port "53"
      Then connections from the client of tenant "blue":
        | to                          | how      | allowed |
        | the server of tenant "blue" | its name | yes     |
        | the cluster's DNS           | UDP      | yes     |
        | the cluster's DNS           | TCP      | no      |
      When control "egress" is applied to tenant "blue"
      Then connections from the client of tenant "blue":
        | to                          | how      | allowed |
        | the server of tenant "blue" | its name | yes     |
        | the cluster's DNS           | UDP      | yes     |
        | the cluster's DNS           | TCP      | yes     |

    Scenario: A rule for port 53 without a peer allows every resolver
      Such a rule is a tunnel: port 53 then leads anywhere.

      Given tenant "green"
      And these workloads run
        | tenant | workload |
        | blue   | client   |
        | green  | resolver |
      When control "egress" is applied to tenant "blue" without the peers of policy "egress"
      Then connections from the client of tenant "blue":
        | to                             | how | allowed |
        | the cluster's DNS              | UDP | yes     |
        | the outside resolver           | UDP | yes     |
        | the outside resolver           | TCP | yes     |
        | the resolver of tenant "green" | UDP | yes     |
        | the resolver of tenant "green" | TCP | yes     |
        | the web site                   |     | no      |
      When control "egress" is applied to tenant "blue"
      Then connections from the client of tenant "blue":
        | to                             | how | allowed |
        | the cluster's DNS              | UDP | yes     |
        | the cluster's DNS              | TCP | yes     |
        | the outside resolver           | UDP | no      |
        | the outside resolver           | TCP | no      |
        | the resolver of tenant "green" | UDP | no      |
        | the resolver of tenant "green" | TCP | no      |

    Scenario: The policy denies a tenant's pod that is labelled as kube-dns
      This holds because the policy also selects the namespace of the DNS. Without that selector any pod with the label
      counts as DNS.

      Given tenant "green"
      And these workloads run
        | tenant | workload |
        | blue   | client   |
        | green  | resolver |
      When tenant "green" labels its resolver as the cluster's DNS
      And control "egress" is applied to tenant "blue" with the empty "namespaceSelector" of policy "egress"
      Then connections from the client of tenant "blue":
        | to                             | how        | allowed |
        | the cluster's DNS              | UDP        | yes     |
        | the resolver of tenant "green" | UDP        | yes     |
        | the resolver of tenant "green" | TCP        | yes     |
        | the resolver of tenant "green" | its pod IP | no      |
      When control "egress" is applied to tenant "blue"
      Then connections from the client of tenant "blue":
        | to                             | how | allowed |
        | the cluster's DNS              | UDP | yes     |
        | the resolver of tenant "green" | UDP | no      |
        | the resolver of tenant "green" | TCP | no      |

  Rule: A connection between two tenants is denied if either of them denies it.

    Scenario: One tenant's ingress policy denies what another's egress policy allows
      Given tenant "green"
      And these workloads run
        | tenant | workload |
        | blue   | client   |
        | green  | client   |
        | green  | resolver |
      When control "egress" is applied to tenant "blue"
      Then connections to the resolver of tenant "green":
        | from                         | to      | allowed |
        | the client of tenant "green" | port 80 | yes     |
        | the client of tenant "blue"  | port 80 | no      |
      When control "egress-internet" is applied to tenant "blue" without the exceptions
      Then connections to the resolver of tenant "green":
        | from                         | to      | allowed |
        | the client of tenant "green" | port 80 | yes     |
        | the client of tenant "blue"  | port 80 | yes     |
      When control "network-isolation" is applied to tenant "green"
      Then connections to the resolver of tenant "green":
        | from                         | to      | allowed |
        | the client of tenant "green" | port 80 | yes     |
        | the client of tenant "blue"  | port 80 | no      |

  Rule: Each end of a connection is restricted on its own, and neither relies on the other.

    A connection needs both ends to allow it, so one end can hide a mistake in the other. Therefore each end is read from
    the API server and judged alone: for every kind of pod and namespace, for addresses outside, and for the ports next to
    those that are meant. Where an end is meant to be open to everybody, the table says so.

    Scenario: The policy lets pods call their neighbours and the cluster's DNS, and nobody else
      When control "egress" is applied to tenant "blue"
      Then the network policies of tenant "blue" allow these connections and no others:
        | end | pod       | peer                        | ports          |
        | in  | every pod | everybody                   | all            |
        | out | every pod | kube-dns in kube-system     | TCP 53, UDP 53 |
        | out | every pod | every pod in this namespace | all            |

    Scenario: The policy for the internet adds the web, and no address that is not the internet's
      When control "egress-internet" is applied to tenant "blue"
      Then the network policies of tenant "blue" allow these connections and no others:
        | end | pod       | peer         | ports           |
        | in  | every pod | everybody    | all             |
        | out | every pod | the internet | TCP 80, TCP 443 |
