@control:workload-sandboxing
Feature: Workload sandboxing
  Why: Containers of one node share its kernel, and an error in the kernel opens every container to every other. Code that
  nobody has read, such as what an AI agent writes and runs, needs a kernel of its own: gVisor's, or that of a small virtual
  machine (Kata Containers). A platform offers it as a RuntimeClass.

  How it is proven: two pods run on one node, and each says which kernel it runs on and when that was started. Exposed:
  ordinary pods of two tenants share the node's kernel. Closed: the pod in the sandbox has another one than the ordinary pod
  beside it. That pod is what makes the answer mean something: a sandbox that is only a name would pass every other
  question. The RuntimeClass is found by its handler, or by the label security.specs/sandbox.

  Not proven here: that the sandbox keeps what is in it from the node. Nor that tenants must use it: the policy of
  gpu-only-through-a-request.yaml says which RuntimeClass they may name. Where a platform has no sandbox, the second scenario
  is inconclusive.

  Background:
    Given tenants "blue" and "green"

  Rule: A pod in the sandbox of the platform does not run on the kernel of the node.

    @needs:workload-image
    Scenario: Without a sandbox the pods of two tenants run on one kernel
      When tenant "blue" runs a pod without a GPU
      And tenant "green" runs a pod without a GPU on the same node
      Then the pods of tenants "blue" and "green" share a node and its kernel

    @needs:workload-image @needs:sandbox-runtime
    Scenario: A pod in the sandbox has a kernel of its own
      When tenant "green" runs a pod without a GPU
      And tenant "blue" runs a pod in the sandbox of the platform
      Then the pods of tenants "blue" and "green" share a node, and each has a kernel of its own
