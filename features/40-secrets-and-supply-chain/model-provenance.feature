@control:model-provenance @needs:workload-image
Feature: Model provenance
  Why: A model is code that somebody else wrote. Loading a pickle runs whatever commands are in it, and changed weights
  give changed answers that nobody notices. A name and a tag say who was asked for a model, not what was sent: tags are
  moved, and the name of a deleted owner can be registered by the next one.

  How it is proven: A registry serves a model that its author signed, and what others made of it; it also plays what a
  registry, or somebody on the way to it, can do. A tenant's model server is the pod of
  fleet-fixtures/controls/model-provenance.yaml: an init container fetches the model by its digest from a list of
  sources, and verifies the author's signature (OpenSSF Model Signing 1.0) and the format of each file. Exposed: without
  the verification the server serves what it was sent, by the digest of each file, or has a mark in it that the
  attacker's code left there. Closed: with the verification the init container refuses the same model, the pod's status
  says why, and the server never starts. Allowed: the signed model is fetched from the same registry and served.

  Not proven here: That a signed model is harmless. A signature proves origin, not safety: weights may be poisoned by
  the author or before training ended, and answer wrongly all the same. Whether the author's key was stolen, or the
  digest in the manifest was the right one, is for the reviewer of the manifest to find out. Nobody here keeps a tenant
  from running another pod that verifies nothing. The server is a stand-in that really runs what a pickle says; a real
  one has more formats. Code that a model brings along (trust_remote_code) is refused as a file; that a server would
  download it by itself is a matter of its network policy.

  Background:
    Given tenant "blue"

  Rule: A server names the digest of its model and fetches it from a listed source. A name or a tag is not enough.

    Scenario: The owner of a tag can move it, and a server that names the digest does not notice
      When tenant "blue" serves a model whose tag was moved without the verification
      Then the model server of tenant "blue" serves what it was sent
      When tenant "blue" serves a model whose tag was moved
      Then the model server of tenant "blue" does not start, and its status says "revision: 'main' is a name that its owner, or the next owner of it, can move"
      When tenant "blue" serves the pinned model whose tag was moved
      Then the model server of tenant "blue" serves the model that its author signed

    Scenario Outline: A server does not start with <model>
      When tenant "blue" serves <model> without the verification
      Then the model server of tenant "blue" <outcome>
      When tenant "blue" serves <model>
      Then the model server of tenant "blue" does not start, and its status says "<reason>"

      Examples:
        | model                                   | outcome                 | reason                                                             |
        | a model whose name was taken over       | serves what it was sent | registry: the registry answers 404 for /acme/llm/revisions/sha256: |
        | a model of an owner with a similar name | serves what it was sent | /acme-ai/llm is not on the list of allowed sources                 |

  Rule: What arrives is what was pinned, whole, from the registry that was asked, and in time.

    Scenario Outline: A server does not start while it gets <model>
      When tenant "blue" serves <model> without the verification
      Then the model server of tenant "blue" <outcome>
      When tenant "blue" serves <model>
      Then the model server of tenant "blue" does not start, and its status says "<reason>"

      Examples:
        | model                                  | outcome                                          | reason                                                     |
        | a model with a byte flipped on its way | serves what it was sent                          | is listed in the pinned revision                           |
        | a model that is cut on its way         | serves what it was sent                          | model.safetensors: truncated: the registry ended           |
        | a model that comes from another host   | serves what it was sent                          | redirect: the registry sends us to http://                 |
        | a model that comes byte by byte        | still waits after a verifier would have given up | deadline: the registry did not send everything within 10 s |
        | a model that never comes               | still waits after a verifier would have given up | deadline: the registry did not send everything within 10 s |

    Scenario: The signed model is served, file by file as its author signed it
      When tenant "blue" serves the signed model
      Then the model server of tenant "blue" serves the model that its author signed

  Rule: The author signed every file of the model, and there is no other file.

    The digest is pinned correctly in each of these: whoever wrote it into the manifest was deceived, too.

    Scenario Outline: A correct digest does not help <model>
      When tenant "blue" serves <model> without the verification
      Then the model server of tenant "blue" <outcome>
      When tenant "blue" serves <model>
      Then the model server of tenant "blue" does not start, and its status says "<reason>"

      Examples:
        | model                                       | outcome                 | reason                                               |
        | a model with a file changed                 | serves what it was sent | model.safetensors: changed: has the SHA-256          |
        | a model with a file added                   | serves what it was sent | adapter.safetensors: added: not signed               |
        | a model with a file removed                 | serves what it was sent | config.json: missing: signed, and not there          |
        | a model without a signature                 | serves what it was sent | model.sig: unsigned: there is no such signature file |
        | a model signed with another key             | serves what it was sent | model.sig: signature: signed with the key            |
        | a model with the signature of another model | serves what it was sent | model.safetensors: changed: has the SHA-256          |

  Rule: A signed model is refused, too, where loading it could run code or reach outside of its folder.

    The author signed all of these: by mistake, or after the key was stolen.

    Scenario Outline: A valid signature does not help <model>
      When tenant "blue" serves <model> without the verification
      Then the model server of tenant "blue" <outcome>
      When tenant "blue" serves <model>
      Then the model server of tenant "blue" does not start, and its status says "<reason>"

      Examples:
        | model                                       | outcome                       | reason                                                                             |
        | a model with an executable pickle           | has the attacker's mark in it | model.pkl: pickle: GLOBAL at byte 0: imports posix.system                          |
        | a model with a checkpoint that runs code    | has the attacker's mark in it | pytorch_model.bin!archive/data.pkl: pickle: GLOBAL at byte 0: imports posix.system |
        | a model with code of its own                | serves what it was sent       | modeling_llm.py: code: Python code that is not on the list of allowed code         |
        | a model with a header bomb                  | serves what it was sent       | model.safetensors: safetensors: the header claims 9223372036854775807 bytes        |
        | an archive with a path that leads out of it | has the attacker's mark in it | tar: member ../../dev/shm/mark has a path with empty parts, . or ..                |
        | an archive with a link that leads out of it | has the attacker's mark in it | tar: member cache is a link to /dev/shm                                            |

    Scenario: The signed model is served from an archive, too
      When tenant "blue" serves an archive of the signed model
      Then the model server of tenant "blue" serves the model that its author signed

  Rule: The server and its verifier hold no more rights than their work takes.

    Scenario: The workload asks for nothing beyond "restricted" and mounts no token
      Then beyond "restricted" the workload "model-provenance" asks for: "nothing"
