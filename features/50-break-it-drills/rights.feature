Feature: Drills: rights that are more than they say
  Why: A right is given in a minute and stays for years. Most rights that are too wide come from a plausible wish: "all
  of our services need it", "the pipeline could not update its role".

  How it is proven: Each scenario is one drill. The platform is secure. Somebody makes one mistake; the attacker does what
  it allows; the runbook's query finds the mistake; the fix goes in, and the same attack fails. runbooks.yaml has, for
  each drill, the mistake in words, the symptom, the triage, the query and the prevention. "support/specs drill" plays one.

  Not proven here: that the query finds every form of the mistake. What was read stays known after the fix.

  Background:
    Given tenants "blue" and "green"
    And tenant "green" has a secret

  @control:who-can @drill:everybody-group @needs:kubectl
  Scenario: A role that is bound to system:authenticated is everybody's
    The group contains every account of every tenant, and the account of every pod.

    Then tenant "blue" cannot read the secret of tenant "green"
    # The mistake
    When the group "system:authenticated" is granted the role "secret-reader" in the namespace of tenant "green"
    # The attack
    Then tenant "blue" can read the secret of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    And the query of the runbook finds the mistake
    # The fix
    When the grant is removed
    # The same attack
    Then tenant "blue" can no longer read the secret of tenant "green"
    And the query of the runbook finds no mistake
    And tenant "green" can read the secret of tenant "green"

  @control:privilege-escalation @drill:wildcard-verbs @needs:kubectl
  Scenario: The verb "*" on roles includes the verb "escalate"
    A role editor may write only rules whose rights it holds, unless it also has the verb "escalate". Nobody writes that
    verb down by mistake. "*" contains it.

    Given tenant "blue" has the duty "role-editor"
    Then tenant "blue" can tidy up its own role
    And tenant "blue" cannot widen its own role of tenant "blue"
    And tenant "blue" cannot read the secret of tenant "green"
    # The mistake
    When tenant "blue" has the duty "role-editor" with the verb "*" on "clusterroles.rbac.authorization.k8s.io"
    # The attack
    Then tenant "blue" can widen its own role
    And tenant "blue" can read the secret of tenant "green"
    And the value of the secret of tenant "green" is in the answer
    And the query of the runbook finds the mistake
    # The fix
    When tenant "blue" has the duty "role-editor"
    # The same attack
    Then tenant "blue" can no longer widen its own role
    And tenant "blue" can no longer read the secret of tenant "green"
    And the query of the runbook finds no mistake
    And tenant "blue" can tidy up its own role
