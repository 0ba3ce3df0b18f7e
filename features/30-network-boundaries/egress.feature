@control:egress @needs:workload-image @needs:network-policy @needs:cluster-dns @needs:outside-world
Feature: Egress
  A pod that is not told otherwise calls whom it likes: other tenants, the internet with what it has stolen, and in a cloud the
  address 169.254.169.254, where whoever asks is handed the credentials of the node. A policy for egress leaves a tenant its own
  pods and the cluster's DNS. Who needs the internet gets it by a second policy, as every address except what lies in between.

  The world outside is simulated beyond the node under test, where pods' packets are forwarded and judged: a web site, a
  resolver that knows every name, a metadata service of the form of AWS with credentials that are nobody's.

  Not proven here: what goes through the one resolver that is left. A name that is asked for is a message, and a DNS server of
  the cluster that asks others in turn, as most do, carries it out to whoever owns the domain. This project's own cluster asks the
  resolvers of its node, where it has any. To close that takes a resolver that asks nobody, or only for names on a list.
  Nor what the node's own address answers, of which the API says nothing; nor pods that share the node's network, which call
  as the node does. That AWS can have the answer with a token die on its first hop (its hop limit) is no control of the cluster.

  Background:
    Given tenant "blue"
    And policies can select the cluster's DNS by the name of its namespace

  Scenario: A tenant's pods call each other and the cluster's DNS, and nobody else
    Given tenant "green"
    And these workloads run
      | tenant | workload |
      | blue   | client   |
      | blue   | server   |
      | green  | resolver |
    And no network policy stands in the namespace of tenant "blue"
    Then the client of tenant "blue" reaches the following
      | place                          | at              | reached |
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
    Then the client of tenant "blue" reaches the following
      | place                          | at              | reached |
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
    Then the client of tenant "blue" reaches the following
      | place                          | at              | reached |
      | the server of tenant "blue"    | its name        | yes     |
      | the web site                   |                 | yes     |
      | the metadata service           | without a token | yes     |
      | the outside resolver           | UDP             | yes     |
      | the resolver of tenant "green" | its pod IP      | yes     |
    When control "egress" is applied to tenant "blue"
    Then the client of tenant "blue" reaches the following
      | place                          | at              | reached |
      | the server of tenant "blue"    | its name        | yes     |
      | the web site                   |                 | no      |
      | the metadata service           | without a token | no      |
      | the outside resolver           | UDP             | no      |
      | the resolver of tenant "green" | its pod IP      | no      |

  Scenario Outline: The metadata service hands the credentials of the node to any pod that asks <form>
    Given tenant "blue" runs a client
    Then the client of tenant "blue" gets hold of the credentials of the node <form>
    When control "egress" is applied to tenant "blue"
    Then the client of tenant "blue" reaches the following
      | place                | at     | reached |
      | the cluster's DNS    | UDP    | yes     |
      | the metadata service | <form> | no      |
    And the client of tenant "blue" does not get hold of the credentials of the node <form>
    When control "egress-internet" is applied to tenant "blue" without the exception "169.254.0.0/16"
    Then the client of tenant "blue" gets hold of the credentials of the node <form>
    When control "egress-internet" is applied to tenant "blue"
    Then the client of tenant "blue" reaches the following
      | place                | at     | reached |
      | the web site         |        | yes     |
      | the metadata service | <form> | no      |
    And the client of tenant "blue" does not get hold of the credentials of the node <form>

    Examples:
      | form            |
      | without a token |
      | with a token    |

  Scenario Outline: The internet is what the policy leaves of all addresses: <mistake>, it holds <place>
    Given tenant "green"
    And these workloads run
      | tenant | workload |
      | blue   | client   |
      | green  | resolver |
    When control "egress" is applied to tenant "blue"
    And control "egress-internet" is applied to tenant "blue" <mistake>
    Then the client of tenant "blue" reaches the following
      | place        | at   | reached |
      | the web site |      | yes     |
      | <place>      | <at> | yes     |
    When control "egress-internet" is applied to tenant "blue"
    Then the client of tenant "blue" reaches the following
      | place        | at   | reached |
      | the web site |      | yes     |
      | <place>      | <at> | no      |
    When control "egress-internet" is removed from tenant "blue"
    Then the client of tenant "blue" reaches the following
      | place             | at   | reached |
      | the cluster's DNS | UDP  | yes     |
      | the web site      |      | no      |
      | <place>           | <at> | no      |

    Examples:
      | mistake                | place                          | at      |
      | without the exceptions | the resolver of tenant "green" | port 80 |
      | without the ports      | the outside resolver           | UDP     |

  Scenario: A policy that names its type wrong lets everything out
    Given tenant "blue" runs a client
    When control "egress" is applied to tenant "blue" with the type "Ingress" in place of "Egress"
    Then the client of tenant "blue" reaches the following
      | place                | at              | reached |
      | the cluster's DNS    | UDP             | yes     |
      | the web site         |                 | yes     |
      | the metadata service | without a token | yes     |
    When control "egress" is applied to tenant "blue"
    Then the client of tenant "blue" reaches the following
      | place                | at              | reached |
      | the cluster's DNS    | UDP             | yes     |
      | the web site         |                 | no      |
      | the metadata service | without a token | no      |

  Scenario: A policy that forgets DNS takes away the names, and one that forgets TCP the long answers
    Given these workloads run
      | tenant | workload |
      | blue   | client   |
      | blue   | server   |
    When control "egress" is applied to tenant "blue" without the rule about port "53"
    Then the client of tenant "blue" reaches the following
      | place                       | at         | reached |
      | the server of tenant "blue" | its pod IP | yes     |
      | the cluster's DNS           | UDP        | no      |
      | the cluster's DNS           | TCP        | no      |
    And the client of tenant "blue" does not find the server of its tenant by name
    When control "egress" is applied to tenant "blue" without the "TCP" port "53"
    Then the client of tenant "blue" reaches the following
      | place                       | at       | reached |
      | the server of tenant "blue" | its name | yes     |
      | the cluster's DNS           | UDP      | yes     |
      | the cluster's DNS           | TCP      | no      |
    When control "egress" is applied to tenant "blue"
    Then the client of tenant "blue" reaches the following
      | place                       | at       | reached |
      | the server of tenant "blue" | its name | yes     |
      | the cluster's DNS           | UDP      | yes     |
      | the cluster's DNS           | TCP      | yes     |

  Scenario: DNS for everybody's resolver is a tunnel: port 53 without a peer leads anywhere
    Given tenant "green"
    And these workloads run
      | tenant | workload |
      | blue   | client   |
      | green  | resolver |
    When control "egress" is applied to tenant "blue" without the peers of policy "egress"
    Then the client of tenant "blue" reaches the following
      | place                          | at  | reached |
      | the cluster's DNS              | UDP | yes     |
      | the outside resolver           | UDP | yes     |
      | the outside resolver           | TCP | yes     |
      | the resolver of tenant "green" | UDP | yes     |
      | the resolver of tenant "green" | TCP | yes     |
      | the web site                   |     | no      |
    When control "egress" is applied to tenant "blue"
    Then the client of tenant "blue" reaches the following
      | place                          | at  | reached |
      | the cluster's DNS              | UDP | yes     |
      | the cluster's DNS              | TCP | yes     |
      | the outside resolver           | UDP | no      |
      | the outside resolver           | TCP | no      |
      | the resolver of tenant "green" | UDP | no      |
      | the resolver of tenant "green" | TCP | no      |

  Scenario: A tenant that calls its pod kube-dns is no resolver of the cluster, if the policy asks for the namespace
    Given tenant "green"
    And these workloads run
      | tenant | workload |
      | blue   | client   |
      | green  | resolver |
    When tenant "green" passes its resolver off as the cluster's DNS
    And control "egress" is applied to tenant "blue" with the selector "namespaceSelector" of policy "egress" left empty
    Then the client of tenant "blue" reaches the following
      | place                          | at         | reached |
      | the cluster's DNS              | UDP        | yes     |
      | the resolver of tenant "green" | UDP        | yes     |
      | the resolver of tenant "green" | TCP        | yes     |
      | the resolver of tenant "green" | its pod IP | no      |
    When control "egress" is applied to tenant "blue"
    Then the client of tenant "blue" reaches the following
      | place                          | at  | reached |
      | the cluster's DNS              | UDP | yes     |
      | the resolver of tenant "green" | UDP | no      |
      | the resolver of tenant "green" | TCP | no      |

  Scenario: Both sides must agree: what one tenant lets out the other may keep out
    Given tenant "green"
    And these workloads run
      | tenant | workload |
      | blue   | client   |
      | green  | client   |
      | green  | resolver |
    When control "egress" is applied to tenant "blue"
    Then the resolver of tenant "green" is reached as follows
      | by                           | at      | reached |
      | the client of tenant "green" | port 80 | yes     |
      | the client of tenant "blue"  | port 80 | no      |
    When control "egress-internet" is applied to tenant "blue" without the exceptions
    Then the resolver of tenant "green" is reached as follows
      | by                           | at      | reached |
      | the client of tenant "green" | port 80 | yes     |
      | the client of tenant "blue"  | port 80 | yes     |
    When control "network-isolation" is applied to tenant "green"
    Then the resolver of tenant "green" is reached as follows
      | by                           | at      | reached |
      | the client of tenant "green" | port 80 | yes     |
      | the client of tenant "blue"  | port 80 | no      |
