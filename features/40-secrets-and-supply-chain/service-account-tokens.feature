@control:service-account-tokens
Feature: ServiceAccount tokens
  Why: A ServiceAccount's token is the account. Whoever holds it has the account's rights, from anywhere that reaches the
  API server. Kubernetes mounts one into every pod unless it is told not to, and most training jobs and model servers
  never call the API server. A pod that must show who it is to another server needs a token for that server only.

  How it is proven: Tokens are read out of real pods, as a thief would, and shown to the API server, to its TokenReview,
  which tells other servers whether a token is meant for them, and to a registry of models that asks for such a review.
  Allowed: the audience that a token was made for accepts it. Denied: every other audience, and the API server with 401. Exposed: a token without an audience of its
  own opens the API server to the thief; a Secret of the token type gives a tenant with the right to write Secrets a
  token of any account of the namespace, for ever. Closed: the pod, or the Secret, is gone, and so is the token.

  Not proven here: that a token lasts no longer than it states, by waiting for its end. Kubernetes makes none for less than
  ten minutes. Two tokens that differ only in their end are signed with the cluster's own key instead. A server must check
  the audience of the tokens that it is shown: a TokenReview that names no audience asks for the API server's own.

  Background:
    Given tenant "blue"

  Rule: A pod that does not call the API server gets no token.

    Scenario: The pod's setting decides, then the account's, and without either there is a token
      The setting of the account is only a default. Whoever creates the pod can overrule it.

      Then pods of tenant "blue" get a token as follows:
        | automount of the account | automount of the pod | token |
        | unset                    | unset                | yes   |
        | unset                    | false                | no    |
        | unset                    | true                 | yes   |
        | false                    | unset                | no    |
        | false                    | false                | no    |
        | false                    | true                 | yes   |
        | true                     | unset                | yes   |
        | true                     | false                | no    |
        | true                     | true                 | yes   |

  Rule: A token for another server names that server as its audience, and lasts an hour at most.

    @needs:workload-image
    Scenario: A token for the model registry gives no access to the API server
      Given tenant "blue" has a secret
      When a thief takes the token of a registry client of tenant "blue"
      Then the token lasts at most 60 minutes
      And a server with the audience "model-registry" accepts the token
      And a server with the audience "inference-gateway" rejects the token
      And the API server rejects the token
      When a thief takes the token of a registry client of tenant "blue" without the audience of its token
      Then a server with the audience "model-registry" rejects the token
      And the thief can read the secret of tenant "blue"
      And the value of the secret of tenant "blue" is in the answer

    @needs:workload-image
    Scenario: A registry that asks for its own audience rejects a token for the API server
      Given tenant "ops"
      And tenant "ops" runs a registry that asks for tokens with the audience "model-registry"
      When a thief takes the token of a registry client of tenant "blue"
      Then the registry of tenant "ops" accepts the token
      When a thief takes the token of a registry client of tenant "blue" without the audience of its token
      Then the registry of tenant "ops" rejects the token
      And the API server accepts the token

  Rule: A token ends with the pod that it was made for.

    @needs:workload-image
    Scenario: The token of a deleted pod is rejected
      When a thief takes the token of a registry client of tenant "blue"
      Then a server with the audience "model-registry" accepts the token
      When the pods of all tenants are removed
      Then a server with the audience "model-registry" rejects the token

  Rule: A token ends at the time that it states.

    @needs:control-plane-files
    Scenario: Of two tokens that differ only in their end, the API server rejects the expired one
      When a thief takes a token of tenant "blue" that expires in an hour
      Then the API server accepts the token
      When a thief takes a token of tenant "blue" that expired an hour ago
      Then the API server rejects the token

  Rule: No tenant has a token that never expires.

    Scenario: A tenant that may write Secrets can store a token of any account of the namespace, and it never expires
      The control plane fills a Secret of the type kubernetes.io/service-account-token with a token of the account that
      its annotation names. The right to create serviceaccounts/token is not asked for.

      Given tenant "green"
      And tenant "green" has a secret
      And tenant "ops" with an operator that may read every secret
      And tenant "ops" has a secret
      And tenant "blue" has the duty "secret-keeper" in the namespace of tenant "ops"
      Then tenant "blue" can list the secrets of tenant "ops"
      And tenant "blue" cannot mint a token of the operator of tenant "ops"
      And tenant "blue" cannot store a token of the operator of tenant "ops"
      And the audit finds no stored token of tenant "ops"
      When tenant "blue" has the duty "secret-keeper" in the namespace of tenant "ops" with the verb "create" on "secrets"
      Then tenant "blue" can store a token of the operator of tenant "ops"
      And the audit finds the stored token "stored-token of account operator" of tenant "ops"
      When a thief logs in with what the answer gave away of the operator of tenant "ops"
      Then the token never expires
      And the thief can read the secret of tenant "green"
      And the value of the secret of tenant "green" is in the answer
      # The verb is out of the role, but the stored token remains.
      When tenant "blue" has the duty "secret-keeper" in the namespace of tenant "ops"
      Then tenant "blue" can no longer store a token of the operator of tenant "ops"
      And the thief can read the secret of tenant "green"
      When the cluster admin tries to remove the stored token of tenant "ops"
      Then the request is allowed
      And the API server rejects the token
      And the audit finds no stored token of tenant "ops"

    @needs:validating-admission-policy
    Scenario: The policy denies a tenant's Secret of the token type and no other Secret
      Then a token secret is admitted for tenant "blue"
      When control "service-account-tokens" is applied to tenant "blue"
      Then a token secret is refused for tenant "blue" by the token policy
      And a secret with the key "HF_TOKEN" is admitted for tenant "blue"
      When control "service-account-tokens" is removed from tenant "blue"
      Then a token secret is admitted for tenant "blue"
      When control "service-account-tokens" is applied to tenant "blue"
      Then a token secret is refused for tenant "blue" by the token policy

    @needs:validating-admission-policy
    Scenario Outline: A policy <mistake> lets the tenant keep such a Secret
      When control "service-account-tokens" is applied to tenant "blue"
      Then a token secret is refused for tenant "blue" by the token policy
      When control "service-account-tokens" is applied to tenant "blue" <mistake>
      Then a token secret is admitted for tenant "blue"
      When control "service-account-tokens" is applied to tenant "blue"
      Then a token secret is refused for tenant "blue" by the token policy

      Examples:
        | mistake                 |
        | with the action "Audit" |
        | with the action "Warn"  |
