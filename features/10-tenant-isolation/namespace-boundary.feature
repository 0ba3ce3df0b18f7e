@control:namespace-boundary
Feature: Namespace boundary
  Why: On a shared GPU platform a tenant is a namespace. Everything in it that matters is reached through the API
  server: model credentials in Secrets, a running job's shell, its logs and its ports. The boundary holds when a
  tenant's own token is allowed in its own namespace and denied in every other.

  How it is proven: fleet-fixtures/controls/tenant.yaml gives a tenant its namespace, an account and a role. Each right
  is shown four times: allowed in the tenant's own namespace, denied in the other tenant's, granted by a stray role
  binding (exposed), and denied again once the binding is gone (closed). A denial counts only for the right reason: the
  answer is Forbidden and names the denied request. Both tenants try to reach each other. The attempt in the other
  direction counts although the object does not exist there, because RBAC decides before the API server looks anything
  up. Requests that no scenario tries are covered by the API server's own list of a tenant's rights, compared with the
  list of an account that was given nothing.

  Not proven here: Rights that every account of the cluster holds are not judged. Nodes, the network and other surfaces
  that a namespace does not isolate are in beyond-the-namespace.feature.

  Background:
    Given tenants "blue" and "green"

  Rule: A tenant may read and change objects in its own namespace and in no other.

    Scenario Outline: A tenant may <request> in no namespace but its own
      Given tenant "green" <has>
      When tenant "green" tries to <request> of tenant "green"
      Then the request is allowed
      And tenant "blue" cannot <request> of tenant "green"
      And tenant "green" cannot <request> of tenant "blue"
      When tenant "blue" is granted the role "tenant-developer" in the namespace of tenant "green"
      Then tenant "blue" can <request> of tenant "green"
      When the grant is removed
      Then tenant "blue" can no longer <request> of tenant "green"

      Examples:
        | has                             | request                 |
        | has a secret                  | read the secret         |
        | has a secret                  | list the secrets        |
        | has a secret                  | watch the secrets       |
        | has a secret                  | replace the secret      |
        | has a config map              | read the config map     |
        | has a config map              | change the config map   |
        | has a volume claim            | read the volume claim   |
        | has a volume claim            | delete the volume claim |
        | has a service                | list the services       |
        | has a pod that waits for a node | read the events         |
        | has a server                    | read the server         |
        | has a server                    | list the pods           |
        | has a server                    | watch the pods          |
        | has a server                    | change the server       |

    Scenario: No tenant may delete another tenant's pod
      Given tenant "green" has a pod
      Then tenant "blue" cannot delete the pod of tenant "green"
      And tenant "green" cannot delete the pod of tenant "blue"
      When tenant "green" tries to delete the pod of tenant "green"
      Then the request is allowed
      Given tenant "green" has a pod
      When tenant "blue" is granted the role "tenant-developer" in the namespace of tenant "green"
      Then tenant "blue" can delete the pod of tenant "green"
      When the grant is removed
      Then tenant "blue" can no longer delete the pod of tenant "green"

  Rule: No tenant may read the logs of another tenant's pod, open a stream to it, or debug it.

    A stream (exec, attach, port-forward) is authorised as "create" when it is opened by POST, and as "get" when it is
    opened by a WebSocket, as today's kubectl does. From Kubernetes 1.35 a WebSocket needs both. Both methods are tried
    and must agree.

    @needs:workload-image
    Scenario Outline: No other tenant may <request>
      Given tenant "green" <runs>
      When tenant "green" tries to <request> of tenant "green"
      Then the request is allowed
      And tenant "blue" cannot <request> of tenant "green"
      And tenant "green" cannot <request> of tenant "blue"
      When tenant "blue" is granted the role "tenant-developer" in the namespace of tenant "green"
      Then tenant "blue" can <request> of tenant "green"
      When the grant is removed
      Then tenant "blue" can no longer <request> of tenant "green"

      Examples:
        | runs                | request                      |
        | runs a server       | read the server's logs       |
        | runs a server       | run a command in the server  |
        | runs a server       | forward a port to the server |
        | runs a training job | attach to the job            |

    @needs:ephemeral-containers
    Scenario: No tenant may add a debug container to another tenant's pod
      Given tenant "green" has a pod
      When tenant "green" tries to add a debug container to the pod of tenant "green"
      Then the request is allowed
      And tenant "blue" cannot add a debug container to the pod of tenant "green"
      And tenant "green" cannot add a debug container to the pod of tenant "blue"
      When tenant "blue" is granted the role "tenant-developer" in the namespace of tenant "green"
      Then tenant "blue" can add a debug container to the pod of tenant "green"
      When the grant is removed
      Then tenant "blue" can no longer add a debug container to the pod of tenant "green"

  Rule: No tenant may have the API server connect to a pod or a service, not even to its own.

    Tenants do not hold pods/proxy and services/proxy. Through them the API server makes the connection, so a
    NetworkPolicy that selects pods never learns who asked. Here the cluster admin is the allowed case. The exposure is
    the right itself, added to the tenant's role: it lets in the tenant and whoever else is bound to that role.

    @needs:workload-image
    Scenario Outline: No tenant, not even the owner, may <request>
      Given tenant "green" runs a server
      And tenant "green" has a service
      And the service of tenant "green" leads to its server
      When the cluster admin tries to <request> of tenant "green"
      Then the request is allowed
      And tenant "blue" cannot <request> of tenant "green"
      And tenant "green" cannot <request> of tenant "blue"
      And tenant "green" cannot <request> of tenant "green"
      When control "tenant" is applied to tenant "green" with the right "get" on "<right>"
      And tenant "blue" is granted the role "tenant-developer" in the namespace of tenant "green"
      Then tenant "green" can <request> of tenant "green"
      And tenant "blue" can <request> of tenant "green"
      When control "tenant" is applied to tenant "green"
      Then tenant "blue" can no longer <request> of tenant "green"
      And tenant "green" can no longer <request> of tenant "green"

      Examples:
        | request                                 | right          |
        | call the server through the API server  | pods/proxy     |
        | call the service through the API server | services/proxy |

  Rule: A tenant holds exactly the rights of its role, and only in its own namespace.

    Scenario: A tenant holds its role's rights at home and none in another namespace
      Then tenant "blue" holds exactly the rights of its role
      And tenant "blue" holds no right in the namespace of tenant "green"
      And tenant "green" holds no right in the namespace of tenant "blue"
      When tenant "blue" is granted the role "tenant-developer" in the namespace of tenant "green"
      Then tenant "blue" holds rights in the namespace of tenant "green"
      When the grant is removed
      Then tenant "blue" no longer holds rights in the namespace of tenant "green"

  Rule: No tenant may create, change or delete a namespace, not even its own.

    Scenario: No tenant may create a namespace
      When the cluster admin tries to create a namespace
      Then the request is allowed
      And tenant "blue" cannot create a namespace
      And tenant "green" cannot create a namespace
      When tenant "blue" is granted the role "namespace-editor"
      Then tenant "blue" can create a namespace
      When the grant is removed
      Then tenant "blue" can no longer create a namespace

    Scenario Outline: Tenant "blue" may not <request> of tenant "<whose>"
      When the cluster admin tries to <request> of tenant "<whose>"
      Then the request is allowed
      When tenant "blue" tries to <request> of tenant "<whose>"
      Then the request is denied in the namespace of tenant "<whose>"
      When tenant "blue" is granted the role "namespace-editor"
      Then tenant "blue" can <request> of tenant "<whose>"
      When the grant is removed
      Then tenant "blue" can no longer <request> of tenant "<whose>"

      Examples:
        | request                | whose |
        | label the namespace    | blue  |
        | label the namespace    | green |
        | annotate the namespace | blue  |
        | delete the namespace   | green |

  Rule: No tenant may read, register, change or delete a node.

    Scenario Outline: No tenant may <request>
      When the cluster admin tries to <request>
      Then the request is allowed
      And tenant "blue" cannot <request>
      And tenant "green" cannot <request>
      When tenant "blue" is granted the role "node-editor"
      Then tenant "blue" can <request>
      When the grant is removed
      Then tenant "blue" can no longer <request>

      Examples:
        | request                  |
        | read a node              |
        | register a node          |
        | label a node             |
        | annotate a node          |
        | raise a node's GPU count |
        | delete a node            |

  Rule: The platform's labels on a namespace say whose it is, and nothing else.

    Scenario: The namespace of a tenant carries the name of its tenant
      Then the platform's labels and annotations on the namespace of tenant "blue" are exactly:
        | key                   | value |
        | security.specs/tenant | blue  |
