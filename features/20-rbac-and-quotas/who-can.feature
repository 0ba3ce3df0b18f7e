@control:who-can
Feature: Owners of dangerous rights
  Why: A right is dangerous when it gives more than its name says. Whoever may create pods can read the Secrets of the
  namespace; whoever may approve certificates can become anybody. The bindings that give such rights look like all
  others, add up over time, and are written by many people.

  How it is proven: the analysis reads the RBAC of the whole cluster and lists every subject that holds a dangerous
  right, through any binding, role, group, wildcard or aggregation. fleet-fixtures/controls/rights-owners.yaml lists
  the owners with a reason each; every other holder is a finding. Allowed: at first only the owners hold the right.
  Exposed: one mistake gives it to somebody else, and the analysis finds the subject, the place and the binding.
  Closed: the mistake is removed, and the finding is gone. The API server's own review of the same request must agree
  each time. A property test in the repository compares the analysis with thousands of such reviews.

  Not proven here: that the owners deserve their rights; who is a member of a group, which only the identity provider
  knows; what the cluster's own components do with their rights; and what an authorizer other than RBAC would allow.
  No binding shows what a certificate of the group system:masters may do. Rights that the analysis does not list
  (support/Rbac/DangerousRight.cs, and for extensions the end of rights-owners.yaml) are not looked for.

  Background:
    Given tenants "blue" and "green"

  Rule: Only the declared owners hold a dangerous right.

    Scenario Outline: A cluster-wide right to <right> by the verb <verb> is found
      Then the declared owners can <right>
      And nobody beyond the declared owners can <right>
      When tenant "blue" is granted the verb "<verb>" on "<resource>" in the whole cluster
      Then the analysis finds that tenant "blue" can <right> in the whole cluster
      When the grant is removed
      Then the analysis no longer finds that tenant "blue" can <right>
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
        | reach the kubelets               | get                        | nodes/pods                                                     |
        | reach the kubelets               | get                        | nodes/configz                                                  |
        | reach the kubelets               | get                        | nodes/log                                                      |
        | reach the kubelets               | create                     | nodes/checkpoint                                               |
        | write admission policies         | create                     | mutatingadmissionpolicies.admissionregistration.k8s.io         |
        | write admission policies         | patch                      | mutatingadmissionpolicybindings.admissionregistration.k8s.io   |
        | change namespaces                | patch                      | namespaces/status                                              |
        | change namespaces                | update                     | namespaces/finalize                                            |
        | write quotas and limit ranges    | patch                      | resourcequotas/status                                          |
        | write the status of pods         | patch                      | pods/status                                                    |
        | bind pods to nodes               | create                     | pods/binding                                                   |
        | claim addresses for services     | patch                      | services/status                                                |

    Scenario Outline: The right to <verb> <resource> in another tenant's namespace is found as the right to <right>
      The objects of extensions are data (rights-owners.yaml). The cluster need not serve them: a binding may be there before the operator.

      Then nobody beyond the declared owners can <right>
      When tenant "blue" is granted the verb "<verb>" on "<resource>" in the namespace of tenant "green"
      Then the analysis finds that tenant "blue" can <right> in the namespace of tenant "green"
      When the grant is removed
      Then the analysis no longer finds that tenant "blue" can <right>
      And nobody beyond the declared owners can <right>

      Examples:
        | right                    | verb   | resource                              |
        | change nodes             | create | nodefeatures.nfd.k8s-sigs.io          |
        | read secrets             | create | policies.kyverno.io                   |
        | read secrets             | patch  | servicemonitors.monitoring.coreos.com |
        | write workload templates | create | rayjobs.ray.io                        |
        | write workload templates | create | notebooks.kubeflow.org                |
        | write workload templates | patch  | workflows.argoproj.io                 |

    Scenario: The analysis knows every subresource of pods, namespaces, nodes and quotas
      Then the analysis asks for every subresource of pods, namespaces, nodes and quotas that the cluster serves, or says why not

    Scenario: Only the platform admin exceeds the declared rights among the reference personas
      Given the personas of tenant "blue"
      Then beyond the declared owners only the platform admin holds dangerous rights

  Rule: A tenant holds dangerous rights only in its own namespace.

    Scenario Outline: A right to <right> by the verb <verb> in another tenant's namespace is found
      Then nobody beyond the declared owners can <right>
      When tenant "blue" is granted the verb "<verb>" on "<resource>" in the namespace of tenant "green"
      Then the analysis finds that tenant "blue" can <right> in the namespace of tenant "green"
      When the grant is removed
      Then the analysis no longer finds that tenant "blue" can <right>
      And nobody beyond the declared owners can <right>

      Examples:
        | right                           | verb   | resource                               |
        | read secrets                    | watch  | secrets                                |
        | run a command in a pod          | create | pods/attach                            |
        | bind roles                      | bind   | clusterroles.rbac.authorization.k8s.io |
        | mint tokens of service accounts | create | serviceaccounts/token                  |
        | change namespaces               | update | namespaces                             |

    Scenario: Whoever may read Secrets mints tokens as soon as he may create them, by whichever binding
      The control plane fills a Secret of the type kubernetes.io/service-account-token with a token of any account of the
      namespace. Neither right alone gives a token.

      Given tenant "green" has a secret
      And tenant "blue" has the duty "secret-keeper" in the namespace of tenant "green"
      Then tenant "blue" can list the secrets of tenant "green"
      And nobody beyond the declared owners can mint tokens of service accounts
      When tenant "blue" is granted the verb "create" on "secrets" in the namespace of tenant "green"
      Then the analysis finds that tenant "blue" can mint tokens of service accounts in the namespace of tenant "green"
      When the grant is removed
      Then the analysis no longer finds that tenant "blue" can mint tokens of service accounts
      And nobody beyond the declared owners can mint tokens of service accounts

    Scenario: A tenant's dangerous rights are declared for its own namespace only
      Then tenant "blue" is declared to be able to read secrets in the namespace of tenant "blue"
      And tenant "blue" is declared to be able to create pods in the namespace of tenant "blue"
      And nobody beyond the declared owners can read secrets

  Rule: A right counts whether it comes from a wildcard, an aggregated role or a group.

    Scenario: A wildcard is found as every dangerous right at once
      When tenant "blue" is granted the verb "*" on "*.*" in the whole cluster
      Then the analysis finds that tenant "blue" holds every dangerous right in the whole cluster
      When the grant is removed
      Then the analysis no longer finds that tenant "blue" can read secrets

    Scenario: A right added to an aggregated role is found although its binding is unchanged
      Given tenant "blue" has a dashboard whose role collects its rules by label
      Then nobody beyond the declared owners can read secrets
      When a plugin adds the right to read secrets to the dashboard's role
      Then the analysis finds that tenant "blue" can read secrets in the whole cluster
      When the plugin is removed
      Then the analysis no longer finds that tenant "blue" can read secrets
      And nobody beyond the declared owners can read secrets

    Scenario: A right given to a group is found, whoever its members are
      Then nobody beyond the declared owners can read secrets
      When the group "data-scientists" is granted the role "secret-reader" in the namespace of tenant "green"
      Then the analysis finds that the group "data-scientists" can read secrets in the namespace of tenant "green"
      When the grant is removed
      Then nobody beyond the declared owners can read secrets

  Rule: What is bound to everybody is declared, or it is a finding.

    Scenario Outline: A right given to the group <group> is found as given to everybody
      Given tenant "green" has a secret
      Then everybody may do only what is declared for everybody
      When the group "<group>" is granted the role "secret-reader" in the namespace of tenant "green"
      Then the analysis finds that the group "<group>" can read secrets in the namespace of tenant "green"
      And the analysis finds the group "<group>" among those that stand for everybody
      When the grant is removed
      Then everybody may do only what is declared for everybody

      Examples:
        | group                  |
        | system:authenticated   |
        | system:unauthenticated |
        | system:serviceaccounts |

    Scenario: A tenant can really use a right that is given to system:authenticated
      Given tenant "green" has a secret
      Then tenant "blue" cannot read the secret of tenant "green"
      When the group "system:authenticated" is granted the role "secret-reader" in the namespace of tenant "green"
      Then tenant "blue" can read the secret of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      And the analysis finds that the group "system:authenticated" can read secrets in the namespace of tenant "green"
      When the grant is removed
      Then tenant "blue" can no longer read the secret of tenant "green"
      And everybody may do only what is declared for everybody
