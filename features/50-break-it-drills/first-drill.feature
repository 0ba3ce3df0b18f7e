@control:least-privilege-rbac
Feature: First drill: an over-broad role binding
  Why: A tenant asked for read access "to debug". An operator granted it with a ClusterRoleBinding, which holds in
  every namespace, to a role with resources "*", which includes secrets. Nothing looks wrong from inside the tenant,
  because its own work goes on.

  How it is proven: the drill breaks the platform on purpose and repairs it. Denied: tenant "blue" cannot read the
  secrets of tenant "green" and holds no right there. Exposed: fleet-fixtures/drills/role-cluster-reader.yaml is
  applied, and the value of the secret is in the answer. Closed: the binding is removed, and tenant "blue" again holds
  exactly the rights of its role in fleet-fixtures/controls/tenant.yaml. Allowed: the same tenant debugs its own
  server without the binding.

  Not proven here: that your cluster has no such binding (who-can.feature looks for one), or that no other right leads
  to another tenant's secrets (escalation.feature tries them). A secret that was read stays known after the repair and
  must be replaced.

  Background:
    Given tenants "blue" and "green"
    And tenant "green" has a secret

  Rule: No binding gives a tenant rights in another tenant's namespace.

    @drill:over-broad-role @needs:kubectl
    Scenario: A cluster-wide binding lets a tenant list and read the secrets of another tenant
      Then tenant "blue" cannot list the secrets of tenant "green"
      And tenant "blue" cannot read the secret of tenant "green"
      And tenant "blue" holds no right in the namespace of tenant "green"
      # The mistake
      When tenant "blue" is granted the role "cluster-reader"
      # The attack
      Then tenant "blue" can list the secrets of tenant "green"
      And tenant "blue" can read the secret of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      And the query of the runbook finds the mistake
      # The fix
      When the grant is removed
      # The same attack
      Then tenant "blue" can no longer list the secrets of tenant "green"
      And tenant "blue" can no longer read the secret of tenant "green"
      And tenant "blue" no longer holds rights in the namespace of tenant "green"
      And tenant "blue" holds exactly the rights of its role
      And the query of the runbook finds no mistake

  Rule: A tenant debugs its workloads with rights in its own namespace only.

    @needs:workload-image
    Scenario: A tenant can debug its own server without access to other tenants
      Given tenant "blue" runs a server
      Then tenant "blue" can read the server's logs of tenant "blue"
      And tenant "blue" can run a command in the server of tenant "blue"
      And tenant "blue" cannot read the secret of tenant "green"
      And tenant "blue" holds no right in the namespace of tenant "green"
