@control:gpu-toolkit
Feature: GPU toolkit versions
  Why: NVIDIA's container toolkit runs as root on every GPU node, and prepares each container that gets a GPU. Several
  times since 2024 a container image was enough to misuse it and leave the container. No field of a pod is involved, so
  no admission policy can tell such an image from others. Only a newer toolkit helps.

  How it is proven: fleet-fixtures/gpu-toolkit.yaml says which version closes which holes. An audit reads the
  images of all DaemonSets and Deployments of the cluster, because that is how NVIDIA's operator brings the toolkit onto
  the nodes, and it names workload, version, the version that is needed, and the CVEs. Exposed: an old version is rolled
  out, and it is found. Closed: a newer one is rolled out, and nothing is found.

  Not proven here: A toolkit that was installed on the node itself, as most clouds do. No object of the API tells its
  version; ask the node (nvidia-ctk --version). Nor that a version without a known hole has none, and the file knows only
  the bulletins of its last edit. The DaemonSet here selects a label that no node has, so nothing is really installed.

  Rule: No component of NVIDIA's on the GPU nodes is older than the version that closes its known holes.

    Scenario: An old toolkit is found until a new one is rolled out
      Then the audit of NVIDIA's components finds nothing
      When the platform rolls out the image "registry.example/nvidia/container-toolkit:v1.17.4-ubuntu20.04" to its GPU nodes
      Then the audit of NVIDIA's components finds that "container-toolkit 1.17.4 is older than 1.19.1 and open to CVE-2025-23266, CVE-2025-23267, CVE-2026-24260"
      When the platform rolls out the image "registry.example/nvidia/container-toolkit:v1.19.1-ubuntu20.04" to its GPU nodes
      Then the audit of NVIDIA's components finds nothing

    Scenario Outline: The audit finds <image>
      When the platform rolls out the image "registry.example/nvidia/<image>" to its GPU nodes
      Then the audit of NVIDIA's components finds that "<finding>"

      Examples: A release candidate is older than its release. A tag that tells no version is a finding, too.
        | image                          | finding                                                                             |
        | container-toolkit:v1.19.0-ubi9 | container-toolkit 1.19.0 is older than 1.19.1 and open to CVE-2026-24260            |
        | container-toolkit:v1.19.1-rc.2 | container-toolkit 1.19.1-rc.2 is older than 1.19.1 and open to CVE-2026-24260       |
        | container-toolkit:latest       | container-toolkit does not tell its version                                         |
        | gpu-operator:v25.3.0           | gpu-operator 25.3.0 is older than 25.3.1 and open to CVE-2025-23266, CVE-2025-23267 |

    Scenario Outline: The audit accepts <image>
      When the platform rolls out the image "registry.example/nvidia/<image>" to its GPU nodes
      Then the audit of NVIDIA's components finds nothing

      Examples: 1.100 is newer than 1.19, and other images of NVIDIA's have other versions.
        | image                          |
        | container-toolkit:1.100.0      |
        | container-toolkit:v1.19.1-1    |
        | gpu-operator:v26.3.0           |
        | gpu-operator-validator:v24.6.0 |
