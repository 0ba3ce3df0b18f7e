@control:device-quota @needs:dra
Feature: Device claims
  Why: With Dynamic Resource Allocation a pod gets its GPUs by a claim, and a quota of nvidia.com/gpu does not count claims.
  Every DeviceClass has keys of its own. A class that somebody adds later is a way round the quota. A claim with adminAccess
  even gets devices that other tenants hold.

  How it is proven: fleet-fixtures/controls/device-quota.yaml counts the claims of a class and the pods that name the
  class. fleet-fixtures/controls/device-admin-access.yaml denies adminAccess, in claims and in templates. Allowed: claims
  and pods within the quota, and claims without adminAccess. Denied: those over it. Exposed: with a quota of GPUs alone, or
  without one of the two keys, the same claim or pod is admitted. Closed: both keys are back.

  Not proven here: what a driver allocates. There is none: a claim is counted when it is created. A template is counted
  only when a pod makes a claim of it. A claim can be forged that looks like one of a pod's GPUs
  (kubernetes/kubernetes#135404); that takes the right to write claims, which the tenant's role does not have. Nothing
  here finds a class that has no keys yet: add both together with the class.

  Background:
    Given tenants "blue" and "green"
    And the platform has the DeviceClass "gpu"
    And tenant "blue" may make claims of devices

  Rule: A tenant claims no more devices of a class than its quota has for it.

    Scenario Outline: The quota counts <candidate>
      Given tenant "blue" has a quota of 2 GPUs
      Then <candidate> is admitted for tenant "blue"
      When control "device-quota" is applied to tenant "blue"
      Then <candidate> is refused for tenant "blue" by the device quota for "<words>"
      And <allowed> is admitted for tenant "blue"
      When control "device-quota" is applied to tenant "blue" without the keys of "<key>"
      Then <candidate> is admitted for tenant "blue"
      When control "device-quota" is applied to tenant "blue"
      Then <candidate> is refused for tenant "blue" by the device quota for "<words>"

      Examples:
        | candidate                          | key                                | words                                       | allowed                            |
        | a claim of 8 devices               | deviceclass.resource               | deviceclass.resource.k8s.io/devices=8       | a claim of 2 devices               |
        | a claim of all devices             | deviceclass.resource               | deviceclass.resource.k8s.io/devices=32      | a claim of 2 devices               |
        | a claim of 1 or else of 8 devices  | deviceclass.resource               | deviceclass.resource.k8s.io/devices=8       | a claim of 1 or else of 2 devices  |
        | a pod with 8 devices of that class | deviceclass.resource.kubernetes.io | requests.deviceclass.resource.kubernetes.io | a pod with 2 devices of that class |

    Scenario: A claim of one device too many is refused, and so is a pod
      Then a claim of 3 devices is admitted for tenant "blue"
      When control "device-quota" is applied to tenant "blue"
      Then a claim of 3 devices is refused for tenant "blue" by the device quota
      And a pod with 3 devices of that class is refused for tenant "blue" by the device quota
      And a claim of 2 devices is admitted for tenant "blue"
      And a pod with 2 devices of that class is admitted for tenant "blue"

  Rule: No tenant claims devices that others hold.

    @needs:validating-admission-policy
    Scenario Outline: <candidate> is denied although the namespace has the label for it
      Then <candidate> is refused for tenant "blue" by the rule that admin access needs a label
      When control "tenant" is applied to tenant "blue" with the label "resource.kubernetes.io/admin-access" set to "true"
      Then <candidate> is admitted for tenant "blue"
      When control "device-admin-access" is applied to tenant "blue"
      Then <candidate> is refused for tenant "blue" by the admin access policy
      And a claim of 8 devices is admitted for tenant "blue"
      And a claim template of 8 devices is admitted for tenant "blue"
      And a claim of no devices is admitted for tenant "blue"
      And a claim template of no devices is admitted for tenant "blue"
      When control "device-admin-access" is applied to tenant "blue" without the resource "<resource>"
      Then <candidate> is admitted for tenant "blue"
      When control "device-admin-access" is applied to tenant "blue"
      Then <candidate> is refused for tenant "blue" by the admin access policy

      Examples:
        | candidate                          | resource               |
        | a claim with admin access          | resourceclaims         |
        | a claim template with admin access | resourceclaimtemplates |
