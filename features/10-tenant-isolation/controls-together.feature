@control:controls-together
Feature: Controls together
  Why: Several controls are labels and annotations of one object, the tenant's namespace, and each file holds only its own.
  A platform team applies the files one after the other. kubectl then removes each label that the file before had set and
  this one does not name. Pod Security is off, or the policies no longer select the namespace, and nobody is told.

  How it is proven: support/specs kustomize makes a base and a component of each file, in which the namespace is a patch.
  Exposed: plain files, applied one after the other by kubectl, undo each other. Allowed: with all components, a pod that
  follows the rules is admitted. Denied: each control still refuses what it refuses alone. Closed: components put back what
  the plain files have lost. All of it is tried in several orders, and applied a second time it changes nothing.

  Not proven here: choices that leave a control out. A component that is taken off the list leaves its objects on the
  cluster. The files that components.yaml leaves out are not applied like this.

  Background:
    Given tenants "blue" and "green"

  Rule: No control takes away what another one has said about the namespace.

    @needs:kubectl
    Scenario: Plain files that are applied one after the other undo each other
      When kubectl applies the files "tenant, pod-security" to tenant "blue", one after another
      Then the platform's labels and annotations on the namespace of tenant "blue" are exactly:
        | key                                        | value      |
        | pod-security.kubernetes.io/enforce         | restricted |
        | pod-security.kubernetes.io/enforce-version | latest     |
        | pod-security.kubernetes.io/warn            | restricted |
        | pod-security.kubernetes.io/warn-version    | latest     |
        | pod-security.kubernetes.io/audit           | restricted |
        | pod-security.kubernetes.io/audit-version   | latest     |
      When kubectl applies the files "inference-endpoint, tenant" to tenant "blue", one after another
      Then the platform's labels and annotations on the namespace of tenant "blue" are exactly:
        | key                   | value |
        | security.specs/tenant | blue  |

    @needs:kustomize-components
    Scenario: Components keep what each of them says about the namespace
      When kubectl applies the files "tenant, inference-endpoint" to tenant "blue", one after another
      Then the platform's labels and annotations on the namespace of tenant "blue" are exactly:
        | key                   | value  |
        | security.specs/serves | models |
      When kubectl applies the components "inference-endpoint, pod-security" to tenant "blue"
      Then the platform's labels and annotations on the namespace of tenant "blue" are exactly:
        | key                                        | value      |
        | security.specs/tenant                      | blue       |
        | security.specs/serves                      | models     |
        | pod-security.kubernetes.io/enforce         | restricted |
        | pod-security.kubernetes.io/enforce-version | latest     |
        | pod-security.kubernetes.io/warn            | restricted |
        | pod-security.kubernetes.io/warn-version    | latest     |
        | pod-security.kubernetes.io/audit           | restricted |
        | pod-security.kubernetes.io/audit-version   | latest     |
      And kubectl changes nothing when it applies them to tenant "blue" again

    @needs:kustomize-components @needs:pod-security-admission
    Scenario: A file that is applied later switches Pod Security off, and components do not
      When kubectl applies the files "pod-security" to tenant "blue", one after another
      Then a pod that listens on a port of the node is refused for tenant "blue" by Pod Security "restricted"
      And a pod that keeps to the rules is admitted for tenant "blue"
      When kubectl applies the files "inference-endpoint" to tenant "blue", one after another
      Then a pod that listens on a port of the node is admitted for tenant "blue"
      When kubectl applies the components "pod-security, inference-endpoint" to tenant "blue"
      Then a pod that listens on a port of the node is refused for tenant "blue" by Pod Security "restricted"
      And a pod that keeps to the rules is admitted for tenant "blue"

  Rule: All controls hold together, in any order.

    @needs:kustomize-components @needs:validating-admission-policy @needs:pod-security-admission @needs:pod-toleration-restriction
    Scenario Outline: All components, listed <order>, refuse together what each refuses alone
      When kubectl applies all components to tenant "blue", <order>
      Then every object of tenant "blue" is as its file says
      And a pod that listens on a port of the node is refused for tenant "blue" by Pod Security "restricted"
      And a pod that asks for 5 GPUs in one container is refused for tenant "blue" by the limit of a container
      And a pod that has a grace period of 61 s is refused for tenant "blue" by the termination policy
      And a pod that tolerates every taint is refused for tenant "blue" by PodTolerationRestriction
      And a Service with the external address "192.0.2.1" is refused for tenant "blue" by the address policy
      And a config map with the key "NVIDIA_VISIBLE_DEVICES" is refused for tenant "blue" by the GPU policy
      And a token secret is refused for tenant "blue" by the token policy
      And a volume claim of "200Gi" is refused for tenant "blue" by the compute quota
      And a pod that has a grace period of 30 s is admitted for tenant "blue"
      And kubectl changes nothing when it applies them to tenant "blue" again

      Examples:
        | order                                     |
        | by their names                            |
        | by their names from the last to the first |
        | by their names from the middle on         |
