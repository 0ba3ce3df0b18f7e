@control:who-can
Feature: Who can do what is dangerous
  A right is dangerous when it is worth more than it says: who may create pods reads the Secrets of a namespace, who may approve
  a certificate may be anybody. Bindings that give such rights look like all others, add up, and are written by many hands.
  So the whole of the cluster's RBAC is read and every subject listed that holds such a right, by whichever binding, role,
  group, wildcard or aggregation. Whoever is not among the owners that fleet-fixtures/controls/rights-owners.yaml
  declares, with a reason each, is a finding.

  Each right is seen with its owners alone, then given away by one mistake of one verb, found with subject, place and binding,
  and gone again with the mistake. The API server's own review of the same request agrees each time. A property test
  of the project holds the analysis against thousands of such reviews.

  What it does not prove: that the owners deserve their rights, who is a member of a group (an identity provider knows), what
  the cluster's own components do with theirs, and what an authoriser other than RBAC would allow. What a certificate
  in system:masters may do, no binding shows.

  Background:
    Given tenants "blue" and "green"

  Scenario Outline: A right given away in the whole cluster is found: <right>, by the verb <verb>
    Then the declared owners can <right>
    And nobody beyond the declared owners can <right>
    When a stray role gives tenant "blue" the verb "<verb>" on "<resource>" in the whole cluster
    Then the analysis finds that tenant "blue" can <right> in the whole cluster
    When the stray role is removed
    Then tenant "blue" is no longer found to be able to <right>
    And nobody beyond the declared owners can <right>

    Examples:
      | right                            | verb                       | resource                                                       |
      | read secrets                     | list                       | secrets                                                        |
      | create pods                      | create                     | pods                                                           |
      | run a command in a pod           | get                        | pods/exec                                                      |
      | add a container to a running pod | patch                      | pods/ephemeralcontainers                                       |
      | reach the kubelets               | get                        | nodes/proxy                                                    |
      | escalate roles                   | escalate                   | clusterroles.rbac.authorization.k8s.io                         |
      | bind roles                       | bind                       | clusterroles.rbac.authorization.k8s.io                         |
      | impersonate others               | impersonate                | groups                                                         |
      | impersonate others               | impersonate:serviceaccount | serviceaccounts.authentication.k8s.io                          |
      | mint tokens of service accounts  | create                     | serviceaccounts/token                                          |
      | request certificates             | create                     | certificatesigningrequests.certificates.k8s.io                 |
      | approve certificates             | update                     | certificatesigningrequests/approval.certificates.k8s.io        |
      | write webhook configurations     | patch                      | mutatingwebhookconfigurations.admissionregistration.k8s.io     |
      | write admission policies         | delete                     | validatingadmissionpolicybindings.admissionregistration.k8s.io |
      | change namespaces                | patch                      | namespaces                                                     |
      | write quotas and limit ranges    | delete                     | resourcequotas                                                 |
      | change nodes                     | patch                      | nodes/status                                                   |
      | create persistent volumes        | create                     | persistentvolumes                                              |
      | write workload templates         | patch                      | daemonsets.apps                                                |
      | write roles and bindings         | create                     | rolebindings.rbac.authorization.k8s.io                         |

  Scenario Outline: A right given away next door is found: <right>, by the verb <verb>
    Then nobody beyond the declared owners can <right>
    When a stray role gives tenant "blue" the verb "<verb>" on "<resource>" in the namespace of tenant "green"
    Then the analysis finds that tenant "blue" can <right> in the namespace of tenant "green"
    When the stray role is removed
    Then tenant "blue" is no longer found to be able to <right>
    And nobody beyond the declared owners can <right>

    Examples:
      | right                           | verb   | resource                               |
      | read secrets                    | watch  | secrets                                |
      | run a command in a pod          | create | pods/attach                            |
      | bind roles                      | bind   | clusterroles.rbac.authorization.k8s.io |
      | mint tokens of service accounts | create | serviceaccounts/token                  |
      | change namespaces               | update | namespaces                             |

  Scenario: What a tenant may do at home is declared, and only there
    Then tenant "blue" is a declared owner that can read secrets in the namespace of tenant "blue"
    And tenant "blue" is a declared owner that can create pods in the namespace of tenant "blue"
    And nobody beyond the declared owners can read secrets

  Scenario: The personas of the reference configuration hold what is declared, and the platform admin's account holds all
    Given the personas of tenant "blue"
    Then beyond the declared owners only the account of the platform admin can do what is dangerous

  Scenario: A wildcard is every right at once
    When a stray role gives tenant "blue" the verb "*" on "*.*" in the whole cluster
    Then the analysis finds that tenant "blue" can do everything that is dangerous in the whole cluster
    When the stray role is removed
    Then tenant "blue" is no longer found to be able to read secrets

  Scenario: A right that an aggregated role collects is found with the binding that nobody touched
    Given tenant "blue" has a dashboard whose role collects its rules by label
    Then nobody beyond the declared owners can read secrets
    When a plugin adds the right to read secrets to the dashboard's role
    Then the analysis finds that tenant "blue" can read secrets in the whole cluster
    When the plugin is removed
    Then tenant "blue" is no longer found to be able to read secrets
    And nobody beyond the declared owners can read secrets

  Scenario: A right given to a group is found, whoever is in it
    Then nobody beyond the declared owners can read secrets
    When an open door lets the group "data-scientists" read the secrets of tenant "green"
    Then the analysis finds that the group "data-scientists" can read secrets in the namespace of tenant "green"
    When the open door is closed
    Then nobody beyond the declared owners can read secrets

  Scenario Outline: A right given to everybody is found: group <group>
    Given tenant "green" keeps a secret
    Then everybody may do only what is declared for everybody
    When an open door lets the group "<group>" read the secrets of tenant "green"
    Then the analysis finds that the group "<group>" can read secrets in the namespace of tenant "green"
    And the analysis finds the group "<group>" among those that stand for everybody
    When the open door is closed
    Then everybody may do only what is declared for everybody

    Examples:
      | group                  |
      | system:authenticated   |
      | system:unauthenticated |
      | system:serviceaccounts |

  Scenario: What everybody may do, a stranger really can
    Given tenant "green" keeps a secret
    Then tenant "blue" cannot read the secret of tenant "green"
    When an open door lets the group "system:authenticated" read the secrets of tenant "green"
    Then tenant "blue" can read the secret of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    And the analysis finds that the group "system:authenticated" can read secrets in the namespace of tenant "green"
    When the open door is closed
    Then tenant "blue" can no longer read the secret of tenant "green"
    And everybody may do only what is declared for everybody
