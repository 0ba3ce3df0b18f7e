@control:gpu-devices
Feature: GPU devices
  The scheduler counts GPUs; the kubelet's device plugin hands them out. Isolation between tenants on one node rests on that
  hand-out: a GPU is one pod's at a time, a broken one is nobody's, and who asks for none gets none.

  The GPUs here are simulated: the plugin tells a pod its GPUs by NVIDIA_VISIBLE_DEVICES as NVIDIA's does, and no driver
  enforces it. That a container cannot reach a GPU that it was not given takes hardware to prove, and so does what leaks
  through a GPU between two pods that hold it one after the other.

  @gpus:4
  Scenario: Two tenants on one node never hold the same GPU
    Given tenants "blue" and "green"
    When tenant "blue" runs 2 pods with 1 GPU each
    And tenant "green" runs a pod with 2 GPUs
    Then all of their GPUs are on one node and different

  @gpus:1
  Scenario: A pod that asks for no GPU sees none
    Given tenants "blue" and "green"
    When tenant "blue" runs a pod with 1 GPU
    Then the pod sees exactly 1 GPU by its UUID
    When tenant "green" runs a pod without a GPU on the same node
    Then the pod sees no GPU

  @gpus:node @needs:own-fleet
  Scenario: A GPU that becomes unhealthy is counted out and not handed out
    Given tenant "blue"
    When a GPU of the node becomes unhealthy
    Then the node has 1 GPU fewer to allocate
    When tenant "blue" runs a pod with all GPUs that the node has left
    Then the pod does not see the unhealthy GPU
    When tenant "blue" submits a pod with 1 GPU to the same node
    Then the pod finds no free GPU on that node
    When the GPU becomes healthy again
    Then the waiting pod of tenant "blue" runs
    And the pod sees the GPU that was unhealthy
