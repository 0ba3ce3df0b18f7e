@control:namespace-boundary
Feature: Namespace boundary
  On a shared GPU platform a tenant is a namespace, and everything in it that matters is reached through the API server:
  model credentials in Secrets, a running job's shell, its logs and its ports. The boundary holds when a tenant's own token
  reaches its own namespace and is refused in every other, for the right reason: Forbidden, by name.

  Each right is shown four times: allowed at home, denied next door, granted by a stray role binding (the exposure),
  and denied again once that is gone. What no scenario tries is covered by the API server's own list of a tenant's rights,
  compared with those of an account to which nobody has given anything. What every account of the cluster holds is not
  judged here.

  What a namespace does not isolate is stated too, and is not a defect: tenants share nodes, and until a NetworkPolicy
  stands they share one flat network. Later sections close that.

  Background:
    Given tenants "blue" and "green"

  Scenario Outline: Reading the secrets of another tenant: <request>
    Given tenant "green" keeps a secret
    When tenant "green" tries to <request> of tenant "green"
    Then the request is allowed
    When tenant "blue" tries to <request> of tenant "green"
    Then the request is denied in the namespace of tenant "green"
    When a stray role binding lets tenant "blue" into the namespace of tenant "green"
    Then tenant "blue" can <request> of tenant "green"
    When the stray role binding is removed
    Then tenant "blue" can no longer <request> of tenant "green"

    Examples:
      | request            |
      | read the secret    |
      | list the secrets   |
      | watch the secrets  |
      | replace the secret |

  @needs:workload-image
  Scenario Outline: Reaching the workload of another tenant: <request>
    Given tenant "green" runs a server
    When tenant "green" tries to <request> of tenant "green"
    Then the request is allowed
    When tenant "blue" tries to <request> of tenant "green"
    Then the request is denied in the namespace of tenant "green"
    When a stray role binding lets tenant "blue" into the namespace of tenant "green"
    Then tenant "blue" can <request> of tenant "green"
    When the stray role binding is removed
    Then tenant "blue" can no longer <request> of tenant "green"

    Examples:
      | request                      |
      | read the server              |
      | list the pods                |
      | read the server's logs       |
      | run a command in the server  |
      | forward a port to the server |

  Scenario: A tenant holds the rights of its role at home and none next door
    Then tenant "blue" holds exactly the rights of the tenant role in its own namespace
    And tenant "blue" holds no right in the namespace of tenant "green"
    When a stray role binding lets tenant "blue" into the namespace of tenant "green"
    Then tenant "blue" holds rights in the namespace of tenant "green"
    When the stray role binding is removed
    Then tenant "blue" no longer holds rights in the namespace of tenant "green"

  Scenario: Deleting the workload of another tenant
    Given tenant "green" has a pod
    When tenant "blue" tries to delete the pod of tenant "green"
    Then the request is denied in the namespace of tenant "green"
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
    When tenant "blue" tries to create a namespace
    Then the request is denied at the cluster scope
    When a namespace editor role is bound to tenant "blue"
    Then tenant "blue" can create a namespace
    When the namespace editor role is removed
    Then tenant "blue" can no longer create a namespace

  Scenario Outline: Namespaces are the platform's to label: tenant "blue" and the namespace of tenant "<whose>"
    When the platform admin tries to label the namespace of tenant "<whose>"
    Then the request is allowed
    When tenant "blue" tries to label the namespace of tenant "<whose>"
    Then the request is denied in the namespace of tenant "<whose>"
    When a namespace editor role is bound to tenant "blue"
    Then tenant "blue" can label the namespace of tenant "<whose>"
    When the namespace editor role is removed
    Then tenant "blue" can no longer label the namespace of tenant "<whose>"

    Examples:
      | whose |
      | blue  |
      | green |

  @gpus:2
  Scenario: A namespace does not isolate the node: GPU pods of two tenants share one
    When tenant "blue" runs a pod with 1 GPU
    And tenant "green" runs a pod with 1 GPU
    Then the pods of tenants "blue" and "green" run on the same GPU node

  @needs:workload-image
  Scenario: A namespace does not isolate the network: without a policy one tenant reaches another's server
    Given tenant "green" runs a server
    And tenant "blue" runs a client
    And no network policy stands in the namespace of tenant "green"
    Then the client of tenant "blue" reaches the server of tenant "green"
