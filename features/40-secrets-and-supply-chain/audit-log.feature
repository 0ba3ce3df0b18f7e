@control:audit-log @needs:audit-log
Feature: Audit log
  Why: After a theft somebody asks who read the secret, who opened a shell in the pod, and who raised the quota. Only the
  API server knows. It forgets each request as soon as it has answered it, unless its audit policy says otherwise. A
  policy that logs too much does harm of its own: the values of all secrets then lie in a file that many people read.

  How it is proven: The API server runs with fleet-fixtures/controls/audit-policy.yaml and writes a log. Real accounts make
  requests, and the scenarios look for the events in the log: user, verb, object, level, and whether the request was
  denied. Allowed and denied requests both leave one. The value of a secret and a new token are searched for in all
  bytes of the log. The same search finds the secret's name, and the value once somebody types it into a command. What
  the policy logs with a mistake in it is computed, because an API server reads its policy only when it starts. The
  computation must agree with the real log on every request that is made here.

  Not proven here: no real API server runs with a policy that has a mistake. The scenarios do not show that the log
  reaches a place where an attacker on the control plane cannot change it, that it is kept long enough, or that somebody
  reads it. Requests to the kubelet's own port leave no event at all. On a cluster of somebody else this program cannot
  read the log.

  Rule: Requests for secrets, into pods, for new workloads, and about what keeps tenants apart leave an event with user, verb and object.

    @needs:workload-image
    Scenario: Each of these requests leaves its event, and so does each that was denied
      A command in a pod is a "create" if the client opens the stream by POST, and a "get" if it opens a WebSocket. The
      scenario asks for each stream by both methods.

      Given tenants "blue" and "green"
      And the personas of tenant "blue"
      And tenant "blue" has a secret
      And tenant "blue" has a config map
      And tenant "blue" has a quota of 1 GPU
      And tenant "blue" runs a server
      Then these requests about tenant "blue" leave events in the audit log:
        | who                | request                                | verdict | verb   | resource                               | level    |
        | tenant "blue"      | read the secret                        | allowed | get    | secrets                                | Metadata |
        | tenant "blue"      | list the secrets                       | allowed | list   | secrets                                | Metadata |
        | tenant "blue"      | watch the secrets                      | allowed | watch  | secrets                                | Metadata |
        | tenant "blue"      | replace the secret                     | allowed | update | secrets                                | Metadata |
        | tenant "green"     | read the secret                        | denied  | get    | secrets                                | Metadata |
        | tenant "blue"      | read the config map                    | allowed | get    | configmaps                             | Metadata |
        | tenant "blue"      | change the config map                  | allowed | patch  | configmaps                             | Metadata |
        | the platform admin | mint a token of the developer          | allowed | create | serviceaccounts/token                  | Metadata |
        | tenant "blue"      | mint a token of the developer          | denied  | create | serviceaccounts/token                  | Metadata |
        | tenant "blue"      | run a command in the server            | allowed | create | pods/exec                              | Metadata |
        | tenant "blue"      | run a command in the server            | allowed | get    | pods/exec                              | Metadata |
        | tenant "green"     | run a command in the server            | denied  | create | pods/exec                              | Metadata |
        | tenant "green"     | run a command in the server            | denied  | get    | pods/exec                              | Metadata |
        | tenant "blue"      | forward a port to the server           | allowed | create | pods/portforward                       | Metadata |
        | tenant "blue"      | forward a port to the server           | allowed | get    | pods/portforward                       | Metadata |
        | the platform admin | call the server through the API server | allowed | get    | pods/proxy                             | Metadata |
        | the platform admin | raise the quota                        | allowed | patch  | resourcequotas                         | Request  |
        | tenant "blue"      | raise the quota                        | denied  | patch  | resourcequotas                         | Request  |
        | the platform admin | set a limit range                      | allowed | create | limitranges                            | Request  |
        | the platform admin | label the namespace                    | allowed | patch  | namespaces                             | Request  |
        | tenant "blue"      | label the namespace                    | denied  | patch  | namespaces                             | Request  |
        | the platform admin | write a role                           | allowed | create | roles.rbac.authorization.k8s.io        | Request  |
        | the tenant admin   | give a colleague the developer role    | allowed | create | rolebindings.rbac.authorization.k8s.io | Request  |
        | tenant "blue"      | bind cluster-admin                     | denied  | create | rolebindings.rbac.authorization.k8s.io | Request  |
        | tenant "blue"      | create a pod                           | allowed | create | pods                                   | Metadata |
        | tenant "green"     | create a pod                           | denied  | create | pods                                   | Metadata |
        | tenant "blue"      | roll out a deployment                  | allowed | create | deployments.apps                       | Metadata |
        | tenant "blue"      | list the pods                          | allowed | list   | pods                                   | None     |
        | tenant "blue"      | read the quota                         | allowed | get    | resourcequotas                         | None     |

    Scenario: The policy says at which level each request is logged
      Then the audit policy logs as follows:
        | verbs                                           | resource                                      | level    |
        | get, list, watch, create, update, patch, delete | secrets                                       | Metadata |
        | get, list, watch, create, update, patch, delete | configmaps                                    | Metadata |
        | create                                          | serviceaccounts/token                         | Metadata |
        | create                                          | tokenreviews.authentication.k8s.io            | Metadata |
        | get, create                                     | pods/exec                                     | Metadata |
        | get, create                                     | pods/attach                                   | Metadata |
        | get, create                                     | pods/portforward                              | Metadata |
        | patch, update                                   | pods/ephemeralcontainers                      | Metadata |
        | get, create, update, patch, delete              | pods/proxy                                    | Metadata |
        | get, create, update, patch, delete              | services/proxy                                | Metadata |
        | get, create, update, patch, delete              | nodes/proxy                                   | Metadata |
        | create, update, patch, delete, deletecollection | namespaces                                    | Request  |
        | create, update, patch, delete, deletecollection | resourcequotas                                | Request  |
        | create, update, patch, delete, deletecollection | limitranges                                   | Request  |
        | create, update, patch, delete, deletecollection | roles.rbac.authorization.k8s.io               | Request  |
        | create, update, patch, delete, deletecollection | rolebindings.rbac.authorization.k8s.io        | Request  |
        | create, update, patch, delete, deletecollection | clusterroles.rbac.authorization.k8s.io        | Request  |
        | create, update, patch, delete, deletecollection | clusterrolebindings.rbac.authorization.k8s.io | Request  |
        | create, update, patch, delete, deletecollection | networkpolicies.networking.k8s.io             | Request  |
        | get, list, watch                                | resourcequotas                                | None     |
        | create, update, patch, delete, deletecollection | pods                                          | Metadata |
        | create, update, patch, delete, deletecollection | deployments.apps                              | Metadata |
        | create, update, patch, delete, deletecollection | statefulsets.apps                             | Metadata |
        | create, update, patch, delete, deletecollection | daemonsets.apps                               | Metadata |
        | create, update, patch, delete, deletecollection | jobs.batch                                    | Metadata |
        | create, update, patch, delete, deletecollection | cronjobs.batch                                | Metadata |
        | get, list, watch                                | pods                                          | None     |

    Scenario Outline: A policy <mistake> logs "<verbs>" of <resource> at the level <wrong>
      Then the audit policy logs as follows:
        | verbs   | resource   | level   |
        | <verbs> | <resource> | <right> |
      Then the audit policy <mistake> logs as follows:
        | verbs   | resource   | level   |
        | <verbs> | <resource> | <wrong> |

      Examples: The bodies of requests and answers are in the log, and so are the values in them.
        | mistake                                        | verbs             | resource              | right    | wrong           |
        | with the level "RequestResponse" for "secrets" | get, list, update | secrets               | Metadata | RequestResponse |
        | with the level "RequestResponse" for "secrets" | create            | serviceaccounts/token | Metadata | RequestResponse |

      Examples: Somebody leaves no event.
        | mistake                                            | verbs       | resource       | right    | wrong |
        | without the resource "pods/exec"                   | get, create | pods/exec      | Metadata | None  |
        | without the resource "jobs"                        | create      | jobs.batch     | Metadata | None  |
        | with the group "system:serviceaccounts" left out   | get         | secrets        | Metadata | None  |
        | with the group "system:serviceaccounts" left out   | patch       | resourcequotas | Request  | None  |

  Rule: The log holds no value of a secret and no token.

    Scenario: The log names the secret that was read and holds neither its value nor a minted token
      Given tenant "blue"
      And the personas of tenant "blue"
      And tenant "blue" has a secret
      Then tenant "blue" can read the secret
      And the value of the secret of tenant "blue" is in the answer
      And the name of the secret of tenant "blue" is in the audit log
      And the value of the secret of tenant "blue" is not in the audit log
      When the platform admin tries to mint a token of the developer of tenant "blue"
      Then the request is allowed
      And the token in the answer is not in the audit log

    @needs:workload-image
    Scenario: A value that is typed into a command is in the log
      The policy cannot prevent that, because the command is a part of the request's path. A command should read a secret
      from a file.

      Given tenants "blue" and "green"
      And tenant "blue" has a secret
      And tenant "blue" runs a server
      Then tenant "green" cannot run a command in the server of tenant "blue"
      And tenant "blue" can run a command in the server
      And the value of the secret of tenant "blue" is not in the audit log
      When tenant "blue" tries to type the secret's value into a command in the server
      Then the request is allowed
      And the value of the secret of tenant "blue" is in the audit log
