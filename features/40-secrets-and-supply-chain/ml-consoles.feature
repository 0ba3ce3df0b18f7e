@control:ml-consoles
Feature: Consoles of the ML stack
  Why: Ray, MLflow, Kubeflow, Jupyter, Airflow and W&B are built for one team behind one gateway. Most of them ask nobody
  for a login by themselves. Whoever reaches Ray's dashboard runs commands with the credentials of the cluster behind it:
  attackers found such dashboards on the internet, took the secrets there and mined coins (ShadowRay, CVE-2023-48022). On
  a shared cluster a neighbour's pod is as close to the dashboard as those were.

  How it is proven: One pod plays the six products, each on its own port and with the answers that it gives without a
  login. fleet-fixtures/controls/ml-consoles.yaml lets the tenant's gateway call those that run code or believe a name,
  and the tenant's pods those that store runs. Allowed: these callers, and the tenant's developer by a port-forward.
  Denied: other tenants' pods, the tenant's other pods, and every other persona through the API server. Exposed: without
  the policy, or with a mistake in it, a neighbour is answered. In the drill "open-console" its job runs in the console's
  container and prints the tenant's secret. Closed: the correct policy or role keeps it out again.

  Not proven here: That a real product answers as this one does; each is played by the request that gives most away. Who
  the caller behind the gateway is (see console-identity.feature). That the console's pod can do no harm once somebody
  is in: its account, its Secrets and what it may call are other controls. A job that runs goes on when the policy comes.

  Background:
    Given tenants "blue" and "green"

  Rule: Only the tenant's gateway reaches a console that runs code, and only the tenant's pods one that stores runs.

    @needs:workload-image @needs:network-policy
    Scenario: A neighbour's pod is answered by every console until the policy keeps it out
      Given these workloads run
        | workload | tenant |
        | console  | blue   |
        | gateway  | blue   |
        | client   | blue   |
        | client   | green  |
      And the namespace of tenant "blue" has no network policy
      Then the client of tenant "green" gets these answers from the console of tenant "blue":
        | port | request                                     | status | answer                          |
        | 8265 | GET /api/version                            | 200    | "ray_version"                   |
        | 8888 | GET /api/contents                           | 200    | train.ipynb                     |
        | 8082 | GET /api/workgroup/env-info                 | 200    | "user":"anonymous@kubeflow.org" |
        | 8081 | POST /api/experimental/dags/train/dag_runs  | 200    | Created <DagRun train           |
        | 5000 | POST /api/2.0/mlflow/runs/search            | 200    | "artifact_uri"                  |
        | 8080 | POST /graphql                               | 200    | "viewer":null                   |
      And connections to the console of tenant "blue":
        | from                         | to        | allowed |
        | the client of tenant "green" | port 8265 | yes     |
        | the client of tenant "green" | port 8888 | yes     |
        | the client of tenant "green" | port 8082 | yes     |
        | the client of tenant "green" | port 8081 | yes     |
        | the client of tenant "green" | port 5000 | yes     |
        | the client of tenant "green" | port 8080 | yes     |
      When control "ml-consoles" is applied to tenant "blue"
      Then connections to the console of tenant "blue":
        | from                         | to          | allowed |
        | the gateway of tenant "blue" | port 8265   | yes     |
        | the gateway of tenant "blue" | port 8888   | yes     |
        | the gateway of tenant "blue" | port 8082   | yes     |
        | the gateway of tenant "blue" | port 8081   | yes     |
        | the gateway of tenant "blue" | its service | yes     |
        | the client of tenant "blue"  | port 8265   | no      |
        | the client of tenant "blue"  | port 8888   | no      |
        | the client of tenant "blue"  | port 8082   | no      |
        | the client of tenant "blue"  | port 8081   | no      |
        | the client of tenant "blue"  | port 5000   | yes     |
        | the client of tenant "blue"  | port 8080   | yes     |
        | the client of tenant "green" | port 8265   | no      |
        | the client of tenant "green" | port 8888   | no      |
        | the client of tenant "green" | port 8082   | no      |
        | the client of tenant "green" | port 8081   | no      |
        | the client of tenant "green" | port 5000   | no      |
        | the client of tenant "green" | port 8080   | no      |
        | the client of tenant "green" | its service | no      |
      # A policy that lets the whole namespace in opens the consoles to it: policies only add.
      When control "network-isolation" is applied to tenant "blue"
      Then connections to the console of tenant "blue":
        | from                         | to        | allowed |
        | the client of tenant "blue"  | port 8265 | yes     |
        | the client of tenant "green" | port 8265 | no      |
      When control "network-isolation" is removed from tenant "blue"
      Then connections to the console of tenant "blue":
        | from                         | to        | allowed |
        | the gateway of tenant "blue" | port 8265 | yes     |
        | the client of tenant "blue"  | port 8265 | no      |
        | the client of tenant "green" | port 8265 | no      |

    Scenario: The policy lets in the gateway at four ports and the tenant's pods at two, and nobody else
      When control "ml-consoles" is applied to tenant "blue"
      Then the network policies of tenant "blue" allow these connections and no others:
        | end | pod                   | peer                        | ports                                  |
        | in  | every pod but console | everybody                   | all                                    |
        | in  | console               | gateway in this namespace   | TCP 8265, TCP 8888, TCP 8082, TCP 8081 |
        | in  | console               | every pod in this namespace | TCP 5000, TCP 8080                     |
        | out | every pod             | everybody                   | all                                    |

  Rule: No console is opened on a port of the nodes.

    @needs:workload-image @needs:network-policy @needs:node-port
    Scenario: The object quota keeps a tenant from opening its console on a port of every node
      Given these workloads run
        | workload | tenant |
        | console  | blue   |
        | gateway  | blue   |
        | client   | green  |
      And tenant "blue" has an object quota
      Then tenant "blue" cannot create more Services with a node port
      And tenant "blue" can create more Services
      When the object quota of tenant "blue" is removed
      And tenant "blue" exposes its console on a port of its own node only
      Then connections to the console of tenant "blue":
        | from                         | to            | allowed |
        | the client of tenant "green" | its node port | yes     |
      When control "ml-consoles" is applied to tenant "blue"
      Then connections to the console of tenant "blue":
        | from                         | to            | allowed |
        | the gateway of tenant "blue" | its pod IP    | yes     |
        | the client of tenant "green" | its node port | no      |
      When tenant "blue" has an object quota
      Then tenant "blue" cannot create more Services with a node port

  Rule: No persona but the tenant's developer reaches a console through the API server.
    The API server calls a pod from its own place, past every network policy.

    @needs:workload-image
    Scenario: A right to services/proxy or pods/proxy leads a neighbour to the console
      Given tenant "blue" runs a console
      And tenant "green" has the duty "model-support" in the namespace of tenant "blue"
      Then tenant "blue" can use port-forward to reach the console
      And tenant "green" cannot use port-forward to reach the console of tenant "blue"
      And tenant "green" cannot use services/proxy to reach the console of tenant "blue"
      And tenant "green" cannot use pods/proxy to reach the console of tenant "blue"
      When tenant "green" has the duty "model-support" in the namespace of tenant "blue" with the right "get" on "services/proxy"
      Then tenant "green" can use services/proxy to reach the console of tenant "blue"
      When tenant "green" has the duty "model-support" in the namespace of tenant "blue" with the right "get" on "pods/proxy"
      Then tenant "green" can use pods/proxy to reach the console of tenant "blue"
      And tenant "green" can no longer use services/proxy to reach the console of tenant "blue"
      When tenant "green" has the duty "model-support" in the namespace of tenant "blue"
      Then tenant "green" can no longer use pods/proxy to reach the console of tenant "blue"

    Scenario Outline: The <persona> cannot reach a console through the API server
      Given the personas of tenant "blue"
      And tenant "blue" has a service
      Then the requests of the <persona> are allowed or denied as follows:
        | action                                  | of    | verdict   |
        | list the services                       | blue  | <looking> |
        | use services/proxy to reach the console | blue  | denied    |
        | use pods/proxy to reach the console     | blue  | denied    |
        | use port-forward to reach the console   | blue  | denied    |
        | use services/proxy to reach the console | green | denied    |

      Examples:
        | persona          | looking |
        | tenant admin     | allowed |
        | deployer         | allowed |
        | telemetry reader | allowed |
        | auditor          | allowed |
        | inference client | denied  |
