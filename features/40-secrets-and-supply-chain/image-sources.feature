@control:image-sources
Feature: Image sources
  Why: An image is code that runs beside your data. On a GPU node it is more: hooks of NVIDIA's container toolkit run as
  root and read what the image brings along, and three times an image was enough to leave the container
  (CVE-2024-0132, CVE-2025-23359, CVE-2025-23266). A name says little about what runs. A name without a host is one of
  Docker Hub, a tag is whatever its owner pushed last, and an image that is on a node already may be somebody else's.

  How it is proven: One policy, called the image policy in the steps, reads every place in which a pod names an image:
  containers, init containers, debug containers and volumes (fleet-fixtures/controls/image-sources.yaml). Without the
  policy each attempt is allowed (exposed); with it the attempt is denied (closed), while images of the platform's
  registry, by their digests, stay allowed, and so does what the platform itself puts on its nodes. Mistakes in the
  policy expose the platform again. An audit, which knows nothing of the policy, reads the pods that are there. It also
  works where the API server is older than the policy.

  Not proven here: That an image is good. A digest says that it is the same as yesterday, not that it is harmless, and
  nobody verifies a signature here. Nor is anything pulled: the registry in the tables is an example. Who can write to
  the registry, or to a node, decides what runs. Pods from before the policy stay until they end; the audit finds them.

  In names of images the word DIGEST stands for "sha256:" and 64 digits.

  Background:
    Given tenant "blue"

  Rule: A tenant's pod starts only images of the platform's registry, by their digests.

    @needs:validating-admission-policy
    Scenario: Names that look like the platform's registry, and names that can be moved, are denied
      A tag beside a digest is a comment, because the digest decides. So it is allowed. Of the wrong digests one has a digit
      too few, one a digit too many, and one has capitals.

      When control "image-sources" is applied to tenant "blue"
      Then these images are refused or admitted for tenant "blue" as follows:
        | image                                                                                                  | answer                           |
        | registry.example/platform/vllm@DIGEST                                                                  | admitted                         |
        | registry.example/platform/team/vllm@DIGEST                                                             | admitted                         |
        | registry.example/platform/vllm:0.11@DIGEST                                                             | admitted                         |
        | busybox@DIGEST                                                                                         | an image is from elsewhere: main |
        | library/busybox@DIGEST                                                                                 | an image is from elsewhere: main |
        | user/vllm@DIGEST                                                                                       | an image is from elsewhere: main |
        | docker.io/library/busybox@DIGEST                                                                       | an image is from elsewhere: main |
        | registry.example/vllm@DIGEST                                                                           | an image is from elsewhere: main |
        | registry.example/other/vllm@DIGEST                                                                     | an image is from elsewhere: main |
        | registry.example/platform-evil/vllm@DIGEST                                                             | an image is from elsewhere: main |
        | registry.example.evil/platform/vllm@DIGEST                                                             | an image is from elsewhere: main |
        | registry.example:5000/platform/vllm@DIGEST                                                             | an image is from elsewhere: main |
        | registry.example:5000@evil.example/platform/vllm@DIGEST                                                | an image is from elsewhere: main |
        | registry.example@evil.example/platform/vllm@DIGEST                                                     | an image is from elsewhere: main |
        | evil.example/registry.example/platform/vllm@DIGEST                                                     | an image is from elsewhere: main |
        | REGISTRY.EXAMPLE/platform/vllm@DIGEST                                                                  | an image is from elsewhere: main |
        | registry.example/platform/vllm                                                                         | an image has no digest: main     |
        | registry.example/platform/vllm:latest                                                                  | an image has no digest: main     |
        | registry.example/platform/vllm:0.11                                                                    | an image has no digest: main     |
        | registry.example/platform/vllm:sha256-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 | an image has no digest: main     |
        | registry.example/platform/vllm@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0  | an image has no digest: main     |
        | registry.example/platform/vllm@DIGEST0                                                                 | an image has no digest: main     |
        | registry.example/platform/vllm@sha256:9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08 | an image has no digest: main     |
        | registry.example/platform/vllm@SHA256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 | an image has no digest: main     |
        | registry.example/platform/vllm@sha512:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 | an image has no digest: main     |
        | registry.example/platform/vllm@DIGEST@DIGEST                                                           | an image has no digest: main     |
        | registry.example/platform/vllm@evil.example/vllm@DIGEST                                                | an image has no digest: main     |

    @needs:validating-admission-policy
    Scenario Outline: The policy denies <part> whose image <how>
      Given tenant "blue" has a pod
      Then <part> that <trait> is admitted for tenant "blue"
      When control "image-sources" is applied to tenant "blue"
      Then <part> that <trait> is refused for tenant "blue" by the image policy for "an image <how>: <place>"
      And <part> that names the image "registry.example/platform/vllm@DIGEST" is admitted for tenant "blue"

      Examples:
        | part              | how                        | trait                                                                                       | place |
        | a pod             | is from elsewhere          | names the image "busybox@DIGEST"                                                            | main  |
        | a pod             | has no digest              | names the image "registry.example/platform/vllm:latest"                                     | main  |
        | a pod             | may be taken from the node | names the image "registry.example/platform/vllm@DIGEST" with the pull policy "IfNotPresent" | main  |
        | an init container | is from elsewhere          | names the image "busybox@DIGEST"                                                            | init  |
        | an init container | has no digest              | names the image "registry.example/platform/vllm:latest"                                     | init  |
        | an init container | may be taken from the node | names the image "registry.example/platform/vllm@DIGEST" with the pull policy "IfNotPresent" | init  |
        | a debug container | is from elsewhere          | names the image "busybox@DIGEST"                                                            | debug |
        | a debug container | has no digest              | names the image "registry.example/platform/vllm:latest"                                     | debug |
        | a debug container | may be taken from the node | names the image "registry.example/platform/vllm@DIGEST" with the pull policy "IfNotPresent" | debug |

    @needs:validating-admission-policy @needs:image-volumes
    Scenario Outline: The policy denies a volume whose image <how>
      A volume can be an image. Model weights come that way, and no rule about containers sees it.

      Then a pod that <trait> is admitted for tenant "blue"
      When control "image-sources" is applied to tenant "blue"
      Then a pod that <trait> is refused for tenant "blue" by the image policy for "an image <how>: weights"
      And a pod that mounts the image "registry.example/platform/weights@DIGEST" is admitted for tenant "blue"

      Examples:
        | how                        | trait                                                                                    |
        | is from elsewhere          | mounts the image "busybox@DIGEST"                                                        |
        | has no digest              | mounts the image "registry.example/platform/weights:latest"                              |
        | may be taken from the node | mounts the image "registry.example/platform/weights@DIGEST" with the pull policy "Never" |

    @needs:validating-admission-policy
    Scenario: The image of a pod that was admitted cannot be changed to any other
      When tenant "blue" submits a pod that names the image "registry.example/platform/vllm@DIGEST"
      And tenant "blue" tries to give its pod the image "busybox"
      Then the image is accepted
      When control "image-sources" is applied to tenant "blue"
      Then a pod that names the image "busybox" is refused for tenant "blue" by the image policy
      When tenant "blue" submits a pod that names the image "registry.example/platform/vllm@DIGEST"
      And tenant "blue" tries to give its pod the image "busybox"
      Then the image is refused by the image policy
      When tenant "blue" tries to give its pod the image "registry.example/platform/vllm:0.12@DIGEST"
      Then the image is accepted

    @needs:validating-admission-policy
    Scenario Outline: A <template> is allowed, its pods are denied, and its events say why
      When control "image-sources" is applied to tenant "blue"
      Then a pod that names the image "busybox" is refused for tenant "blue" by the image policy
      When tenant "blue" submits a <template> whose pod names the image "busybox"
      Then it is accepted
      And its events say that its pod is refused by the image policy
      And it has no pod
      When tenant "blue" submits a <template> whose pod names the image "registry.example/platform/vllm@DIGEST"
      Then it gets its pod

      Examples:
        | template   |
        | Deployment |
        | Job        |

    @needs:validating-admission-policy @needs:workload-image
    Scenario: What the platform itself puts on its nodes still runs
      When control "image-sources" is applied to tenant "blue"
      Then a pod that names the image "busybox" is refused for tenant "blue" by the image policy
      When tenant "blue" runs a pod that keeps to the rules
      Then the pod of tenant "blue" runs

  Rule: The policy holds for every new image of every tenant.

    @needs:validating-admission-policy
    Scenario: A pod from before the policy may be relabelled, and the audit still finds it
      When tenant "blue" submits a pod that names the image "busybox"
      Then the pod is admitted
      When control "image-sources" is applied to tenant "blue"
      Then a pod that names the image "busybox" is refused for tenant "blue" by the image policy
      When tenant "blue" tries to give its pod the label "team" with the value "ml"
      Then the label is accepted
      And the audit finds these images of tenant "blue" and no others:
        | place          | image   | finding           |
        | container main | busybox | is from elsewhere |
        | container main | busybox | has no digest     |

    @needs:validating-admission-policy
    Scenario Outline: A policy <mistake> allows <part> that it should deny
      Given tenant "blue" has a pod
      When control "image-sources" is applied to tenant "blue" <mistake>
      Then a pod that names the image "user/vllm" is refused for tenant "blue" by the image policy
      And <part> that <trait> is admitted for tenant "blue"
      When control "image-sources" is applied to tenant "blue"
      Then <part> that <trait> is refused for tenant "blue" by the image policy

      Examples:
        | mistake                                         | part              | trait                                                                                |
        | without the validation of "registries"          | a pod             | names the image "busybox@DIGEST"                                                     |
        | with the registry "registry.example"            | a pod             | names the image "registry.example.evil/platform/vllm@DIGEST"                         |
        | without the validation of "sha256"              | a pod             | names the image "registry.example/platform/vllm:0.11"                                |
        | without the validation of "Always"              | a pod             | names the image "registry.example/platform/vllm@DIGEST" with the pull policy "Never" |
        | without the init containers                     | an init container | names the image "busybox@DIGEST"                                                     |
        | without the resource "pods/ephemeralcontainers" | a debug container | names the image "busybox@DIGEST"                                                     |

    @needs:validating-admission-policy @needs:image-volumes
    Scenario: A policy without the image volumes allows any volume
      When control "image-sources" is applied to tenant "blue" without the image volumes
      Then a pod that names the image "busybox" is refused for tenant "blue" by the image policy
      And a pod that mounts the image "busybox" is admitted for tenant "blue"
      When control "image-sources" is applied to tenant "blue"
      Then a pod that mounts the image "busybox" is refused for tenant "blue" by the image policy

    @needs:validating-admission-policy
    Scenario Outline: With the action <action> a pod is only spoken about
      When control "image-sources" is applied to tenant "blue" with the action "<action>"
      Then a pod that names the image "busybox" is admitted for tenant "blue" <warning>
      When control "image-sources" is applied to tenant "blue"
      Then a pod that names the image "busybox" is refused for tenant "blue" by the image policy

      Examples:
        | action | warning                                                |
        | Warn   | with a warning that names "an image is from elsewhere" |
        | Audit  | without a warning                                      |

    @needs:validating-admission-policy
    Scenario: With the failure policy "Ignore" a pod too large to judge is allowed
      The API server stops an expression that costs too much. The failure policy decides what that means for the pod.

      When control "image-sources" is applied to tenant "blue"
      Then a pod that hides a tag behind a name too long to judge is refused for tenant "blue" by the image policy's own limit for "cost limit exceeded"
      When control "image-sources" is applied to tenant "blue" with the failure policy "Ignore"
      Then a pod that names the image "registry.example/platform/vllm:latest" is refused for tenant "blue" by the image policy
      And a pod that hides a tag behind a name too long to judge is admitted for tenant "blue"
      When control "image-sources" is applied to tenant "blue"
      Then a pod that hides a tag behind a name too long to judge is refused for tenant "blue" by the image policy's own limit for "cost limit exceeded"

    @needs:validating-admission-policy
    Scenario: Without the operation UPDATE an admitted pod gets any image
      When control "image-sources" is applied to tenant "blue" without the operation "UPDATE"
      Then a pod that names the image "busybox" is refused for tenant "blue" by the image policy
      When tenant "blue" submits a pod that names the image "registry.example/platform/vllm@DIGEST"
      And tenant "blue" tries to give its pod the image "busybox"
      Then the image is accepted

  Rule: An audit finds the images that are not as the platform wants them, also where no policy can refuse them.

    Scenario: The audit tells where each image comes from, and which may be another tomorrow
      When tenant "blue" submits a pod that names the image "registry.example/platform/vllm@DIGEST"
      Then the audit finds no image of tenant "blue" that the platform does not want
      When tenant "blue" submits a pod that names the image "registry.example/platform/vllm:latest"
      And tenant "blue" submits a pod that names the image "registry.example:5000@evil.example/vllm@DIGEST"
      And tenant "blue" submits a pod that names the image "user/vllm@DIGEST" with the pull policy "IfNotPresent"
      Then the audit finds these images of tenant "blue" and no others:
        | place          | image                                          | finding                    |
        | container main | registry.example/platform/vllm:latest          | has no digest              |
        | container main | registry.example:5000@evil.example/vllm@DIGEST | is from elsewhere          |
        | container main | registry.example:5000@evil.example/vllm@DIGEST | has no digest              |
        | container main | user/vllm@DIGEST                               | is from elsewhere          |
        | container main | user/vllm@DIGEST                               | may be taken from the node |
      When the pods of all tenants are removed
      And tenant "blue" submits a pod that names the image "registry.example/platform/vllm@DIGEST"
      Then the audit finds no image of tenant "blue" that the platform does not want

    @needs:image-volumes
    Scenario: The audit looks into volumes, too
      When tenant "blue" submits a pod that mounts the image "user/weights:main"
      Then the audit finds these images of tenant "blue" and no others:
        | place          | image             | finding           |
        | volume weights | user/weights:main | is from elsewhere |
        | volume weights | user/weights:main | has no digest     |

  Rule: No tenant starts an image that is on the node only because another tenant pulled it.

    A registry asks for credentials when an image is pulled. Once the image is on the node, a pod that names it with the
    pull policy Never starts it, and nobody is asked. Kubelets from 1.35 on remember whose credentials brought an image;
    older ones start it for everybody, and all of them start what the platform put on the node itself. Here every image is
    of that kind, because the cluster of this project has no registry. Two things close it: the last validation of the
    image policy, above, or the admission plugin AlwaysPullImages, which rewrites what a pod says. On 1.20.2 it rewrites
    containers, and there is nothing else. On 1.36.2 it rewrites containers and volumes, and leaves debug containers as they
    are. The policy denies these, too.

    @needs:workload-image
    Scenario: Without a policy a pod starts what is on the node, without a pull
      Given tenant "green"
      When tenant "blue" runs a pod that keeps to the rules
      And tenant "green" runs a pod that never pulls its image
      Then the pods of tenants "blue" and "green" run on the same GPU node

    @needs:always-pull
    Scenario: The plugin AlwaysPullImages has every image pulled, whatever a pod says
      Then a pod that names the image "registry.example/platform/vllm@DIGEST" with the pull policy "Never" is stored for tenant "blue" with the pull policy "Always"
      And an init container that names the image "registry.example/platform/vllm@DIGEST" with the pull policy "Never" is stored for tenant "blue" with the pull policy "Always"

    @needs:always-pull @needs:image-volumes
    Scenario: The plugin AlwaysPullImages has the images of volumes pulled, and leaves debug containers as they are
      Given tenant "blue" has a pod
      Then a pod that mounts the image "registry.example/platform/weights@DIGEST" with the pull policy "Never" is stored for tenant "blue" with the pull policy "Always"
      And a debug container that names the image "registry.example/platform/vllm@DIGEST" with the pull policy "Never" is stored for tenant "blue" with the pull policy "Never"
