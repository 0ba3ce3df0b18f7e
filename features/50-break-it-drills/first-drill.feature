@control:least-privilege-rbac
Feature: First drill: the over-broad role binding
  Break it on purpose, see it break, close it, see it closed. A tenant asked for read access 'to debug'; an operator granted it
  with a ClusterRoleBinding, which holds in every namespace, to a role with resources "*", which includes secrets.
  Nothing looks wrong from inside the tenant: its own work goes on.

  Background:
    Given tenants "blue" and "green"
    And tenant "green" keeps a secret

  Scenario Outline: A binding to the whole cluster exposes every tenant's secrets: <request>
    Then tenant "blue" cannot <request> of tenant "green"
    And tenant "blue" holds no right in the namespace of tenant "green"
    When an over-broad binding gives tenant "blue" read access to the whole cluster
    Then tenant "blue" can <request> of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    When the over-broad binding is removed
    Then tenant "blue" can no longer <request> of tenant "green"
    And tenant "blue" no longer holds rights in the namespace of tenant "green"
    And tenant "blue" holds exactly the rights of the tenant role in its own namespace

    Examples:
      | request            |
      | read the secret    |
      | list the secrets   |

  @needs:workload-image
  Scenario: The same need met without exposure: debugging inside the namespace
    Given tenant "blue" runs a server
    Then tenant "blue" can read the server's logs of tenant "blue"
    And tenant "blue" can run a command in the server of tenant "blue"
    And tenant "blue" cannot read the secret of tenant "green"
    And tenant "blue" holds no right in the namespace of tenant "green"
