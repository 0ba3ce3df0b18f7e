Feature: Drills: credentials and models that leak
  Why: A credential is stolen where it lies, and a model is replaced where it is fetched. Both mistakes save somebody an
  hour, and neither changes anything that the tenant's own jobs would notice.

  How it is proven: Each scenario is one drill. The platform is secure. Somebody makes one mistake; the attacker does what
  it allows; the runbook's query finds the mistake; the fix goes in, and the same attack fails. runbooks.yaml has, for
  each drill, the mistake in words, the symptom, the triage, the query and the prevention. "support/specs drill" plays one.

  Not proven here: that the query finds every form of the mistake. A credential that was seen must be replaced, and what a
  false model has run must be looked for.

  Background:
    Given tenant "blue"

  @control:service-account-tokens @drill:automounted-token @needs:workload-image @needs:kubectl
  Scenario: A pod that mounts its account's token hands the account to whoever takes over the pod
    Given tenant "blue" has a secret
    When a thief takes the token of a registry client of tenant "blue"
    Then the API server rejects the token
    # The mistake
    When a thief takes the token of a registry client of tenant "blue" with the token of its account
    # The attack
    Then the thief can read the secret of tenant "blue"
    And the value of the secret of tenant "blue" is in the answer
    And the query of the runbook finds the mistake
    # The fix
    When the pods of all tenants are removed
    # The same attack
    When a thief takes the token of a registry client of tenant "blue"
    Then a server with the audience "model-registry" accepts the token
    But the API server rejects the token
    And the query of the runbook finds no mistake

  @control:credentials-in-objects @drill:secret-in-a-variable @needs:workload-image @needs:kubectl
  Scenario: A credential in a pod's variable is open to anyone who may look at pods
    Given tenant "green"
    When tenant "green" is granted the verb "get" on "pods" in the namespace of tenant "blue"
    Then the audit finds no credential of tenant "blue"
    # The mistake
    When tenant "blue" keeps a "huggingface-token" in a variable of its server
    # The attack
    Then tenant "green" can read the server of tenant "blue"
    And the value of the secret of tenant "blue" is in the answer
    And the query of the runbook finds the mistake
    # The fix
    When tenant "blue" moves the credential to its secret
    # The same attack
    Then the audit finds no credential of tenant "blue"
    And tenant "green" cannot read the secret of tenant "blue"
    And tenant "blue" can read the secret of tenant "blue"
    And the value of the secret of tenant "blue" is in the answer
    And the query of the runbook finds no mistake

  @control:model-provenance @drill:moved-tag @needs:workload-image @needs:kubectl
  Scenario: A server that names its model by a tag serves what the tag's owner moved it to
    When tenant "blue" serves the pinned model whose tag was moved
    Then the model server of tenant "blue" serves the model that its author signed
    # The mistake
    When tenant "blue" serves a model whose tag was moved without the verification
    # The attack
    Then the model server of tenant "blue" serves what it was sent
    And the query of the runbook finds the mistake
    # The fix
    When the pods of all tenants are removed
    # The same attack
    And tenant "blue" serves a model whose tag was moved
    Then the model server of tenant "blue" does not start, and its status says "revision: 'main' is a name that its owner, or the next owner of it, can move"
    When tenant "blue" serves the pinned model whose tag was moved
    Then the model server of tenant "blue" serves the model that its author signed
    And the query of the runbook finds no mistake

  @control:model-provenance @drill:verification-off @needs:workload-image @needs:kubectl
  Scenario: Without the verification a pickle runs its author's code in the server
    When tenant "blue" serves the signed model
    Then the model server of tenant "blue" serves the model that its author signed
    # The mistake
    When tenant "blue" serves a model with an executable pickle without the verification
    # The attack
    Then the model server of tenant "blue" has the attacker's mark in it
    And the query of the runbook finds the mistake
    # The fix
    When the pods of all tenants are removed
    # The same attack
    And tenant "blue" serves a model with an executable pickle
    Then the model server of tenant "blue" does not start, and its status says "model.pkl: pickle: GLOBAL at byte 0: imports posix.system"
    And the query of the runbook finds no mistake
