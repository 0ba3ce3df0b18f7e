@control:namespace-boundary
Feature: Namespace boundary
  On a shared GPU platform a tenant is a namespace, and everything in it that matters is reached through the API server:
  model credentials in Secrets, a running job's shell, its logs and its ports. The boundary holds when a tenant's own token
  reaches its own namespace and is refused in every other, for the right reason: Forbidden, by name.

  Each right is shown four times: allowed at home, denied next door, granted by a stray role binding (the exposure), and
  denied again once that is gone. The denial is judged in both directions: RBAC decides before anything is looked up, so the
  way back counts although nothing is there. What no scenario tries is covered by the API server's own list of a tenant's
  rights, compared with those of an account to which nobody has given anything. What every account of the cluster holds is
  not judged here.

  A stream (exec, attach, port-forward) is authorised as "create" when it is opened by POST, and as "get" when it is opened by
  a WebSocket, as today's kubectl does; from Kubernetes 1.35 a WebSocket takes both. Both methods are judged and must agree.

  Two rights are held back from tenants at home too: pods/proxy and services/proxy. Through them the API server makes the
  connection, so that a NetworkPolicy which selects pods never learns who asked. Their legitimate twin is the platform admin;
  the exposure is the right itself, added to the tenant's role, which lets the tenant in and whoever else is bound to it.

  What a namespace does not isolate is in beyond-the-namespace.feature.

  Background:
    Given tenants "blue" and "green"

  Scenario Outline: What a tenant keeps is its own: <request>
    Given tenant "green" <has>
    When tenant "green" tries to <request> of tenant "green"
    Then the request is allowed
    And tenants "blue" and "green" cannot <request> of each other
    When a stray role binding lets tenant "blue" into the namespace of tenant "green"
    Then tenant "blue" can <request> of tenant "green"
    When the stray role binding is removed
    Then tenant "blue" can no longer <request> of tenant "green"

    Examples:
      | has                             | request                 |
      | keeps a secret                  | read the secret         |
      | keeps a secret                  | list the secrets        |
      | keeps a secret                  | watch the secrets       |
      | keeps a secret                  | replace the secret      |
      | keeps a config map              | read the config map     |
      | keeps a config map              | change the config map   |
      | keeps a volume claim            | read the volume claim   |
      | keeps a volume claim            | delete the volume claim |
      | offers a service                | list the services       |
      | has a pod that waits for a node | read the events         |
      | has a server                    | read the server         |
      | has a server                    | list the pods           |
      | has a server                    | watch the pods          |
      | has a server                    | change the server       |

  @needs:workload-image
  Scenario Outline: What a tenant runs is reached by nobody else: <request>
    Given tenant "green" <runs>
    When tenant "green" tries to <request> of tenant "green"
    Then the request is allowed
    And tenants "blue" and "green" cannot <request> of each other
    When a stray role binding lets tenant "blue" into the namespace of tenant "green"
    Then tenant "blue" can <request> of tenant "green"
    When the stray role binding is removed
    Then tenant "blue" can no longer <request> of tenant "green"

    Examples:
      | runs                | request                      |
      | runs a server       | read the server's logs       |
      | runs a server       | run a command in the server  |
      | runs a server       | forward a port to the server |
      | runs a training job | attach to the job            |

  @needs:ephemeral-containers
  Scenario: A debug container goes into one's own pods only
    Given tenant "green" has a pod
    When tenant "green" tries to add a debug container to the pod of tenant "green"
    Then the request is allowed
    And tenants "blue" and "green" cannot add a debug container to the pod of each other
    When a stray role binding lets tenant "blue" into the namespace of tenant "green"
    Then tenant "blue" can add a debug container to the pod of tenant "green"
    When the stray role binding is removed
    Then tenant "blue" can no longer add a debug container to the pod of tenant "green"

  @needs:workload-image
  Scenario Outline: The API server calls no pod for a tenant: <request>
    Given tenant "green" runs a server
    And tenant "green" offers a service
    And the service of tenant "green" leads to its server
    When the platform admin tries to <request> of tenant "green"
    Then the request is allowed
    And tenants "blue" and "green" cannot <request> of each other
    And tenant "green" cannot <request> of tenant "green"
    When control "tenant" is applied to tenant "green" with the right "get" on "<right>"
    And a stray role binding lets tenant "blue" into the namespace of tenant "green"
    Then tenant "green" can <request> of tenant "green"
    And tenant "blue" can <request> of tenant "green"
    When control "tenant" is applied to tenant "green"
    Then tenant "blue" can no longer <request> of tenant "green"
    And tenant "green" can no longer <request> of tenant "green"

    Examples:
      | request                                 | right          |
      | call the server through the API server  | pods/proxy     |
      | call the service through the API server | services/proxy |

  Scenario: A tenant holds the rights of its role at home and none next door
    Then tenant "blue" holds exactly the rights of the tenant role in its own namespace
    And tenant "blue" holds no right in the namespace of tenant "green"
    And tenant "green" holds no right in the namespace of tenant "blue"
    When a stray role binding lets tenant "blue" into the namespace of tenant "green"
    Then tenant "blue" holds rights in the namespace of tenant "green"
    When the stray role binding is removed
    Then tenant "blue" no longer holds rights in the namespace of tenant "green"

  Scenario: Deleting the workload of another tenant
    Given tenant "green" has a pod
    Then tenants "blue" and "green" cannot delete the pod of each other
    When tenant "green" tries to delete the pod of tenant "green"
    Then the request is allowed
    Given tenant "green" has a pod
    When a stray role binding lets tenant "blue" into the namespace of tenant "green"
    Then tenant "blue" can delete the pod of tenant "green"
    When the stray role binding is removed
    Then tenant "blue" can no longer delete the pod of tenant "green"

  Scenario: Namespaces are the platform's to create
    When the platform admin tries to create a namespace
    Then the request is allowed
    And tenants "blue" and "green" cannot create a namespace
    When a namespace editor role is bound to tenant "blue"
    Then tenant "blue" can create a namespace
    When the namespace editor role is removed
    Then tenant "blue" can no longer create a namespace

  Scenario Outline: Namespaces are the platform's to change: tenant "blue" may not <request> of tenant "<whose>"
    When the platform admin tries to <request> of tenant "<whose>"
    Then the request is allowed
    When tenant "blue" tries to <request> of tenant "<whose>"
    Then the request is denied in the namespace of tenant "<whose>"
    When a namespace editor role is bound to tenant "blue"
    Then tenant "blue" can <request> of tenant "<whose>"
    When the namespace editor role is removed
    Then tenant "blue" can no longer <request> of tenant "<whose>"

    Examples:
      | request                | whose |
      | label the namespace    | blue  |
      | label the namespace    | green |
      | annotate the namespace | blue  |
      | delete the namespace   | green |

  Scenario Outline: Nodes are the platform's: no tenant may <request>
    When the platform admin tries to <request>
    Then the request is allowed
    And tenants "blue" and "green" cannot <request>
    When a node editor role is bound to tenant "blue"
    Then tenant "blue" can <request>
    When the node editor role is removed
    Then tenant "blue" can no longer <request>

    Examples:
      | request                  |
      | read a node              |
      | register a node          |
      | label a node             |
      | annotate a node          |
      | raise a node's GPU count |
      | delete a node            |
