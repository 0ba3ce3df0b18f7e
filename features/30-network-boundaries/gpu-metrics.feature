@control:gpu-metrics @needs:own-fleet @needs:workload-image
Feature: GPU metrics
  Why: A DCGM exporter listens on port 9400 on every GPU node. For each GPU it reports what the GPU does, which host it
  is on, and which pod of which namespace holds it. It does not authenticate its callers, and its chart ships no
  NetworkPolicy. For an attacker this is a map: who trains what and where, when somebody is idle, and which card to wait
  for.

  How it is proven: fleet-fixtures/controls/metrics-network.yaml lets only Prometheus reach the exporter. Allowed: a
  scraper with the label of Prometheus in the monitoring namespace. Denied: a tenant's client, and another pod beside
  the scraper. Exposed: the policy is missing or too wide, a tenant labels its namespace as a monitoring namespace, a
  role opens the API server's proxy, or the exporter runs on the node's network. Closed: the mistake is removed. The
  exporter stands in for NVIDIA's: it uses DCGM's names and labels with made-up values, and like the real one it learns
  from the kubelet's pod-resources API who holds a GPU. Nodes that exist only in the API have no kubelet, so their GPUs
  are in no metrics.

  Not proven here: That the values reveal nothing. Whoever may read the utilisation of a GPU that others use learns
  about their work. A GPU's own timing tells neighbours on the same card something without any exporter. Nor whose a value
  is on a GPU that pods share: NVIDIA's exporter names one of them, and another one at the next sample
  (NVIDIA/dcgm-exporter#340). The exporters here show whole GPUs only.

  Background:
    Given tenant "blue"

  Rule: Only Prometheus reaches the GPU exporters over the network.

    @gpus:1
    Scenario: Without a network policy any pod reads who holds which GPU
      Given tenant "green"
      And a DCGM exporter runs in its own namespace
      And tenant "blue" runs a client
      When tenant "green" runs a pod with 1 GPU
      Then tenant "blue" learns there which pod of tenant "green" holds which GPU on which host

    @needs:network-policy
    Scenario: The network policy lets only Prometheus reach the exporter
      Given a DCGM exporter runs in its own namespace
      And tenant "blue" runs a client
      Then connections to the DCGM exporter:
        | from                         | to          | allowed |
        | the client of tenant "blue"  | its pod IP  | yes     |
        | the client of tenant "blue"  | its service | yes     |
        | the scraper                  | its pod IP  | yes     |
        | the neighbour of the scraper | its pod IP  | yes     |
      When this exporter's network policies are applied
      Then connections to the DCGM exporter:
        | from                         | to          | allowed |
        | the client of tenant "blue"  | its pod IP  | no      |
        | the client of tenant "blue"  | its service | no      |
        | the scraper                  | its pod IP  | yes     |
        | the scraper                  | its service | yes     |
        | the neighbour of the scraper | its pod IP  | no      |
      When this exporter's network policies are removed
      Then connections to the DCGM exporter:
        | from                        | to          | allowed |
        | the client of tenant "blue" | its pod IP  | yes     |
        | the client of tenant "blue" | its service | yes     |
      When this exporter's network policies are applied
      Then connections to the DCGM exporter:
        | from                        | to          | allowed |
        | the client of tenant "blue" | its pod IP  | no      |
        | the client of tenant "blue" | its service | no      |
        | the scraper                 | its pod IP  | yes     |

    @needs:network-policy
    Scenario: A policy with peers that are too wide exposes the exporter
      An empty selector chooses every namespace. Written as two items, the selectors admit any pod of the monitoring
      namespace, and any pod beside the exporter that carries the label of Prometheus. A missing list of peers means
      everybody.

      Given a DCGM exporter runs in its own namespace
      And tenant "blue" runs a client
      And tenant "blue" labels its client as a prometheus
      When this exporter's network policies are applied
      Then connections to the DCGM exporter:
        | from                         | allowed |
        | the client of tenant "blue"  | no      |
        | the neighbour of the scraper | no      |
        | the scraper                  | yes     |
      When this exporter's network policies are applied with the empty "namespaceSelector" of policy "dcgm-exporter"
      Then connections to the DCGM exporter:
        | from                        | allowed |
        | the client of tenant "blue" | yes     |
        | the scraper                 | yes     |
      When this exporter's network policies are applied
      Then connections to the DCGM exporter:
        | from                         | allowed |
        | the client of tenant "blue"  | no      |
        | the neighbour of the scraper | no      |
        | the scraper                  | yes     |
      When this exporter's network policies are applied with the selectors of policy "dcgm-exporter" as two items
      Then connections to the DCGM exporter:
        | from                         | allowed |
        | the neighbour of the scraper | yes     |
        | the scraper                  | yes     |
      When this exporter's network policies are applied
      Then connections to the DCGM exporter:
        | from                         | allowed |
        | the client of tenant "blue"  | no      |
        | the neighbour of the scraper | no      |
        | the scraper                  | yes     |
      When this exporter's network policies are applied without the peers of policy "dcgm-exporter"
      Then connections to the DCGM exporter:
        | from                        | allowed |
        | the client of tenant "blue" | yes     |
        | the scraper                 | yes     |
      When this exporter's network policies are applied
      Then connections to the DCGM exporter:
        | from                         | allowed |
        | the client of tenant "blue"  | no      |
        | the neighbour of the scraper | no      |
        | the scraper                  | yes     |

  Rule: Only the platform decides which namespace is a monitoring namespace.

    @needs:network-policy @needs:prometheus
    Scenario: A tenant that may edit namespaces can pass as Prometheus
      Given a scraper runs in the namespace of Prometheus
      And tenant "blue" runs a client
      Then connections to the DCGM exporter:
        | from                        | allowed |
        | the client of tenant "blue" | no      |
        | the scraper                 | yes     |
      When tenant "blue" is granted the role "namespace-editor"
      And tenant "blue" labels its namespace as a monitoring namespace and its client as Prometheus
      Then connections to the DCGM exporter:
        | from                        | allowed |
        | the client of tenant "blue" | yes     |
        | the scraper                 | yes     |
      When the grant is removed
      And the platform removes that label from the namespace of tenant "blue"
      Then connections to the DCGM exporter:
        | from                        | allowed |
        | the client of tenant "blue" | no      |
        | the scraper                 | yes     |
      And tenant "blue" can no longer label the namespace of tenant "blue"

  Rule: No tenant reads the metrics through the API server's proxy.
    The proxy bypasses every network policy, so RBAC has to deny it.

    @needs:prometheus
    Scenario Outline: Only a stray role lets a tenant <look>
      Then tenant "blue" cannot <look>
      When tenant "blue" is granted the role "metrics-proxy"
      Then tenant "blue" can <look>
      When the grant is removed
      Then tenant "blue" can no longer <look>

      Examples:
        | look                                             |
        | read the GPU metrics through the pod's proxy     |
        | read the GPU metrics through the service's proxy |

  Rule: An exporter uses nothing of its node except one folder, which it may only read.

    @needs:network-policy
    Scenario: No policy protects an exporter on the network of the node
      Given a DCGM exporter runs in its own namespace
      And this exporter's network policies are applied
      And tenant "blue" runs a client
      Then connections to the DCGM exporter:
        | from                        | to                 | allowed |
        | the client of tenant "blue" | the node's address | no      |
        | the client of tenant "blue" | its pod IP         | no      |
        | the scraper                 | its pod IP         | yes     |
      When a DCGM exporter runs in its own namespace with the network of the node
      Then connections to the DCGM exporter:
        | from                        | to                 | allowed |
        | the client of tenant "blue" | the node's address | yes     |
        | the scraper                 | the node's address | yes     |
      And the audit finds that it "has the network of the node"
      When a DCGM exporter runs in its own namespace
      Then connections to the DCGM exporter:
        | from                        | to                 | allowed |
        | the client of tenant "blue" | the node's address | no      |
        | the scraper                 | its pod IP         | yes     |
      And the audit finds nothing wrong with it

    @needs:prometheus @needs:workload-image
    Scenario Outline: The audit reports a DCGM exporter <mistake>
      Then the audit finds nothing wrong with the platform's DCGM exporters
      When a DCGM exporter runs in its own namespace <mistake>
      Then the audit finds that it "<finding>"

      Examples:
        | mistake                                | finding                                                  |
        | with the port "9400" of the node       | has port 9400 of the node                                |
        | with the process table of the node     | has the process table of the node                        |
        | with the folder "/dev" of the node     | has the folder /dev of the node                          |
        | with the folders of the node writable  | may write the folder /var/lib/kubelet/pod-resources of the node |
        | with the token of its account          | has a token of its account                               |
        | with the capability "SYS_ADMIN"        | has the capability SYS_ADMIN                             |

  Rule: The metrics show each GPU under the tenant that holds it, while it holds it.

    @gpus:1 @needs:prometheus
    Scenario: Prometheus shows a tenant's GPU only while its pod holds it
      Given tenant "green"
      When tenant "green" runs a pod with 1 GPU
      Then Prometheus shows the GPU of that pod under tenant "green" only
      When the pods of all tenants are removed
      Then Prometheus no longer shows a GPU of tenant "green"

    @gpus:3 @needs:prometheus
    Scenario: Prometheus shows every GPU under the name of its own holder
      Given tenant "green"
      When tenant "blue" runs a pod with 1 GPU
      Then Prometheus shows the GPU of that pod under tenant "blue" only
      When tenant "green" runs a pod with 2 GPUs
      Then Prometheus shows the GPUs of that pod under tenant "green" only

  Rule: Each end of a connection is restricted on its own, and neither relies on the other.

    A connection needs both ends to allow it, so one end can hide a mistake in the other. Therefore each end is read from
    the API server and judged alone: for every kind of pod and namespace, for addresses outside, and for the ports next to
    those that are meant. Where an end is meant to be open to everybody, the table says so.

    Scenario: The exporters' policy lets Prometheus in on one port, and the policy of its namespace only its neighbours
      Given an exporter and Prometheus have namespaces of their own with their network policies
      Then the network policies in the exporter's namespace allow these connections and no others:
        | end | pod                         | peer                                   | ports    |
        | in  | dcgm-exporter               | prometheus in the monitoring namespace | TCP 9400 |
        | in  | every pod but dcgm-exporter | everybody                              | all      |
        | out | every pod                   | everybody                              | all      |
      And the network policies in the namespace of Prometheus allow these connections and no others:
        | end | pod       | peer                        | ports |
        | in  | every pod | every pod in this namespace | all   |
        | out | every pod | everybody                   | all   |
      And the platform's labels and annotations on the namespace of Prometheus are exactly:
        | key                                | value      |
        | security.specs/platform            | monitoring |
        | pod-security.kubernetes.io/enforce | privileged |
