@control:cryptojacking
Feature: Cryptojacking
  Why: A miner turns GPUs into money, so a stolen token of a tenant is worth something at once. The thief needs no
  secret and no way out of the container. He needs an image with a miner, as many GPUs as he can get, and a connection to
  a mining pool. The tenant pays, and other tenants wait for their GPUs.

  How it is proven: This feature tells one attack from its beginning to its end. The token of tenant "blue" has leaked.
  Whoever holds it is tenant "blue" to the API server, so in the steps the attacker is tenant "blue". Each rule is one
  step of the attack. Without the control the step succeeds (exposed); with it the step fails (closed), while the
  tenant's own work goes on. No control is new here. Other features prove each of them in full: "Image sources", "GPU
  quota", "Egress", "GPU metrics" and "Audit log". Here they stand together against one attacker.

  Not proven here: That somebody looks. A miner on an allowed image, within the quota and without a network, is a busy
  GPU like any other, and only the tenant knows that nobody trains anything. Nor how the token leaked, nor how it is taken
  away: see "ServiceAccount tokens". What runs here is no miner, and the metrics' values are made up.

  Background:
    Given tenant "blue"

  Rule: First, the attacker brings an image with a miner. It is not from the platform's registry.

    @needs:validating-admission-policy
    Scenario: The attacker cannot start an image with a miner
      Then a pod that names the image "miner/xmr:latest" is admitted for tenant "blue"
      When control "image-sources" is applied to tenant "blue"
      Then a pod that names the image "miner/xmr:latest" is refused for tenant "blue" by the image policy for "an image is from elsewhere: main"
      And a pod that keeps to the rules is admitted for tenant "blue"

  Rule: Second, the attacker takes all the GPUs that there are. The quota ends that.

    Scenario: The attacker gets no more GPUs than the tenant's quota allows
      When tenant "blue" submits a pod with 8 GPUs
      Then the pod is admitted
      When the pods of all tenants are removed
      And tenant "blue" has a quota of 1 GPU
      And tenant "blue" submits a pod with 8 GPUs
      Then the pod is refused by the GPU quota
      When tenant "blue" submits a pod with 1 GPU
      Then the pod is admitted
      And tenant "blue" cannot raise the quota

  Rule: Third, the miner connects to a pool. A tenant's pods have no way out.

    The web site stands for the pool. It is beyond the cluster, and it answers whoever reaches it.

    @needs:workload-image @needs:network-policy @needs:cluster-dns @needs:outside-world
    Scenario: The attacker's pod cannot connect to a mining pool
      Given policies can select the cluster's DNS by the name of its namespace
      And tenant "blue" runs a client
      Then connections from the client of tenant "blue":
        | to                | how | allowed |
        | the cluster's DNS | UDP | yes     |
        | the web site      |     | yes     |
      When control "egress" is applied to tenant "blue"
      Then connections from the client of tenant "blue":
        | to                | how | allowed |
        | the cluster's DNS | UDP | yes     |
        | the web site      |     | no      |
      And tenant "blue" cannot write a network policy that lets everybody in

  Rule: What remains is a busy GPU within the quota. It shows, and so does who started it.

    @gpus:1 @needs:prometheus @needs:audit-log
    Scenario: Mining within the quota shows in the GPU metrics, and its pod in the audit log
      The GPU is busy, and the metrics say whose pod holds it. The audit log has the rest: which account created pods,
      and what it tried besides.

      Given tenant "blue" has a quota of 1 GPU
      And tenant "blue" has a secret
      When tenant "blue" runs a pod with 1 GPU
      Then Prometheus shows the GPU of that pod under tenant "blue" only
      And Prometheus shows "DCGM_FI_DEV_GPU_UTIL" above 50 for the GPU of tenant "blue" at the DCGM exporter
      And these requests about tenant "blue" leave events in the audit log:
        | who           | request            | verdict | verb   | resource                               | level    |
        | tenant "blue" | create a pod       | allowed | create | pods                                   | Metadata |
        | tenant "blue" | list the secrets   | allowed | list   | secrets                                | Metadata |
        | tenant "blue" | raise the quota    | denied  | patch  | resourcequotas                         | Request  |
        | tenant "blue" | bind cluster-admin | denied  | create | rolebindings.rbac.authorization.k8s.io | Request  |
