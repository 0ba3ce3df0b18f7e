@control:cloud-credentials @needs:workload-image @needs:network-policy @needs:cluster-dns @needs:outside-world
Feature: The node's credentials in its cloud
  Why: A cloud gives each node a role, and the address 169.254.169.254 gives that role's credentials to whatever on the
  node asks for them, pods included. The role is the platform's: it reads buckets of models and pulls images of all
  tenants. A pod that takes these credentials acts as the platform, from anywhere on the internet, until they expire.

  How it is proven: The controls are fleet-fixtures/controls/egress.yaml and egress-internet.yaml. A simulated cloud
  beyond the node has a metadata service in the form of AWS and a bucket that its credentials open. Exposed: without the
  policy a pod takes the credentials and reads the bucket with them. Denied: with the policy it reaches neither. Where
  the internet is allowed, the bucket is reached, and the exception for link-local addresses keeps the pod from the
  credentials. Closed: the policy, and then the cloud's administrator, who revokes what was taken before. Allowed: the
  cluster's DNS and the web site.

  Not proven here: Anything about a real cloud. The metadata service, the bucket and the revocation are stand-ins; the
  network policy is real. That credentials which a workload really needs are few and short-lived is for the cloud's own
  workload identity. IMDSv2 asks for a token first, as the second form here does; its hop limit of 1 keeps pods away as
  well, where the pod network is a hop, but it is a setting of the machine. Pods on the node's network ask as the node.

  Background:
    Given tenant "blue"
    And policies can select the cluster's DNS by the name of its namespace

  Rule: No pod of a tenant gets the node's credentials, and so none can use them.

    Scenario Outline: A pod that asks <form> reads the platform's bucket until the policy applies
      Given tenant "blue" runs a client
      When the client of tenant "blue" takes the node's credentials <form>
      Then the client of tenant "blue" can use these credentials at the bucket
      And connections from the client of tenant "blue":
        | to                   | how    | allowed |
        | the metadata service | <form> | yes     |
        | the bucket           |        | yes     |
      When control "egress" is applied to tenant "blue"
      Then connections from the client of tenant "blue":
        | to                   | how    | allowed |
        | the cluster's DNS    | UDP    | yes     |
        | the metadata service | <form> | no      |
        | the bucket           |        | no      |
      And the client of tenant "blue" cannot read the node's credentials <form>

      Examples:
        | form            |
        | without a token |
        | with a token    |

  Rule: A policy keeps new credentials from a pod. What was taken before works until it is revoked, in this order.

    Scenario: Stolen credentials outlive the repair of the policy, and a revocation without the repair is in vain
      Given tenant "blue" runs a client
      When control "egress" is applied to tenant "blue"
      And control "egress-internet" is applied to tenant "blue" without the exception "169.254.0.0/16"
      And the client of tenant "blue" takes the node's credentials with a token
      Then the client of tenant "blue" can use these credentials at the bucket
      # The policy still has its hole: the pod takes new ones.
      When the cloud's administrator revokes these credentials
      Then the client of tenant "blue" cannot use these credentials at the bucket, which says "AccessDenied"
      When the client of tenant "blue" takes the node's credentials with a token
      Then the client of tenant "blue" can use these credentials at the bucket
      # The policy is repaired: nothing new is taken, and what was taken before still works.
      When control "egress-internet" is applied to tenant "blue"
      Then connections from the client of tenant "blue":
        | to                   | how          | allowed |
        | the web site         |              | yes     |
        | the bucket           |              | yes     |
        | the metadata service | with a token | no      |
      And the client of tenant "blue" cannot read the node's credentials with a token
      But the client of tenant "blue" can use these credentials at the bucket
      When the cloud's administrator revokes these credentials
      Then the client of tenant "blue" cannot use these credentials at the bucket, which says "AccessDenied"
