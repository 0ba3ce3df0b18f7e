@control:console-identity @needs:workload-image @needs:network-policy @needs:cluster-dns
Feature: Identity by a header
  Why: Kubeflow's dashboard does not log anybody in. The gateway in front of it does, and writes the user's name into the
  header kubeflow-userid. The dashboard believes the header. A pod that calls the dashboard past the gateway writes any
  name it likes and is that user: it sees and starts that user's work.

  How it is proven: A dashboard tells each caller who it takes him for. Exposed: called directly, it believes the name
  that a neighbour or the tenant's own notebook sends. Denied: fleet-fixtures/controls/ml-consoles.yaml keeps all pods
  but the gateway from it; and a gateway without the key of a session passes nothing on. Allowed: through the gateway
  the owner of the session is taken for himself, whatever name his request claims. Closed: after a mistake in the policy
  the correct manifest keeps the notebook from calling directly again.

  Not proven here: That your gateway does what this one does. It is a stand-in that drops every header of the caller; a
  real one (Istio with oauth2-proxy in Kubeflow's own manifests) must be told which ones to drop. Who holds the label of
  the gateway is the tenant's own affair, as in inference-endpoint.feature.

  Background:
    Given tenant "blue"

  Rule: A console that believes a name is called by the gateway alone, and the gateway lets nobody name himself.

    Scenario: The dashboard believes every name that a pod sends, until only the gateway can call it
      Given tenant "green"
      And the user "alice" of tenant "blue" has a session
      And these workloads run
        | workload        | tenant |
        | console         | blue   |
        | console gateway | blue   |
        | notebook        | blue   |
        | client          | green  |
      And the namespace of tenant "blue" has no network policy
      Then the client of tenant "green" gets these answers from the console of tenant "blue":
        | port | request                     | headers                | status | answer                          |
        | 8082 | GET /api/workgroup/env-info |                        | 200    | "user":"anonymous@kubeflow.org" |
        | 8082 | GET /api/workgroup/env-info | kubeflow-userid: alice | 200    | "user":"alice"                  |
      And connections to the console of tenant "blue":
        | from                           | to        | allowed |
        | the notebook of tenant "blue"  | port 8082 | yes     |
        | the client of tenant "green"   | port 8082 | yes     |
      When control "ml-consoles" is applied to tenant "blue"
      Then connections to the console of tenant "blue":
        | from                           | to        | allowed |
        | the notebook of tenant "blue"  | port 5000 | yes     |
        | the notebook of tenant "blue"  | port 8082 | no      |
        | the client of tenant "green"   | port 8082 | no      |
      And the notebook of tenant "blue" gets these answers from the console gateway of tenant "blue":
        | port | request                     | headers                                                 | status | answer                    |
        | 8090 | GET /api/workgroup/env-info | Authorization: Bearer {key:key}                         | 200    | "user":"alice"            |
        | 8090 | GET /api/workgroup/env-info | Authorization: Bearer {key:key}; kubeflow-userid: admin | 200    | "user":"alice"            |
        | 8090 | GET /api/workgroup/env-info | Authorization: Bearer {key:key}; Kubeflow-UserID: admin | 200    | "user":"alice"            |
        | 8090 | GET /api/workgroup/env-info | kubeflow-userid: admin                                  | 401    | show the key of a session |
        | 8090 | GET /api/workgroup/env-info |                                                         | 401    | show the key of a session |

    Scenario: A policy whose gateway is any pod of the tenant lets every notebook be anybody
      Given the user "alice" of tenant "blue" has a session
      And these workloads run
        | workload | tenant |
        | console  | blue   |
        | notebook | blue   |
      When control "ml-consoles" is applied to tenant "blue" with the empty "podSelector" of policy "ml-consoles"
      Then connections to the console of tenant "blue":
        | from                          | to        | allowed |
        | the notebook of tenant "blue" | port 5000 | yes     |
        | the notebook of tenant "blue" | port 8082 | yes     |
      And the notebook of tenant "blue" gets these answers from the console of tenant "blue":
        | port | request                     | headers                | status | answer         |
        | 8082 | GET /api/workgroup/env-info | kubeflow-userid: admin | 200    | "user":"admin" |
      When control "ml-consoles" is applied to tenant "blue"
      Then connections to the console of tenant "blue":
        | from                          | to        | allowed |
        | the notebook of tenant "blue" | port 5000 | yes     |
        | the notebook of tenant "blue" | port 8082 | no      |
