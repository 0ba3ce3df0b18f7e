@control:privilege-escalation
Feature: Privilege escalation
  Some rights are worth more than they look: they make other rights. Each is one word in a role, and each ends at another
  tenant's secrets. A developer here has a harmless duty (fleet-fixtures/drills/duty-*.yaml), and tries. Then one verb or one
  resource too many lets him, and he goes all the way: the value of tenant "green"'s secret is in the answer to a request of
  his own. Then the word is taken out again.

  Taking out the word is often not enough. What was done with the right stays: a binding stands, a token and a certificate are
  valid until they expire. The scenarios say what survives, and remove it by its name. A token of an account and a certificate
  cannot be called back one by one: the account loses its rights.

  What no scenario proves: that these are all the ways there are, and what a webhook or a volume would give away, which are
  asked for but not built.

  Background:
    Given tenants "blue" and "green"
    And tenant "green" keeps a secret
    Then tenant "blue" cannot read the secret of tenant "green"

  Scenario: bind: handing out roles that one does not hold
    Given tenant "blue" has the duty "binder"
    Then tenant "blue" can give a colleague the developer role
    And tenant "blue" cannot bind itself to cluster-admin of tenant "blue"
    When tenant "blue" has the duty "binder" with the verb "bind" on "clusterroles.rbac.authorization.k8s.io"
    Then tenant "blue" can bind itself to cluster-admin
    And tenant "blue" can read the secret of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    # The word is out of the role, the binding stands.
    When tenant "blue" has the duty "binder"
    Then tenant "blue" can read the secret of tenant "green"
    When the platform admin tries to remove the cluster-admin binding of tenant "blue"
    Then the request is allowed
    And tenant "blue" can no longer read the secret of tenant "green"
    And tenant "blue" can no longer bind itself to cluster-admin

  Scenario: escalate: writing rights that one does not hold into one's own role
    Given tenant "blue" has the duty "role-editor"
    Then tenant "blue" can tidy up its own role
    And tenant "blue" cannot widen its own role of tenant "blue"
    When tenant "blue" has the duty "role-editor" with the verb "escalate" on "clusterroles.rbac.authorization.k8s.io"
    Then tenant "blue" can widen its own role
    And tenant "blue" can read the secret of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    # What he wrote is in the role itself: the role as it should be takes it out.
    When tenant "blue" has the duty "role-editor"
    Then tenant "blue" can no longer read the secret of tenant "green"
    And tenant "blue" can no longer widen its own role

  Scenario: impersonate: asking under another account's name
    Given tenant "blue" has the duty "account-keeper"
    Then tenant "blue" can list the service accounts of tenant "green"
    And tenant "blue" cannot read the secret as the developer of tenant "green"
    When tenant "blue" has the duty "account-keeper" with the verb "impersonate" on "serviceaccounts"
    Then tenant "blue" can read the secret as the developer of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    When tenant "blue" has the duty "account-keeper"
    Then tenant "blue" can no longer read the secret as the developer of tenant "green"

  @needs:workload-image
  Scenario Outline: A stronger account: <attack>
    Given tenant "ops" with an operator that may read every secret
    And the operator of tenant "ops" runs
    And tenant "blue" has the duty "operator-visitor" at tenant "ops"
    Then tenant "blue" can list the operator's pods of tenant "ops"
    And tenant "blue" cannot <attack> of tenant "ops"
    When tenant "blue" has the duty "operator-visitor" at tenant "ops" <mistake>
    Then tenant "blue" can <attack> of tenant "ops"
    And tenant "blue" can <loot> of tenant "ops"
    When a thief logs in with what the answer gave away of the operator of tenant "ops"
    Then the thief can read the secret of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    # The word is out of the role, the token is out of the house.
    When tenant "blue" has the duty "operator-visitor" at tenant "ops"
    Then tenant "blue" can no longer <attack> of tenant "ops"
    And the thief can read the secret of tenant "green"
    When the operator of tenant "ops" loses its rights
    Then the thief can no longer read the secret of tenant "green"
    When the platform admin tries to <clean up> of tenant "ops"
    Then the request is allowed

    Examples:
      | attack                               | loot                                 | mistake                                                                            | clean up                                 |
      | run a pod as the operator            | read a token in the operator's logs  | with the verb "create" on "pods"                                                   | remove the pod that runs as the operator |
      | change the operator's command        | read a token in the operator's logs  | with the verb "patch" on "deployments.apps"                                        | set the operator's command back          |
      | read the operator's token in its pod | read the operator's token in its pod | with the resource "pods/exec" beside "pods/portforward" in role "operator-visitor" | renew the operator's pods                |

  Scenario: Minting: a token of a stronger account without any pod
    Given tenant "ops" with an operator that may read every secret
    And tenant "blue" has the duty "operator-visitor" at tenant "ops"
    Then tenant "blue" can list the operator's pods of tenant "ops"
    And tenant "blue" cannot mint a token of the operator of tenant "ops"
    When tenant "blue" has the duty "operator-visitor" at tenant "ops" with the verb "create" on "serviceaccounts/token"
    Then tenant "blue" can mint a token of the operator of tenant "ops"
    When a thief logs in with what the answer gave away of the operator of tenant "ops"
    Then the thief can read the secret of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    When tenant "blue" has the duty "operator-visitor" at tenant "ops"
    Then tenant "blue" can no longer mint a token of the operator of tenant "ops"
    And the thief can read the secret of tenant "green"
    When the operator of tenant "ops" loses its rights
    Then the thief can no longer read the secret of tenant "green"

  Scenario: Approving: a certificate in a stronger account's name
    Given tenant "ops" with an operator that may read every secret
    And the cluster signs certificates in the name of the operator of tenant "ops"
    And tenant "blue" has the duty "certificate-clerk"
    Then tenant "blue" can ask for a certificate
    And tenant "blue" cannot get a certificate of the operator of tenant "ops"
    When tenant "blue" has the duty "certificate-clerk" with the verb "update" on "certificatesigningrequests/approval.certificates.k8s.io"
    Then tenant "blue" can get a certificate of the operator of tenant "ops"
    When a thief logs in with what the answer gave away of the operator of tenant "ops"
    Then the thief can read the secret of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    When tenant "blue" has the duty "certificate-clerk"
    And the platform admin tries to remove the certificate requests of tenant "ops"
    Then the request is allowed
    And tenant "blue" can no longer get a certificate of the operator of tenant "ops"
    # The request is gone, the certificate is good until it expires.
    And the thief can read the secret of tenant "green"
    When the operator of tenant "ops" loses its rights
    Then the thief can no longer read the secret of tenant "green"

  Scenario: Not even the platform admin gets a certificate of a group that RBAC cannot hold back
    When the platform admin tries to ask for a certificate
    Then the request is allowed
    When the platform admin tries to ask for a certificate of system:masters
    Then admission refuses it for the group "system:masters"

  Scenario: Patching the namespace: the labels that policies select on are the tenant's to change
    Given tenant "blue" has the duty "namespace-keeper"
    Then tenant "blue" can read the labels of the namespace
    And tenant "blue" cannot label the namespace of tenant "blue"
    When tenant "blue" has the duty "namespace-keeper" with the verb "patch" on "namespaces"
    Then tenant "blue" can label the namespace
    And tenant "blue" cannot label the namespace of tenant "green"
    When tenant "blue" has the duty "namespace-keeper"
    Then tenant "blue" can no longer label the namespace

  @needs:pod-security-admission @needs:workload-image
  Scenario: Patching the namespace: the label that holds pods back is the tenant's to change
    Given tenant "green" runs a pod that holds its secret
    And control "tenant" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
    And tenant "blue" has the duty "namespace-keeper"
    Then tenant "blue" can read the labels of the namespace
    And tenant "blue" cannot relax Pod Security of tenant "blue"
    And tenant "blue" gets a pod that mounts the kubelet's directory refused by Pod Security "baseline"
    When tenant "blue" has the duty "namespace-keeper" with the verb "patch" on "namespaces"
    Then tenant "blue" can relax Pod Security
    And tenant "blue" gets a pod that mounts the kubelet's directory admitted
    When tenant "blue" runs a pod that mounts the kubelet's directory
    And tenant "blue" reads the kubelet's directory in its pod
    Then the value of the secret of tenant "green" is in the answer
    # The word is out of the role, the label and the pod stay.
    When tenant "blue" has the duty "namespace-keeper"
    Then tenant "blue" can no longer relax Pod Security
    When tenant "blue" reads the kubelet's directory in its pod
    Then the value of the secret of tenant "green" is in the answer
    When control "tenant" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
    And the pods of all tenants are gone
    Then tenant "blue" gets a pod that mounts the kubelet's directory refused by Pod Security "baseline"

  @needs:gpu @needs:workload-image
  Scenario: nodes/proxy: the logs of every pod of the node
    Given tenant "green" runs a pod that holds its secret
    And tenant "blue" has the duty "node-watcher"
    Then tenant "blue" can list all nodes
    And tenant "blue" cannot read the log of the pod through the kubelet of tenant "green"
    When tenant "blue" has the duty "node-watcher" with the resource "nodes/proxy" beside "nodes/metrics" in role "node-watcher"
    Then tenant "blue" can read the log of the pod through the kubelet of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    When tenant "blue" has the duty "node-watcher"
    Then tenant "blue" can no longer read the log of the pod through the kubelet of tenant "green"

  @needs:gpu @needs:workload-image
  Scenario: nodes/proxy: the verb get runs commands in every pod of the node
    The kubelet streams a command's output over a WebSocket, which is opened by GET. It remembers who may for five minutes,
    so its own port stays open to him for a while after the API server's has closed.

    Given tenant "green" runs a pod that holds its secret
    And tenant "blue" has the duty "node-watcher"
    Then the kubelet turns tenant "green" away from the pod of tenant "green"
    And tenant "blue" cannot read the node through the kubelet of tenant "green"
    When tenant "blue" has the duty "node-watcher" with the resource "nodes/proxy" beside "nodes/metrics" in role "node-watcher"
    Then tenant "blue" can read the node through the kubelet of tenant "green"
    And the kubelet runs a command for tenant "blue" in the pod of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    When tenant "blue" has the duty "node-watcher"
    Then tenant "blue" can no longer read the node through the kubelet of tenant "green"

  Scenario Outline: list and watch show what get shows: <request>
    Given tenant "blue" has the duty "inventory"
    Then tenant "blue" cannot <request> of tenant "green"
    When tenant "blue" has the duty "inventory" with the resource "secrets" beside "<harmless>" in role "inventory"
    Then tenant "blue" can <request> of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    And tenant "blue" cannot read the secret of tenant "green"
    When tenant "blue" has the duty "inventory"
    Then tenant "blue" can no longer <request> of tenant "green"

    Examples:
      | request                           | harmless   |
      | list the secrets                  | configmaps |
      | watch the contents of the secrets | services   |

  Scenario Outline: Everybody with an account is everybody: <request>
    system:authenticated holds every account of every tenant, and every pod's.

    Then a stranger cannot <request> of tenant "green"
    When everybody with an account is let at the secrets of tenant "green"
    Then a stranger can <request> of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    When the binding for everybody is removed
    Then a stranger can no longer <request> of tenant "green"

    Examples:
      | request          |
      | read the secret  |
      | list the secrets |

  Scenario Outline: The cluster's own switches are the platform's: <request>
    When the platform admin tries to <request>
    Then the request is allowed
    Given tenant "blue" has the duty "cluster-visitor"
    Then tenant "blue" cannot <request> of tenant "blue"
    When tenant "blue" has the duty "cluster-visitor" with the verb "create" on "<resource>"
    Then tenant "blue" can <request>
    When tenant "blue" has the duty "cluster-visitor"
    Then tenant "blue" can no longer <request>

    Examples:
      | request                                      | resource                                                   |
      | register a webhook that is sent every secret | mutatingwebhookconfigurations.admissionregistration.k8s.io |
      | register a folder of the node as a volume    | persistentvolumes                                          |
