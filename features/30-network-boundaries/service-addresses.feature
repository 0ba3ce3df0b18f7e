@control:service-addresses
Feature: Addresses of Services
  Why: A Service may list addresses in externalIPs. Every node then sends the traffic for these addresses to the pods of
  the Service, whoever the addresses belong to: another tenant's pod, the API server, a registry on the internet
  (CVE-2020-8554). The right to create Services is enough, and a quota on node ports and load balancers does not count
  such a Service.

  How it is proven: fleet-fixtures/controls/service-addresses.yaml denies a Service of a tenant that names an address of
  its own choice. Allowed: Services without such addresses, and other changes of a Service that has one from before.
  Denied: a new Service with an address, and an address that is added later. Exposed: without the policy, or without
  UPDATE in it, the same Service is admitted. Closed: the policy is back. An audit finds the Services that have such
  addresses already. It runs on every version.

  Not proven here: where the traffic goes. On this project's own clusters it goes to the tenant that claims the address, and
  the report says so. kube-proxy's modes differ, and some networks do without it. The status of a Service names addresses,
  too: who may write it is declared (who-can.feature). Nothing is said about Services of the platform, about Ingress and
  Gateway objects, or about annotations that a cloud's load balancer obeys.

  Background:
    Given tenants "blue" and "green"

  Rule: No tenant's Service claims an address.

    Scenario: The audit finds a Service that claims an address, which no object quota counts
      Given tenant "blue" has an object quota
      Then tenant "blue" cannot create more Services with a node port
      And no tenant has a Service that claims an address
      When tenant "blue" tries to offer a service that claims the address of another
      Then the request is allowed
      And only tenant "blue" has a Service that claims an address
      When tenant "blue" tries to take the service that claims an address away
      Then the request is allowed
      And no tenant has a Service that claims an address

    @needs:workload-image
    Scenario: The traffic for a claimed address goes to the tenant that claimed it
      The address is one that nobody has. It could as well be a registry's, or that of another tenant's pod. What a network does
      with such an address differs between kube-proxy's modes and what takes its place. So it is measured, and no verdict
      depends on it.

      Given these workloads run
        | tenant | workload |
        | blue   | server   |
        | green  | client   |
      When tenant "blue" tries to offer a service that claims the address of another
      Then the request is allowed
      And the report says whether the client of tenant "green" gets the answer of tenant "blue" at the claimed address
      And only tenant "blue" has a Service that claims an address
      When tenant "blue" tries to take the service that claims an address away
      Then the request is allowed
      And no tenant has a Service that claims an address

    @needs:validating-admission-policy
    Scenario Outline: The policy denies <service>
      Then <service> is admitted for tenant "blue"
      When control "service-addresses" is applied to tenant "blue"
      Then <service> is refused for tenant "blue" by the address policy for "<words>"
      And a Service without an address is admitted for tenant "blue"
      When control "service-addresses" is applied to tenant "blue" without the validation of "<field>"
      Then <service> is admitted for tenant "blue"
      When control "service-addresses" is applied to tenant "blue"
      Then <service> is refused for tenant "blue" by the address policy for "<words>"

      Examples:
        | service                                           | field          | words                                                                 |
        | a Service with the external address "192.0.2.1"   | externalIPs    | external addresses are for the platform to give: 192.0.2.1            |
        | a Service with the external address "2001:db8::1" | externalIPs    | external addresses are for the platform to give: 2001:db8::1          |
        | a Service with the balancer address "192.0.2.1"   | loadBalancerIP | the address of a load balancer is for the platform to give: 192.0.2.1 |

    @needs:validating-admission-policy
    Scenario: No address can be added to a Service that is there
      When tenant "blue" tries to offer a service that claims the address of another
      Then the request is allowed
      And a change of its Service by the external address "192.0.2.2" is admitted for tenant "blue"
      When control "service-addresses" is applied to tenant "blue"
      Then a change of its Service by the external address "192.0.2.2" is refused for tenant "blue" by the address policy for "external addresses"
      # The address from before stands in nobody's way but the audit's.
      And a change of its Service by the external address "192.0.2.1" is admitted for tenant "blue"
      When control "service-addresses" is applied to tenant "blue" without the operation "UPDATE"
      Then a Service with the external address "192.0.2.1" is refused for tenant "blue" by the address policy
      And a change of its Service by the external address "192.0.2.2" is admitted for tenant "blue"
      When control "service-addresses" is applied to tenant "blue"
      Then a change of its Service by the external address "192.0.2.2" is refused for tenant "blue" by the address policy for "external addresses"

    @needs:validating-admission-policy
    Scenario: The policy is for all tenants
      When control "service-addresses" is applied to tenant "blue"
      Then a Service with the external address "192.0.2.1" is refused for tenant "blue" by the address policy
      And a Service with the external address "192.0.2.1" is refused for tenant "green" by the address policy
