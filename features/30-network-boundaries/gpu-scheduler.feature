@control:gpu-scheduler @needs:shared-gpu
Feature: GPU scheduler
  Why: The scheduler of a GPU stack holds rights on the pods of all tenants, and its webhook changes every GPU job. HAMi's
  scheduler did not ask who calls it: a pod that reached its port could make it forget another tenant's reservation, or
  place pods (HAMi#3030). The same goes for any component of the platform that obeys whoever reaches it.

  How it is proven: fleet-fixtures/controls/gpu-scheduler.yaml lets no pod reach HAMi's scheduler. Allowed: the API server
  still calls the webhook, which refuses a job by name, and a GPU job is placed and runs. At the same moment the
  tenant's client reaches the tenant's own server. Denied: the client does not reach the scheduler's port, at its pod or
  by its Service. Exposed: without the policy, or with one that selects other pods, it does. Closed: the policy is back.

  Not proven here: what the scheduler would obey. A program of this project plays HAMi's scheduler and has no open
  endpoint. No policy protects a scheduler that uses the network of its node, and calls from that node pass this policy.

  Background:
    Given tenants "blue" and "green"
    And control "gpu-sharing" is applied to tenant "blue"

  Rule: No pod of a tenant reaches the scheduler of GPU jobs, and the API server does.

    @gpus:slice @needs:workload-image @needs:network-policy
    Scenario: The policy closes the scheduler's port to pods, and GPU jobs are still placed
      Given these workloads run
        | tenant | workload |
        | blue   | client   |
        | blue   | server   |
        | green  | client   |
      Then connections to the scheduler of GPU jobs:
        | from                         | to                          | allowed |
        | the client of tenant "blue"  | its pod IP                  | yes     |
        | the client of tenant "green" | its pod IP                  | yes     |
        | the client of tenant "blue"  | its service                 | yes     |
      When control "gpu-scheduler" is applied to tenant "blue"
      Then connections to the scheduler of GPU jobs:
        | from                         | to                          | allowed |
        | the client of tenant "blue"  | its pod IP                  | no      |
        | the client of tenant "green" | its pod IP                  | no      |
        | the client of tenant "blue"  | its service                 | no      |
        | the client of tenant "blue"  | the server of tenant "blue" | yes     |
        | the client of tenant "green" | the server of tenant "blue" | yes     |
      And a GPU job that names its node and writes its slice itself is refused for tenant "blue" by HAMi's webhook
      When tenant "blue" runs a GPU job of 500 MiB in a slice of 1000 MiB
      Then the job holds 500 MiB of the GPU
      When control "gpu-scheduler" is applied to tenant "blue" with the selector "app.kubernetes.io/name=hami" in policy "vgpu-scheduler"
      Then connections to the scheduler of GPU jobs:
        | from                         | to                          | allowed |
        | the client of tenant "blue"  | its pod IP                  | yes     |
        | the client of tenant "green" | its pod IP                  | yes     |
      When control "gpu-scheduler" is applied to tenant "blue"
      Then connections to the scheduler of GPU jobs:
        | from                         | to                          | allowed |
        | the client of tenant "blue"  | its pod IP                  | no      |
        | the client of tenant "green" | its pod IP                  | no      |
        | the client of tenant "blue"  | its service                 | no      |
        | the client of tenant "blue"  | the server of tenant "blue" | yes     |
        | the client of tenant "green" | the server of tenant "blue" | yes     |
