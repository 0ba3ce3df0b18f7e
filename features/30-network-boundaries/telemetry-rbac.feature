@control:telemetry-rbac @needs:prometheus
Feature: Monitoring accounts
  Why: An account that watches everything is easily given the right to read everything. Prometheus needs only two
  rights: to find its targets (the nodes, and the exporters in their one namespace), and get on nodes/metrics for the
  kubelets. Many set-ups give it nodes/proxy instead, which is the kubelet's whole API: it lists the pods of all tenants
  and runs commands in them. A person with a dashboard needs even less: get on the proxy of one Service, by its name.

  How it is proven: fleet-fixtures/controls/telemetry-rbac.yaml defines both accounts. Allowed: Prometheus finds its
  targets and scrapes the kubelets, and the metrics viewer queries Prometheus. Denied: everything else about tenants,
  exporters and Prometheus. Exposed: one additional resource or verb in a role, in namespaces of the scenario's own.
  Closed: the role is set up as it should be. The telemetry reader of personas.yaml, who finds targets in all
  namespaces, is tested in personas.feature.

  Not proven here: That metrics are harmless to those who may see them. The metrics viewer sees all tenants' GPUs.

  Background:
    Given tenant "green"

  Rule: The account of Prometheus finds its targets and reads nothing that belongs to a tenant.

    Scenario: The account of Prometheus lists its targets and no tenant's objects
      Given tenant "green" has a pod
      And tenant "green" has a secret
      Then the requests of the account of Prometheus are allowed or denied as follows:
        | action                                           | of           | verdict |
        | list the exporters                               | the platform | allowed |
        | list all nodes                                   | the platform | allowed |
        | read the token of the switch                     | the platform | denied  |
        | list the secrets in the exporter's namespace  | the platform | denied  |
        | run a command in the exporter                    | the platform | denied  |
        | change the exporter                              | the platform | denied  |
        | use the switch for drills through the service's proxy | the platform | denied |
        | change the configuration of Prometheus           | the platform | denied  |
        | list the pods in the namespace of Prometheus     | the platform | denied  |
        | list the pods                                    | green        | denied  |
        | read the secret                                  | green        | denied  |
        | list the pods of all tenants                     | green        | denied  |
        | list the secrets of the whole cluster            | green        | denied  |
        | list the services                                | green        | denied  |
        | read the node through the kubelet                | green        | denied  |

    Scenario: The account of Prometheus holds two rights on nodes and one on the exporters' pods
      Given the scenario has its own monitoring accounts
      Then the account of Prometheus holds exactly the rights of its role

    Scenario Outline: One resource too many lets the account of Prometheus <request>
      Given tenant "green" has a pod
      And tenant "green" has a secret
      And the scenario has its own monitoring accounts
      Then the account of Prometheus cannot <request> of tenant "green"
      When the scenario has its own monitoring accounts <mistake>
      Then the account of Prometheus can <request> of tenant "green"
      When the scenario has its own monitoring accounts
      Then the account of Prometheus can no longer <request> of tenant "green"

      Examples:
        | request                           | mistake                                                                    |
        | list the pods of all tenants      | with the resource "pods" added to "nodes" in role "prometheus"               |
        | list the secrets                  | with the resource "secrets" added to "nodes" in role "prometheus"            |
        | read the node through the kubelet | with the resource "nodes/proxy" added to "nodes/metrics" in role "prometheus" |

    Scenario: One resource too many exposes the secrets in the exporters' namespace
      Given the scenario has its own monitoring accounts
      Then the account of Prometheus cannot list the secrets in the exporter's namespace
      When the scenario has its own monitoring accounts with the resource "secrets" added to "pods" in role "prometheus"
      Then the account of Prometheus can list the secrets in the exporter's namespace
      When the scenario has its own monitoring accounts
      Then the account of Prometheus can no longer list the secrets in the exporter's namespace

  Rule: The account of Prometheus scrapes the kubelets with nodes/metrics and never holds nodes/proxy.

    Scenario: Prometheus scrapes the kubelets with the right to nodes/metrics
      Then Prometheus has scraped the kubelet of every GPU node

    @needs:workload-image @needs:kubelet-port
    Scenario: The kubelet gives metrics for nodes/metrics and every tenant's pods for nodes/proxy
      The kubelet remembers for minutes which requests it allowed, so this scenario makes the mistake with an account of
      its own.

      Given tenant "green" has a secret
      And tenant "green" runs a pod that holds its secret
      Then the kubelet on the node of tenant "green" gives the account of Prometheus its metrics
      And the kubelet turns the account of Prometheus away from the list of pods and from the pod of tenant "green"
      When the scenario has its own monitoring accounts with the resource "nodes/proxy" added to "nodes/metrics" in role "prometheus"
      Then the account of Prometheus can read the node through the kubelet of tenant "green"
      And the kubelet lists the pods of all tenants for the account of Prometheus, that of tenant "green" among them
      And the kubelet runs a command for the account of Prometheus in the pod of tenant "green", which prints its secret
      When the scenario has its own monitoring accounts
      Then the account of Prometheus can no longer read the node through the kubelet of tenant "green"

  Rule: The metrics viewer may send queries to one Prometheus and nothing else.

    Scenario: The metrics viewer queries Prometheus and can do nothing else
      Given tenant "green" has a pod
      And tenant "green" has a secret
      Then the requests of the metrics viewer are allowed or denied as follows:
        | action                                           | of           | verdict |
        | ask Prometheus                                   | the platform | allowed |
        | have Prometheus copy all of its series           | the platform | denied  |
        | read the configuration of Prometheus             | the platform | denied  |
        | change the configuration of Prometheus           | the platform | denied  |
        | list the pods in the namespace of Prometheus     | the platform | denied  |
        | read the GPU metrics through the pod's proxy     | the platform | denied  |
        | read the GPU metrics through the service's proxy | the platform | denied  |
        | use the switch for drills through the service's proxy | the platform | denied |
        | read the token of the switch                     | the platform | denied  |
        | list the exporters                               | the platform | denied  |
        | list all nodes                                   | the platform | denied  |
        | list the pods                                    | green        | denied  |
        | read the secret                                  | green        | denied  |
        | read the node through the kubelet                | green        | denied  |

    Scenario: The metrics viewer holds one right on one Service
      Given the scenario has its own monitoring accounts
      Then the metrics viewer holds exactly the rights of its role
      And pods that run as the metrics viewer get no token

    Scenario: One verb too many lets the metrics viewer have Prometheus copy all of its series
      The verb lets every POST through to a Prometheus whose flags obey it.

      Given a second Prometheus runs with the arguments "--web.enable-admin-api"
      Then the metrics viewer cannot have Prometheus copy all of its series
      When the scenario has its own monitoring accounts with the verb "create" on "services/proxy" in role "metrics-viewer"
      Then the metrics viewer can have Prometheus copy all of its series
      When the scenario has its own monitoring accounts
      Then the metrics viewer can no longer have Prometheus copy all of its series
