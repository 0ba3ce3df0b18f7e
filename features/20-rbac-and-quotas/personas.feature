@control:personas
Feature: Personas
  Why: Least privilege starts with a table, before any manifest: who works on the platform, which rights the work
  needs, and which rights it does not need. Every right beyond that is a risk without a use.

  How it is proven: seven personas work around a tenant: the platform admin, the tenant admin, the GPU developer, the
  deployer (CI), the telemetry reader, the inference client and the auditor. fleet-fixtures/controls/personas.yaml
  gives each of them an account and a role; the developer's are in tenant.yaml. Each row of a table is checked twice:
  by the real request, with a short-lived token of the persona, and by the API server's SelfSubjectAccessReview. Both
  must agree with the row, and a denial counts only for the right reason. The rights that no table asks about are
  covered by the API server's own list of the persona's rights: it must equal features/rights.yaml, which a person
  wrote. The default account beside each persona must hold nothing. Exposed: one entry too many in a role. Closed: the
  reference role again.

  Not proven here: that a persona cannot reach more in several steps, for RBAC has no "except". Whoever may create
  workloads reaches every Secret and every account of the namespace through them: the deployer cannot read a Secret
  through the API, but it can deploy a pod that mounts one. Whoever may hand out a role can also take it. Both are
  known and accepted here: they stay inside one tenant, happen under the persona's own name, and can be seen in an
  audit log.

  Background:
    Given tenants "blue" and "green"
    And the personas of tenant "blue"

  Rule: Each persona of a tenant has the rights that its work needs, in that tenant's namespace only.

    @needs:workload-image
    Scenario: The GPU developer can work in its own tenant and nowhere else
      Given tenant "blue" has a secret
      And tenant "blue" has a quota of 1 GPU
      And tenant "blue" runs a server
      Then the requests of the GPU developer are allowed or denied as follows:
        | action                            | of    | verdict |
        | read the secret                   | blue  | allowed |
        | list the pods                     | blue  | allowed |
        | read the server's logs            | blue  | allowed |
        | run a command in the server       | blue  | allowed |
        | create a pod                      | blue  | allowed |
        | roll out a deployment             | blue  | allowed |
        | start a job                       | blue  | allowed |
        | read the quota                    | blue  | allowed |
        | raise the quota                   | blue  | denied  |
        | set a limit range                 | blue  | denied  |
        | label the namespace               | blue  | denied  |
        | list the role bindings            | blue  | denied  |
        | bind cluster-admin                | blue  | denied  |
        | mint a token of the developer     | blue  | denied  |
        | act as the developer              | green | denied  |
        | create a service account          | blue  | denied  |
        | read the secret                   | green | denied  |
        | create a pod                      | green | denied  |
        | read the node through the kubelet | blue  | denied  |
        | list the pods of all tenants      | green | denied  |
      And the GPU developer holds exactly the rights of its role

    Scenario: The tenant admin can hand out roles but not change the platform's limits
      Given tenant "blue" has a quota of 1 GPU
      And tenant "blue" has a service
      Then the requests of the tenant admin are allowed or denied as follows:
        | action                              | of    | verdict |
        | list the services                   | blue  | allowed |
        | list the roles                      | blue  | allowed |
        | list the role bindings              | blue  | allowed |
        | give a colleague the developer role | blue  | allowed |
        | create a service account            | blue  | allowed |
        | read the quota                      | blue  | allowed |
        | bind cluster-admin                  | blue  | denied  |
        | write a role                        | blue  | denied  |
        | read the secret                     | blue  | denied  |
        | run a command in the server         | blue  | denied  |
        | create a pod                        | blue  | denied  |
        | mint a token of the developer       | blue  | denied  |
        | act as the developer                | blue  | denied  |
        | raise the quota                     | blue  | denied  |
        | delete the quota                    | blue  | denied  |
        | set a limit range                   | blue  | denied  |
        | label the namespace                 | blue  | denied  |
        | create a namespace                  | blue  | denied  |
        | list the role bindings              | green | denied  |
        | give a colleague the developer role | green | denied  |
      And the tenant admin holds exactly the rights of its role

    @needs:workload-image
    Scenario: The deployer can roll out workloads and read logs, but no secrets
      Given tenant "blue" runs a server
      Then the requests of the deployer are allowed or denied as follows:
        | action                              | of    | verdict |
        | roll out a deployment               | blue  | allowed |
        | list the deployments                | blue  | allowed |
        | start a job                         | blue  | allowed |
        | publish a service                   | blue  | allowed |
        | write a configuration               | blue  | allowed |
        | list the pods                       | blue  | allowed |
        | read the server's logs              | blue  | allowed |
        | read the secret                     | blue  | denied  |
        | list the secrets                    | blue  | denied  |
        | run a command in the server         | blue  | denied  |
        | forward a port to the server        | blue  | denied  |
        | create a pod                        | blue  | denied  |
        | give a colleague the developer role | blue  | denied  |
        | mint a token of the developer       | blue  | denied  |
        | raise the quota                     | blue  | denied  |
        | label the namespace                 | blue  | denied  |
        | roll out a deployment               | green | denied  |
        | read the server's logs              | green | denied  |
      And the deployer holds exactly the rights of its role

    @needs:workload-image
    Scenario: The inference client can call its model server and nothing else
      Given tenant "blue" runs a server
      And tenant "blue" publishes its inference services
      Then the requests of the inference client are allowed or denied as follows:
        | action                       | of    | verdict |
        | call the model server        | blue  | allowed |
        | call the vector store        | blue  | denied  |
        | call the model server        | green | denied  |
        | list the services            | blue  | denied  |
        | list the pods                | blue  | denied  |
        | read the server's logs       | blue  | denied  |
        | run a command in the server  | blue  | denied  |
        | forward a port to the server | blue  | denied  |
        | read the secret              | blue  | denied  |
        | create a pod                 | blue  | denied  |
        | list the roles               | blue  | denied  |
        | list all nodes               | blue  | denied  |
        | scrape the API server        | blue  | denied  |
      And the inference client holds exactly the rights of its role

  Rule: The telemetry reader and the auditor may look across tenants, but may not change anything or read secrets.

    Scenario: The telemetry reader can list its targets but not open or change them
      Given tenant "blue" has a service
      And tenant "green" has a service
      And tenant "green" has a pod
      Then the requests of the telemetry reader are allowed or denied as follows:
        | action                                      | of    | verdict |
        | scrape the API server                       | blue  | allowed |
        | list all nodes                              | blue  | allowed |
        | list the pods of all tenants                | green | allowed |
        | list the services                           | blue  | allowed |
        | list the services                           | green | allowed |
        | read the node through the kubelet           | blue  | denied  |
        | label a node                                | blue  | denied  |
        | read the secret                             | blue  | denied  |
        | list the secrets of the whole cluster       | blue  | denied  |
        | read the server's logs                      | blue  | denied  |
        | run a command in the server                 | blue  | denied  |
        | create a pod                                | blue  | denied  |
        | list the events                             | blue  | denied  |
        | list the role bindings of the whole cluster | blue  | denied  |
        | call the model server                       | blue  | denied  |
      And the telemetry reader holds exactly the rights of its role

    Scenario: The auditor can read everywhere who may do what and changes nothing
      Given tenant "green" has a pod
      Then the requests of the auditor are allowed or denied as follows:
        | action                                      | of    | verdict |
        | list the role bindings of the whole cluster | blue  | allowed |
        | list the roles                              | blue  | allowed |
        | list the role bindings                      | green | allowed |
        | list the quotas                             | blue  | allowed |
        | list the quotas                             | green | allowed |
        | list the network policies                   | green | allowed |
        | list the events                             | green | allowed |
        | list the pods of all tenants                | green | allowed |
        | list all nodes                              | blue  | allowed |
        | read the secret                             | green | denied  |
        | list the secrets of the whole cluster       | blue  | denied  |
        | read the server's logs                      | green | denied  |
        | run a command in the server                 | green | denied  |
        | create a pod                                | blue  | denied  |
        | delete the pod                              | green | denied  |
        | raise the quota                             | blue  | denied  |
        | give a colleague the developer role         | blue  | denied  |
        | label the namespace                         | green | denied  |
        | act as the developer                        | blue  | denied  |
        | read the node through the kubelet           | blue  | denied  |
        | scrape the API server                       | blue  | denied  |
      And the auditor holds exactly the rights of its role

  Rule: The platform admin may do everything, through a binding that can be removed.

    @needs:gpu
    Scenario: The platform admin can do everything until its binding is removed
      RBAC does not restrict members of system:masters, and no binding can be removed from them. This persona is bound
      like any other. Kubernetes 1.36 remembers for 10 s whom an account was allowed to impersonate, so the second
      table asks for another developer.

      Given tenant "green" has a secret
      And tenant "blue" has a quota of 1 GPU
      Then the requests of the platform admin are allowed or denied as follows:
        | action                                      | of    | verdict |
        | create a namespace                          | blue  | allowed |
        | label the namespace                         | green | allowed |
        | raise the quota                             | blue  | allowed |
        | set a limit range                           | green | allowed |
        | write a role                                | blue  | allowed |
        | bind cluster-admin                          | blue  | allowed |
        | list the role bindings of the whole cluster | blue  | allowed |
        | label a node                                | blue  | allowed |
        | read the node through the kubelet           | blue  | allowed |
        | read the secret                             | green | allowed |
        | list the secrets of the whole cluster       | blue  | allowed |
        | act as the developer                        | green | allowed |
        | mint a token of the developer               | green | allowed |
        | scrape the API server                       | blue  | allowed |
      And the platform admin holds exactly the rights of its role
      When control "personas" is applied to tenant "blue" without the subjects of binding "platform-admin"
      Then the platform admin can no longer read the secret of tenant "green"
      And the requests of the platform admin are allowed or denied as follows:
        | action                                      | of    | verdict |
        | create a namespace                          | blue  | denied  |
        | label the namespace                         | green | denied  |
        | raise the quota                             | blue  | denied  |
        | set a limit range                           | green | denied  |
        | write a role                                | blue  | denied  |
        | bind cluster-admin                          | blue  | denied  |
        | list the role bindings of the whole cluster | blue  | denied  |
        | label a node                                | blue  | denied  |
        | read the node through the kubelet           | blue  | denied  |
        | read the secret                             | green | denied  |
        | list the secrets of the whole cluster       | blue  | denied  |
        | act as the developer                        | blue  | denied  |
        | mint a token of the developer               | green | denied  |
        | scrape the API server                       | blue  | denied  |
      When control "personas" is applied to tenant "blue"
      Then the platform admin can read the secret of tenant "green"

  Rule: A role names exactly the verbs, resources and objects that the work needs.

    Scenario Outline: The <persona> holds exactly the rights of its role, and its pods get no token
      Then the <persona> holds exactly the rights of its role
      And pods that run as the <persona> get no token

      Examples:
        | persona          |
        | GPU developer    |
        | tenant admin     |
        | deployer         |
        | telemetry reader |
        | inference client |
        | auditor          |
        | platform admin   |

    Scenario Outline: The <persona> can <request> of tenant "<whose>" with one extra resource in its role
      Given tenant "<whose>" has a secret
      Then the <persona> cannot <request> of tenant "<whose>"
      When control "personas" is applied to tenant "blue" <mistake>
      Then the <persona> can <request> of tenant "<whose>"
      And the value of the secret of tenant "<whose>" is in the answer
      When control "personas" is applied to tenant "blue"
      Then the <persona> can no longer <request> of tenant "<whose>"
      And the <persona> holds exactly the rights of its role

      Examples:
        | persona          | request          | whose | mistake                                                                  |
        | auditor          | read the secret  | green | with the resource "secrets" added to "pods" in role "auditor"              |
        | auditor          | list the secrets | green | with the resource "*" added to "pods" in role "auditor"                    |
        | telemetry reader | list the secrets | green | with the resource "secrets" added to "services" in role "telemetry-reader" |
        | deployer         | read the secret  | blue  | with the resource "secrets" added to "configmaps" in role "deployer"       |
        | tenant admin     | read the secret  | blue  | with the resource "secrets" added to "pods" in role "tenant-admin"         |

    @needs:gpu
    Scenario Outline: The <persona> can <request> with one extra right in its role
      Given tenant "blue" has a quota of 1 GPU
      Then the <persona> cannot <request> of tenant "blue"
      When control "<control>" is applied to tenant "blue" <mistake>
      Then the <persona> can <request> of tenant "blue"
      When control "<control>" is applied to tenant "blue"
      Then the <persona> can no longer <request> of tenant "blue"
      And the <persona> holds exactly the rights of its role

      Examples:
        | persona          | request                           | control  | mistake                                                                                 |
        | tenant admin     | raise the quota                   | personas | with the verb "patch" on "resourcequotas" in role "tenant-admin"                        |
        | telemetry reader | read the node through the kubelet | personas | with the resource "nodes/proxy" added to "nodes/metrics" in role "telemetry-reader"       |
        | GPU developer    | mint a token of the developer     | tenant   | with the resource "serviceaccounts/token" added to "pods/exec" in role "tenant-developer" |
        | deployer         | create a pod                      | personas | with the verb "create" on "pods" in role "deployer"                                     |

    @needs:workload-image
    Scenario: The inference client can call the vector store if its role names no Service
      Given tenant "blue" runs a server
      And tenant "blue" publishes its inference services
      Then the inference client can call the model server of tenant "blue"
      And the inference client cannot call the vector store of tenant "blue"
      When control "personas" is applied to tenant "blue" without the names of "services/proxy" in role "inference-client"
      Then the inference client can call the vector store of tenant "blue"
      When control "personas" is applied to tenant "blue"
      Then the inference client can no longer call the vector store of tenant "blue"
      And the inference client can call the model server of tenant "blue"
