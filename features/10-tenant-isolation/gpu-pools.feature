@control:gpu-pools
Feature: GPU pools
  A platform keeps its dearest GPUs for those who have a right to them: the h100 pool of this fleet carries a taint. A taint
  alone keeps out accidents, not tenants, for whoever may create a pod may write a toleration into it. The guardrail is
  admission: PodTolerationRestriction refuses tolerations that are not a tenant's, PodNodeSelector keeps its pods to the nodes
  that are. The API server turns on neither by itself; each scenario says which of them it needs, and either one keeps
  a tenant away from the pool.

  What is proven is where pods are put. Pods on one node still share it, and the h100 nodes here exist for the scheduler only.
  Whoever may write nodes is not held by any of this.

  Background:
    Given tenants "blue" and "green"

  @gpus:1 @needs:own-fleet
  Scenario: The taint of a pool keeps out only those who do not ask
    When tenant "blue" submits a pod that wants the nodes of the h100 pool to the pools of the fleet
    Then the pod waits, for it does not tolerate the taint of the "h100" pool
    When tenant "blue" adds a toleration of the "h100" pool to the pod
    Then the pod lands on the "h100" pool

  @gpus:1 @needs:own-fleet @needs:pod-toleration-restriction
  Scenario Outline: Tolerations are the platform's to give: a pod that <reaches>
    When tenant "blue" submits a pod that <reaches> to the pools of the fleet
    Then the pod lands on the "h100" pool
    When tenant "blue" is assigned to the "l40s" pool
    And tenant "blue" submits a pod that <reaches> to the pools of the fleet
    Then the pod is refused by PodTolerationRestriction
    When tenant "blue" is assigned to the "l40s" pool without the annotation "scheduler.alpha.kubernetes.io/tolerationsWhitelist"
    And tenant "blue" submits a pod that <reaches> to the pools of the fleet
    Then the pod is admitted
    When tenant "blue" is assigned to the "l40s" pool
    And tenant "blue" submits a pod that <reaches> to the pools of the fleet
    Then the pod is refused by PodTolerationRestriction
    When tenant "green" is assigned to the "h100" pool
    And tenant "green" submits a pod that tolerates the taint of the h100 pool to the pools of the fleet
    Then the pod lands on the "h100" pool

    Examples:
      | reaches                              |
      | tolerates the taint of the h100 pool |
      | tolerates every taint                |

  @gpus:1 @needs:own-fleet @needs:pod-toleration-restriction
  Scenario: A toleration that is added later is judged like one that was there at first
    Given tenant "blue" is assigned to the "l40s" pool without the annotation "scheduler.alpha.kubernetes.io/node-selector"
    When tenant "blue" submits a pod that wants the nodes of the h100 pool to the pools of the fleet
    Then the pod waits, for it does not tolerate the taint of the "h100" pool
    When tenant "blue" adds a toleration of the "h100" pool to the pod
    Then the pod is refused by PodTolerationRestriction
    When tenant "blue" is assigned to no pool
    And tenant "blue" adds a toleration of the "h100" pool to the pod
    Then the pod lands on the "h100" pool

  @gpus:1 @needs:own-fleet @needs:pod-node-selector
  Scenario: Nodes are the platform's to give: a pod that selects those of another pool
    When tenant "blue" submits a pod that selects the nodes of the h100 pool to the pools of the fleet
    Then the pod lands on the "h100" pool
    When tenant "blue" is assigned to the "l40s" pool
    And tenant "blue" submits a pod that selects the nodes of the h100 pool to the pools of the fleet
    Then the pod is refused by PodNodeSelector
    When tenant "blue" is assigned to no pool
    And tenant "blue" submits a pod that selects the nodes of the h100 pool to the pools of the fleet
    Then the pod lands on the "h100" pool
    When tenant "blue" is assigned to the "l40s" pool
    And tenant "blue" submits a pod that selects the nodes of the h100 pool to the pools of the fleet
    Then the pod is refused by PodNodeSelector

  @gpus:1 @needs:own-fleet @needs:pod-node-selector @needs:pod-toleration-restriction
  Scenario: A pod that names no pool runs in its tenant's, taint or not
    Given tenant "blue" is assigned to the "h100" pool
    When tenant "blue" submits a pod that names no pool to the pools of the fleet
    Then the pod lands on the "h100" pool
    When tenant "blue" is assigned to the "h100" pool without the annotation "scheduler.alpha.kubernetes.io/defaultTolerations"
    And tenant "blue" submits a pod that names no pool to the pools of the fleet
    Then the pod waits, for it does not tolerate the taint of the "h100" pool

  @gpus:1 @needs:own-fleet @needs:pod-node-selector
  Scenario: A pod that passes by the scheduler is turned away by the kubelet
    When tenant "blue" submits a pod that names the GPU node itself
    Then the pod runs
    When tenant "blue" is assigned to the "l40s" pool
    And tenant "blue" submits a pod that names the GPU node itself
    Then the kubelet turns the pod away
    When tenant "blue" is assigned to the "a100" pool
    And tenant "blue" submits a pod that names the GPU node itself
    Then the pod runs

  Scenario: A tenant cannot assign itself to a pool
    When the platform admin tries to choose the pool of tenant "blue"
    Then the request is allowed
    When tenant "blue" tries to choose the pool of tenant "blue"
    Then the request is denied in the namespace of tenant "blue"
    When a namespace editor role is bound to tenant "blue"
    Then tenant "blue" can choose the pool of tenant "blue"
    When the namespace editor role is removed
    Then tenant "blue" can no longer choose the pool of tenant "blue"

  Scenario: A tenant cannot bind its pods to nodes
    Given tenant "blue" has a pod
    When the platform admin tries to bind the pod to a node of tenant "blue"
    Then the request is allowed
    When tenant "blue" tries to bind the pod to a node
    Then the request is denied in the namespace of tenant "blue"
    When a scheduler's role is bound to tenant "blue"
    Then tenant "blue" can bind the pod to a node
    When the scheduler's role is removed
    Then tenant "blue" can no longer bind the pod to a node
