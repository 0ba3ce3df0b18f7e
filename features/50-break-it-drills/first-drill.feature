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
    When an over-broad binding gives tenant "blue" read access to the whole cluster
    Then tenant "blue" can <request> of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    When the over-broad binding is removed
    Then tenant "blue" can no longer <request> of tenant "green"
    And tenant "blue" can list the pods of tenant "blue"

    Examples:
      | request            |
      | read the secret    |
      | list the secrets   |

  Scenario: The same need met without exposure: a binding inside the namespace
    When a stray role binding lets tenant "blue" into the namespace of tenant "blue"
    Then tenant "blue" can list the pods of tenant "blue"
    And tenant "blue" cannot read the secret of tenant "green"
    And tenant "blue" cannot list the pods of tenant "green"
