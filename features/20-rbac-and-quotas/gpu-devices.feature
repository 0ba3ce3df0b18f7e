@control:gpu-devices
Feature: GPU device allocation
  Why: The scheduler only counts GPUs. The kubelet's device plugin decides which GPUs a pod gets, and the isolation
  between tenants on one node depends on that decision: two pods that get the same GPU are not isolated.

  How it is proven: pods run on one node, and the UUIDs that each pod sees are read inside it. A pod that requests
  GPUs gets exactly that many. A pod that requests none sees none. Pods of two tenants never hold the same GPU, and an
  unhealthy GPU is not given to anybody. No manifest of fleet-fixtures/controls/ sets this up: the device plugin is
  part of the fake fleet (fleet-fixtures/Fleet/), so no misconfiguration is tried either.

  Not proven here: that a container cannot reach a GPU that it was not given. The GPUs are simulated: the plugin names
  a pod's GPUs in NVIDIA_VISIBLE_DEVICES, as NVIDIA's plugin does, and no driver enforces it. Hardware is needed to
  prove that, and to find data that remains in a GPU between two pods that hold it one after the other. A pod that was
  deleted by force runs on for a moment while its GPU is already given to another pod: see termination.feature.

  Rule: A GPU belongs to one pod at a time.

    @gpus:4
    Scenario: Two tenants on one node never hold the same GPU
      Given tenants "blue" and "green"
      When tenant "blue" runs 2 pods with 1 GPU each
      And tenant "green" runs a pod with 2 GPUs
      Then all of their GPUs are on one node and different

  Rule: A pod gets only the GPUs that it requests.

    @gpus:1 @conformance:TestSecureAcceleratorAccess/PositiveAccessTest @conformance:TestSecureAcceleratorAccess/NegativeIsolationTest
    Scenario: A pod that requests no GPU sees none
      Given tenants "blue" and "green"
      When tenant "blue" runs a pod with 1 GPU
      Then the pod sees exactly 1 GPU by its UUID
      When tenant "green" runs a pod without a GPU on the same node
      Then the pod sees no GPU

    @gpus:1 @conformance:TestSecureAcceleratorAccess/MultiContainerIsolationTest
    Scenario: Of two containers only the one that requests a GPU sees it
      Given tenant "blue"
      When tenant "blue" runs a pod that asks for 1 GPU in the first of two containers
      Then the pod sees exactly 1 GPU by its UUID
      And its second container sees no GPU

  Rule: No pod gets an unhealthy GPU.

    @gpus:node @needs:own-fleet
    Scenario: An unhealthy GPU is not allocated until it is healthy again
      Given tenant "blue"
      When a GPU of the node becomes unhealthy
      Then the node has 1 GPU fewer to allocate
      When tenant "blue" runs a pod with all GPUs that the node has left
      Then the pod does not see the unhealthy GPU
      When tenant "blue" submits a pod with 1 GPU on the same node
      Then the pod finds no free GPU on that node
      When the GPU becomes healthy again
      Then the pod of tenant "blue" runs
      And the pod sees the GPU that was unhealthy
