@control:policy-window
Feature: Policy enforcement window
  Why: A NetworkPolicy takes effect only once each node has programmed it, pod by pod. Until then packets pass. So every
  network plugin has two windows: from a pod's first instant until its rules are in place, and from the moment when the
  API server accepts a policy until the nodes enforce it. If the first window stays open for a second, a job has all the
  time it needs to start, copy a model out and end. Some plugins install a pod's rules before they let it start, and
  have no such window.

  How it is proven: fleet-fixtures/controls/policy-window.yaml lets a tenant's pods talk only to each other. Each
  scenario tries an allowed and a denied connection at the same moment, over and over. Allowed: the connection within
  the tenant. Denied: the connection with another tenant, once the window has closed. The bound is 5 seconds on any
  cluster; a network plugin that needs longer is not a safe basis. Exposed: without the policy both connections succeed.
  Closed: the policy is applied again. The report shows in ms what was measured; the evidence says how often and for how
  long the denied connection succeeded.

  Not proven here: That a window is closed on nodes other than those that the pods ran on, or under more load than there
  was. That a pod does nothing before its first call: a process needs some ms to begin, and the evidence says how many.

  Background:
    Given tenants "blue" and "green"

  Rule: An existing policy protects a new pod within 5 seconds, in both directions.

    @needs:workload-image @needs:network-policy
    Scenario: A new pod reaches a denied server for at most 5 seconds
      The pod starts while the policy is in place, and calls from its first instant.

      Given these workloads run
        | tenant | workload |
        | blue   | server   |
        | green  | server   |
      When control "policy-window" is applied to tenant "blue"
      Then a new pod of tenant "blue" reaches these servers from its first instant:
        | tenant | reached             |
        | blue   | always              |
        | green  | for at most 5000 ms |
      When control "policy-window" is removed from tenant "blue"
      Then a new pod of tenant "blue" reaches these servers from its first instant:
        | tenant | reached |
        | blue   | always  |
        | green  | always  |
      When control "policy-window" is applied to tenant "blue"
      Then a new pod of tenant "blue" reaches these servers from its first instant:
        | tenant | reached             |
        | blue   | always              |
        | green  | for at most 5000 ms |

    @needs:workload-image @needs:network-policy
    Scenario: A denied client reaches a new server for at most 5 seconds
      The server starts while the policy is in place. The clients call it as soon as its address is known.

      Given these workloads run
        | tenant | workload |
        | blue   | client   |
        | green  | client   |
      When control "policy-window" is applied to tenant "blue"
      Then a new server of tenant "blue" is reached by these clients from its first instant:
        | tenant | reached             |
        | blue   | always              |
        | green  | for at most 5000 ms |
      When control "policy-window" is removed from tenant "blue"
      Then a new server of tenant "blue" is reached by these clients from its first instant:
        | tenant | reached |
        | blue   | always  |
        | green  | always  |
      When control "policy-window" is applied to tenant "blue"
      Then a new server of tenant "blue" is reached by these clients from its first instant:
        | tenant | reached             |
        | blue   | always              |
        | green  | for at most 5000 ms |

  Rule: The nodes enforce a new policy within 5 seconds after the API server accepts it.

    @needs:workload-image @needs:network-policy
    Scenario: A policy that is written during calls takes effect within 5 seconds
      Given these workloads run
        | tenant | workload |
        | blue   | server   |
        | blue   | client   |
        | green  | client   |
      Then control "policy-window", applied to tenant "blue" during calls, cuts off only the client of tenant "green", within 5000 ms
      When control "policy-window" is removed from tenant "blue"
      Then control "policy-window", applied to tenant "blue" during calls, cuts off only the client of tenant "green", within 5000 ms

    @needs:workload-image @needs:network-policy
    Scenario: A connection that is open when the policy comes may stay open
      A policy says which connections are allowed. What becomes of one that stands already is up to the network plugin. So it
      is measured, and no verdict depends on it. New connections are denied all the same. The runbook therefore restarts the
      pods on either end.

      Given these workloads run
        | tenant | workload |
        | blue   | server   |
        | blue   | client   |
        | green  | client   |
      Then the report says whether an open connection of the client of tenant "green" outlives control "policy-window", applied to tenant "blue"
      And connections to the server of tenant "blue":
        | from                         | allowed |
        | the client of tenant "blue"  | yes     |
        | the client of tenant "green" | no      |

  Rule: Each end of a connection is restricted on its own, and neither relies on the other.

    A connection needs both ends to allow it, so one end can hide a mistake in the other. Therefore each end is read from
    the API server and judged alone: for every kind of pod and namespace, for addresses outside, and for the ports next to
    those that are meant. Where an end is meant to be open to everybody, the table says so.

    Scenario: The policy lets the pods of a namespace talk to each other, and to nobody else
      When control "policy-window" is applied to tenant "blue"
      Then the network policies of tenant "blue" allow these connections and no others:
        | end | pod       | peer                        | ports |
        | in  | every pod | every pod in this namespace | all   |
        | out | every pod | every pod in this namespace | all   |
