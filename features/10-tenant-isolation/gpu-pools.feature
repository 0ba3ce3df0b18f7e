@control:gpu-pools
Feature: GPU pools
  Why: A platform keeps its most expensive GPUs for those who have a right to them: the nodes of the h100 pool carry a
  taint. A taint alone prevents accidents and does not keep tenants out, because whoever may create a pod may write a
  toleration into it. Only admission can deny that pod.

  How it is proven: fleet-fixtures/controls/gpu-pools.yaml assigns a tenant to a pool by annotations on the tenant's
  namespace. Two admission plugins read them: PodTolerationRestriction denies tolerations that the tenant may not have,
  and PodNodeSelector keeps the tenant's pods on the nodes of its pool. Either plugin keeps a tenant away from the h100
  pool. The API server enables neither by default; each scenario says which of them it needs. A pod reaches the h100
  pool while its tenant is assigned to no pool (exposed) and is denied once its tenant is assigned to the l40s pool
  (closed). A tenant that is assigned to the h100 pool runs there (allowed).

  Not proven here: Only the placement of pods is proven. Pods on one node still share it, and the h100 nodes here exist
  for the scheduler only. The control does not stop an account that may write nodes.

  Background:
    Given tenants "blue" and "green"

  Rule: A taint alone does not reserve a pool, because every tenant may tolerate it.

    @gpus:1 @needs:own-fleet
    Scenario: A taint keeps a pod out only until its tenant tolerates it
      When tenant "blue" submits a pod that wants the nodes of the h100 pool to the pools of the fleet
      Then the pod waits, for it does not tolerate the taint of the "h100" pool
      When tenant "blue" adds a toleration of the "h100" pool to the pod
      Then the pod lands on the "h100" pool

  Rule: A tenant's pods may have only the tolerations that the platform allows to that tenant.

    @gpus:1 @needs:own-fleet @needs:pod-toleration-restriction
    Scenario Outline: PodTolerationRestriction denies a pod that <reaches>
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
    Scenario: A toleration that is added later is denied like an initial one
      Given tenant "blue" is assigned to the "l40s" pool without the annotation "scheduler.alpha.kubernetes.io/node-selector"
      When tenant "blue" submits a pod that wants the nodes of the h100 pool to the pools of the fleet
      Then the pod waits, for it does not tolerate the taint of the "h100" pool
      When tenant "blue" adds a toleration of the "h100" pool to the pod
      Then the pod is refused by PodTolerationRestriction
      When tenant "blue" is assigned to no pool
      And tenant "blue" adds a toleration of the "h100" pool to the pod
      Then the pod lands on the "h100" pool

  Rule: A tenant's pods may run only on the nodes of the tenant's pool.

    @gpus:1 @needs:own-fleet @needs:pod-node-selector
    Scenario: PodNodeSelector denies a pod that selects another pool's nodes
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
    Scenario: A pod that names no pool runs in its tenant's pool
      The default toleration lets it onto tainted nodes.

      Given tenant "blue" is assigned to the "h100" pool
      When tenant "blue" submits a pod that names no pool to the pools of the fleet
      Then the pod lands on the "h100" pool
      When tenant "blue" is assigned to the "h100" pool without the annotation "scheduler.alpha.kubernetes.io/defaultTolerations"
      And tenant "blue" submits a pod that names no pool to the pools of the fleet
      Then the pod waits, for it does not tolerate the taint of the "h100" pool

    @gpus:1 @needs:own-fleet @needs:pod-node-selector
    Scenario: The kubelet turns away a pod that names a node outside its pool
      A pod that names its node itself does not pass the scheduler.

      When tenant "blue" submits a pod that names the GPU node itself
      Then the pod of tenant "blue" runs
      When tenant "blue" is assigned to the "l40s" pool
      And tenant "blue" submits a pod that names the GPU node itself
      Then the kubelet turns the pod away
      When tenant "blue" is assigned to the "a100" pool
      And tenant "blue" submits a pod that names the GPU node itself
      Then the pod of tenant "blue" runs

  Rule: Only the platform may assign a tenant to a pool or bind a pod to a node.

    Scenario: A tenant cannot assign itself to a pool
      When the cluster admin tries to choose the pool of tenant "blue"
      Then the request is allowed
      When tenant "blue" tries to choose the pool of tenant "blue"
      Then the request is denied in the namespace of tenant "blue"
      When tenant "blue" is granted the role "namespace-editor"
      Then tenant "blue" can choose the pool of tenant "blue"
      When the grant is removed
      Then tenant "blue" can no longer choose the pool of tenant "blue"

    Scenario: A tenant cannot bind its pods to nodes
      Given tenant "blue" has a pod
      When the cluster admin tries to bind the pod to a node of tenant "blue"
      Then the request is allowed
      When tenant "blue" tries to bind the pod to a node
      Then the request is denied in the namespace of tenant "blue"
      When tenant "blue" is granted the role "scheduler"
      Then tenant "blue" can bind the pod to a node
      When the grant is removed
      Then tenant "blue" can no longer bind the pod to a node

  Rule: The namespace of a tenant with a pool says so, and lists every toleration that its pods may have.

    Scenario: The annotations name one pool and seven tolerations
      When control "gpu-pools" is applied to tenant "blue"
      Then the platform's labels and annotations on the namespace of tenant "blue" are exactly:
        | key                                                | value                                                |
        | security.specs/tenant                              | blue                                                 |
        | scheduler.alpha.kubernetes.io/node-selector        | gpu-pool=a100                                        |
        | scheduler.alpha.kubernetes.io/defaultTolerations   | gpu-pool Equal a100 NoSchedule                       |
        | scheduler.alpha.kubernetes.io/tolerationsWhitelist | gpu-pool Equal a100 NoSchedule                       |
        | scheduler.alpha.kubernetes.io/tolerationsWhitelist | gpu-pool a100 NoSchedule                             |
        | scheduler.alpha.kubernetes.io/tolerationsWhitelist | nvidia.com/gpu Exists NoSchedule                     |
        | scheduler.alpha.kubernetes.io/tolerationsWhitelist | node.kubernetes.io/memory-pressure Exists NoSchedule |
        | scheduler.alpha.kubernetes.io/tolerationsWhitelist | node.kubernetes.io/not-ready Exists NoExecute        |
        | scheduler.alpha.kubernetes.io/tolerationsWhitelist | node.kubernetes.io/unreachable Exists NoExecute      |
        | scheduler.alpha.kubernetes.io/tolerationsWhitelist | security.specs/api-only Exists NoSchedule            |
        | scheduler.alpha.kubernetes.io/tolerationsWhitelist | kwok.x-k8s.io/node Exists NoSchedule                 |
