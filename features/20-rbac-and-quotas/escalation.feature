@control:privilege-escalation
Feature: Privilege escalation
  Why: Some RBAC rights are worth more than they look, because their holder can use them to get other rights. One
  extra verb or resource in a role can be enough to read another tenant's secrets.

  How it is proven: the developer of tenant "blue" has a harmless duty, one file of fleet-fixtures/drills/duty-*.yaml.
  Allowed: the request that the duty is for. Denied: the attack. Exposed: one extra verb or resource is added to the
  role, and the attack succeeds. Wherever the attack leads to a secret, the value of tenant "green"'s secret must be
  in an answer. Closed: the extra right is removed, and the attack is denied again. Removing the right is often not
  enough, because its results remain. A binding stays in force. A stolen token and a certificate stay valid until they
  expire and cannot be revoked one by one, so the account that they belong to must lose its rights. Each scenario says
  what remains and removes it by name.

  Not proven here: that these are all the attacks that exist. Also not proven is what a webhook would receive or a
  volume would expose: both are requested in a dry run and never created.

  Background:
    Given tenants "blue" and "green"
    And tenant "green" has a secret
    Then tenant "blue" cannot read the secret of tenant "green"

  Rule: Nobody may grant rights that they do not hold themselves.

    Scenario: A tenant can make itself cluster-admin only with the verb bind
      Given tenant "blue" has the duty "binder"
      Then tenant "blue" can give a colleague the developer role
      And tenant "blue" cannot bind itself to cluster-admin of tenant "blue"
      When tenant "blue" has the duty "binder" with the verb "bind" on "clusterroles.rbac.authorization.k8s.io"
      Then tenant "blue" can bind itself to cluster-admin
      And tenant "blue" can read the secret of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      # The verb is out of the role, but the binding remains.
      When tenant "blue" has the duty "binder"
      Then tenant "blue" can read the secret of tenant "green"
      When the cluster admin tries to remove the cluster-admin binding of tenant "blue"
      Then the request is allowed
      And tenant "blue" can no longer read the secret of tenant "green"
      And tenant "blue" can no longer bind itself to cluster-admin

    Scenario: A tenant can widen its own role only with the verb escalate
      Given tenant "blue" has the duty "role-editor"
      Then tenant "blue" can tidy up its own role
      And tenant "blue" cannot widen its own role of tenant "blue"
      When tenant "blue" has the duty "role-editor" with the verb "escalate" on "clusterroles.rbac.authorization.k8s.io"
      Then tenant "blue" can widen its own role
      And tenant "blue" can read the secret of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      # The added rights are in the role itself, so restoring the role removes them.
      When tenant "blue" has the duty "role-editor"
      Then tenant "blue" can no longer read the secret of tenant "green"
      And tenant "blue" can no longer widen its own role

  Rule: Nobody may act in the name of a stronger account.

    Scenario: A tenant can act as another tenant's developer only with the verb impersonate
      Given tenant "blue" has the duty "account-keeper"
      Then tenant "blue" can list the service accounts of tenant "green"
      And tenant "blue" cannot read the secret as the developer of tenant "green"
      When tenant "blue" has the duty "account-keeper" with the verb "impersonate" on "serviceaccounts"
      Then tenant "blue" can read the secret as the developer of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      When tenant "blue" has the duty "account-keeper"
      Then tenant "blue" can no longer read the secret as the developer of tenant "green"

    @needs:workload-image
    Scenario Outline: A tenant can <attack> only with an extra right in its role
      Given tenant "ops" with an operator that may read every secret
      And the operator of tenant "ops" runs
      And tenant "blue" has the duty "operator-visitor" in the namespace of tenant "ops"
      Then tenant "blue" can list the operator's pods of tenant "ops"
      And tenant "blue" cannot <attack> of tenant "ops"
      When tenant "blue" has the duty "operator-visitor" in the namespace of tenant "ops" <mistake>
      Then tenant "blue" can <attack> of tenant "ops"
      And tenant "blue" can <loot> of tenant "ops"
      When a thief logs in with what the answer gave away of the operator of tenant "ops"
      Then the thief can read the secret of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      # The extra right is out of the role, but the stolen token remains valid.
      When tenant "blue" has the duty "operator-visitor" in the namespace of tenant "ops"
      Then tenant "blue" can no longer <attack> of tenant "ops"
      And the thief can read the secret of tenant "green"
      When the operator of tenant "ops" loses its rights
      Then the thief can no longer read the secret of tenant "green"
      When the cluster admin tries to <clean up> of tenant "ops"
      Then the request is allowed

      Examples:
        | attack                               | loot                                 | mistake                                                                            | clean up                                 |
        | run a pod as the operator            | read a token in the operator's logs  | with the verb "create" on "pods"                                                   | remove the pod that runs as the operator |
        | change the operator's command        | read a token in the operator's logs  | with the verb "patch" on "deployments.apps"                                        | set the operator's command back          |
        | read the operator's token in its pod | read the operator's token in its pod | with the resource "pods/exec" added to "pods/portforward" in role "operator-visitor" | renew the operator's pods                |

    Scenario: A tenant can mint the operator's token only with create on serviceaccounts/token
      Given tenant "ops" with an operator that may read every secret
      And tenant "blue" has the duty "operator-visitor" in the namespace of tenant "ops"
      Then tenant "blue" can list the operator's pods of tenant "ops"
      And tenant "blue" cannot mint a token of the operator of tenant "ops"
      When tenant "blue" has the duty "operator-visitor" in the namespace of tenant "ops" with the verb "create" on "serviceaccounts/token"
      Then tenant "blue" can mint a token of the operator of tenant "ops"
      When a thief logs in with what the answer gave away of the operator of tenant "ops"
      Then the thief can read the secret of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      When tenant "blue" has the duty "operator-visitor" in the namespace of tenant "ops"
      Then tenant "blue" can no longer mint a token of the operator of tenant "ops"
      And the thief can read the secret of tenant "green"
      When the operator of tenant "ops" loses its rights
      Then the thief can no longer read the secret of tenant "green"

    @needs:certificate-signing
    Scenario: A tenant can get the operator's certificate only with the right to approve it
      Given tenant "ops" with an operator that may read every secret
      And the cluster signs certificates in the name of the operator of tenant "ops"
      And tenant "blue" has the duty "certificates"
      Then tenant "blue" can ask for a certificate
      And tenant "blue" cannot get a certificate of the operator of tenant "ops"
      When tenant "blue" has the duty "certificates" with the verb "update" on "certificatesigningrequests/approval.certificates.k8s.io"
      Then tenant "blue" can get a certificate of the operator of tenant "ops"
      When a thief logs in with what the answer gave away of the operator of tenant "ops"
      Then the thief can read the secret of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      When tenant "blue" has the duty "certificates"
      And the cluster admin tries to remove the certificate requests of tenant "ops"
      Then the request is allowed
      And tenant "blue" can no longer get a certificate of the operator of tenant "ops"
      # The request is gone, but the certificate is valid until it expires.
      And the thief can read the secret of tenant "green"
      When the operator of tenant "ops" loses its rights
      Then the thief can no longer read the secret of tenant "green"

    Scenario: Even the cluster admin cannot get a certificate for the group system:masters
      RBAC does not restrict members of system:masters, so admission must refuse such a certificate.

      When the cluster admin tries to ask for a certificate
      Then the request is allowed
      When the cluster admin tries to ask for a certificate of system:masters
      Then admission refuses it for the group "system:masters"

  Rule: Only the platform admin may change the labels of a tenant's namespace.

    Scenario: A tenant can change the labels of its namespace only with the verb patch
      Network policies and admission policies select namespaces by these labels.

      Given tenant "blue" has the duty "namespace-keeper"
      Then tenant "blue" can read the labels of the namespace
      And tenant "blue" cannot label the namespace of tenant "blue"
      When tenant "blue" has the duty "namespace-keeper" with the verb "patch" on "namespaces"
      Then tenant "blue" can label the namespace
      And tenant "blue" cannot label the namespace of tenant "green"
      When tenant "blue" has the duty "namespace-keeper"
      Then tenant "blue" can no longer label the namespace

    @needs:pod-security-admission @needs:workload-image
    Scenario: A tenant can relax Pod Security only with the verb patch on namespaces
      Given tenant "green" runs a pod that holds its secret
      And control "tenant" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
      And tenant "blue" has the duty "namespace-keeper"
      Then tenant "blue" can read the labels of the namespace
      And tenant "blue" cannot relax Pod Security of tenant "blue"
      And a pod that mounts the kubelet's directory is refused for tenant "blue" by Pod Security "baseline"
      When tenant "blue" has the duty "namespace-keeper" with the verb "patch" on "namespaces"
      Then tenant "blue" can relax Pod Security
      And a pod that mounts the kubelet's directory is admitted for tenant "blue"
      When tenant "blue" runs a pod that mounts the kubelet's directory
      And tenant "blue" reads the kubelet's directory in its pod
      Then the value of the secret of tenant "green" is in the answer
      # The verb is out of the role, but the label and the pod remain.
      When tenant "blue" has the duty "namespace-keeper"
      Then tenant "blue" can no longer relax Pod Security
      When tenant "blue" reads the kubelet's directory in its pod
      Then the value of the secret of tenant "green" is in the answer
      When control "tenant" is applied to tenant "blue" with the label "pod-security.kubernetes.io/enforce" set to "baseline"
      And the pods of all tenants are removed
      Then a pod that mounts the kubelet's directory is refused for tenant "blue" by Pod Security "baseline"

  Rule: Only the control plane may write the status of an object, finalize it, or bind a pod.

    Scenario Outline: A tenant can <request> only with the verb <verb> on <resource>
      The right to the namespace itself is not in any of these roles.

      Then tenant "blue" cannot <request> of tenant "blue"
      And tenant "blue" cannot label the namespace of tenant "blue"
      When tenant "blue" is granted the verb "<verb>" on "<resource>" in the namespace of tenant "blue"
      Then tenant "blue" can <request>
      And tenant "blue" cannot label the namespace of tenant "blue"
      And tenant "blue" cannot <request> of tenant "green"
      When the grant is removed
      Then tenant "blue" can no longer <request>

      Examples:
        | request                                | verb   | resource            |
        | relabel the namespace by its status    | patch  | namespaces/status   |
        | relabel the namespace by finalizing it | update | namespaces/finalize |

    Scenario: A tenant gets more GPUs than its quota with the verb patch on the quota's status
      Admission goes by what the status says, and the quota's controller does not look until a pod is gone.

      Given tenant "blue" has a quota of 1 GPU
      Then a pod with 2 GPUs is refused for tenant "blue" by the GPU quota
      And tenant "blue" cannot raise the quota by its status of tenant "blue"
      When tenant "blue" is granted the verb "patch" on "resourcequotas/status" in the namespace of tenant "blue"
      Then tenant "blue" can raise the quota by its status
      And tenant "blue" cannot raise the quota of tenant "blue"
      And a pod with 2 GPUs is admitted for tenant "blue"
      When the grant is removed
      Then tenant "blue" can no longer raise the quota by its status
      # The number that was written stays. A new quota begins with a status of its own.
      When the pods of all tenants are removed
      And the quota of tenant "blue" is removed
      And tenant "blue" has a quota of 1 GPU
      Then a pod with 2 GPUs is refused for tenant "blue" by the GPU quota

    Scenario: A tenant takes its pods out of the quota with the verb patch on the status of pods
      A pod that is said to have ended gives its GPUs back to the quota. What the kubelet of a running pod does about it is not shown.

      Given tenant "blue" has a quota of 1 GPU
      When tenant "blue" submits a pod with 1 GPU
      Then the pod is admitted
      And a pod with 1 GPU is refused for tenant "blue" by the GPU quota
      And tenant "blue" cannot report the pods as finished of tenant "blue"
      When tenant "blue" is granted the verb "patch" on "pods/status" in the namespace of tenant "blue"
      Then tenant "blue" can report the pods as finished
      And the quota of tenant "blue" counts 0 GPUs
      And a pod with 1 GPU is admitted for tenant "blue"
      When the grant is removed
      Then tenant "blue" can no longer report the pods as finished
      # The pod that was reported stays out of the quota. The one that came after it counts.
      And a pod with 1 GPU is refused for tenant "blue" by the GPU quota

  Rule: No tenant may reach the kubelet's API.

    @needs:gpu @needs:workload-image
    Scenario: A tenant can read another tenant's logs through the kubelet only with nodes/proxy
      Given tenant "green" runs a pod that holds its secret
      And tenant "blue" has the duty "node-watcher"
      Then tenant "blue" can list all nodes
      And tenant "blue" cannot read the log of the pod through the kubelet of tenant "green"
      When tenant "blue" has the duty "node-watcher" with the resource "nodes/proxy" added to "nodes/metrics" in role "node-watcher"
      Then tenant "blue" can read the log of the pod through the kubelet of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      When tenant "blue" has the duty "node-watcher"
      Then tenant "blue" can no longer read the log of the pod through the kubelet of tenant "green"

    @needs:gpu @needs:workload-image @needs:kubelet-port
    Scenario: A tenant can run commands through the kubelet only with get on nodes/proxy
      The kubelet streams a command's output over a WebSocket, which is opened by GET, so the verb get is enough. The
      kubelet remembers for five minutes who is allowed. Its own port therefore stays open to the tenant for a while
      after the API server denies the request.

      Given tenant "green" runs a pod that holds its secret
      And tenant "blue" has the duty "node-watcher"
      Then the kubelet turns tenant "green" away from the pod of tenant "green"
      And tenant "blue" cannot read the node through the kubelet of tenant "green"
      When tenant "blue" has the duty "node-watcher" with the resource "nodes/proxy" added to "nodes/metrics" in role "node-watcher"
      Then tenant "blue" can read the node through the kubelet of tenant "green"
      And the kubelet runs a command for tenant "blue" in the pod of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      When tenant "blue" has the duty "node-watcher"
      Then tenant "blue" can no longer read the node through the kubelet of tenant "green"

  Rule: No account outside a tenant may read the tenant's secrets, by get, by list or by watch.

    Scenario Outline: A tenant that can <request> sees their values without the verb get
      Given tenant "blue" has the duty "inventory"
      Then tenant "blue" cannot <request> of tenant "green"
      When tenant "blue" has the duty "inventory" with the resource "secrets" added to "<harmless>" in role "inventory"
      Then tenant "blue" can <request> of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      And tenant "blue" cannot read the secret of tenant "green"
      When tenant "blue" has the duty "inventory"
      Then tenant "blue" can no longer <request> of tenant "green"

      Examples:
        | request                           | harmless   |
        | list the secrets                  | configmaps |
        | watch the contents of the secrets | services   |

    Scenario Outline: A binding for system:authenticated lets any account <request>
      The group system:authenticated contains every account of every tenant and the account of every pod.

      Then a stranger cannot <request> of tenant "green"
      When the group "system:authenticated" is granted the role "secret-reader" in the namespace of tenant "green"
      Then a stranger can <request> of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      When the grant is removed
      Then a stranger can no longer <request> of tenant "green"

      Examples:
        | request          |
        | read the secret  |
        | list the secrets |

    Scenario: A watch that is open outlives the right that it was opened with
      The API server decides about a request when it begins, and a watch is one long request. It ends when the client hangs up,
      when the API server restarts, or after the time that --min-request-timeout sets: from half an hour to an hour by default.
      On 1.36.2 the watch even went on after its account had been deleted. So the runbook for a stray right ends with a restart
      of the API servers. What the watch still tells is measured; no verdict depends on it.

      When tenant "blue" is granted the verb "watch" on "secrets" in the namespace of tenant "green"
      Then tenant "blue" can watch the secrets of tenant "green"
      When tenant "blue" opens a watch on the secrets of tenant "green"
      Then the open watch tells of a new secret of tenant "green"
      When the grant is removed
      Then tenant "blue" can no longer watch the secrets of tenant "green"
      And the report says whether the open watch still tells of a new secret of tenant "green"

  Rule: Only the platform admin may register webhooks and persistent volumes.

    Scenario Outline: A tenant can <request> only with the verb create
      When the cluster admin tries to <request>
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
