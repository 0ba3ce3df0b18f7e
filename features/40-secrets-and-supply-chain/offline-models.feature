@control:offline-models
Feature: Models without a hub
  Why: "Load any model of the hub" is a decision about whose code runs next to your data. trust_remote_code runs Python
  files that the model brings along, a branch is whatever its owner pushed last, and a server that may ask the hub takes
  the newest version at its next restart.

  How it is proven: One policy, called the model policy in the steps, reads commands, arguments and variables of every
  container of a tenant (fleet-fixtures/controls/offline-models.yaml). Without the policy each attempt is allowed
  (exposed); with it the attempt is denied in every kind of container (closed), while a model from a folder, and a model
  of a hub by its commit, stay allowed. Mistakes in the policy expose the platform again.

  Not proven here: That a server obeys its flags. Admission sees a manifest and nothing else: not what a program decides
  by itself, nor variables that an image, a ConfigMap or a shell sets. The policy knows the words of a few servers. What
  a pod can reach decides in the end: see "Egress", and for the model itself "Model provenance".

  Background:
    Given tenant "blue"

  Rule: No tenant's container trusts code of a model, names a model by what can be moved, or may ask a hub for it.

    @needs:validating-admission-policy
    Scenario Outline: The policy denies every kind of container that <trait>
      Given tenant "blue" has a pod
      Then a pod that <trait> is admitted for tenant "blue"
      And an init container that <trait> is admitted for tenant "blue"
      And a debug container that <trait> is admitted for tenant "blue"
      When control "offline-models" is applied to tenant "blue"
      Then a pod that <trait> is refused for tenant "blue" by the model policy for "<words> main"
      And an init container that <trait> is refused for tenant "blue" by the model policy for "<words> init"
      And a debug container that <trait> is refused for tenant "blue" by the model policy for "<words> debug"
      And a debug container that loads a model from a folder is admitted for tenant "blue"
      And an init container that names a model by its commit is admitted for tenant "blue"
      And a pod that names a model by its commit is admitted for tenant "blue"

      Examples:
        | trait                            | words                                            |
        | trusts remote code               | code that a model brings along is trusted by:    |
        | trusts remote code in a shell    | code that a model brings along is trusted by:    |
        | trusts remote code by a variable | code that a model brings along is trusted by:    |
        | names a model without a revision | a model of a hub is named without the commit by: |
        | names a model by its branch      | a model of a hub is named without the commit by: |
        | may ask the hub                  | a model is loaded without HF_HUB_OFFLINE=1 by:   |

    @needs:validating-admission-policy
    Scenario: A Deployment is allowed, its pods are denied, and its events say why
      When control "offline-models" is applied to tenant "blue"
      Then a pod that trusts remote code is refused for tenant "blue" by the model policy
      When tenant "blue" submits a Deployment whose pod trusts remote code
      Then it is accepted
      And its events say that its pod is refused by the model policy
      And it has no pod

  Rule: The policy holds for every new container of every tenant.

    @needs:validating-admission-policy
    Scenario: A pod with a debug container from before the policy may be relabelled
      When tenant "blue" submits a pod that asks for no GPU
      And tenant "blue" adds to its pod a debug container that trusts remote code
      And control "offline-models" is applied to tenant "blue"
      Then a pod that trusts remote code is refused for tenant "blue" by the model policy
      When tenant "blue" tries to give its pod the label "team" with the value "ml"
      Then the label is accepted

    @needs:validating-admission-policy
    Scenario: A pod from before the policy may be relabelled
      Given tenant "blue" has a pod
      When tenant "blue" submits a pod that trusts remote code
      Then the pod is admitted
      When control "offline-models" is applied to tenant "blue"
      Then a pod that trusts remote code is refused for tenant "blue" by the model policy
      When tenant "blue" tries to give its pod the label "team" with the value "ml"
      Then the label is accepted

    @needs:validating-admission-policy
    Scenario Outline: A policy <mistake> allows what it should deny
      Given tenant "blue" has a pod
      When control "offline-models" is applied to tenant "blue" <mistake>
      Then a pod that names a model by its branch is refused for tenant "blue" by the model policy
      And <part> that <trait> is admitted for tenant "blue"
      When control "offline-models" is applied to tenant "blue"
      Then <part> that <trait> is refused for tenant "blue" by the model policy

      Examples:
        | mistake                                         | part              | trait              |
        | without the validation of "HF_HUB_OFFLINE"      | a pod             | may ask the hub    |
        | without the validation of "remote"              | a pod             | trusts remote code |
        | without the init containers                     | an init container | trusts remote code |
        | without the resource "pods/ephemeralcontainers" | a debug container | trusts remote code |

    @needs:validating-admission-policy
    Scenario: A namespace without the platform's label is not covered by the policy
      Given tenant "green"
      When control "offline-models" is applied to tenant "blue"
      Then a pod that trusts remote code is refused for tenant "blue" by the model policy
      And a pod that trusts remote code is refused for tenant "green" by the model policy
      When control "tenant" is applied to tenant "green" without the label "security.specs/tenant"
      Then a pod that trusts remote code is admitted for tenant "green"
      When control "tenant" is applied to tenant "green"
      Then a pod that trusts remote code is refused for tenant "green" by the model policy
