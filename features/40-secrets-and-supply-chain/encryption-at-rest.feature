@control:encryption-at-rest
Feature: Encryption at rest
  Why: The API server keeps everything in a datastore, which is etcd or a database. Its files are on a disk, in a snapshot, in
  a backup. Whoever has a copy of them needs no account of the cluster. Kubernetes stores Secrets there as it stores all
  else, in plain text, unless its encryption configuration says otherwise.

  How it is proven: The API server runs with fleet-fixtures/controls/encryption-at-rest.yaml and with a key that this cluster
  made itself. A tenant keeps a Secret, and all bytes of the datastore's files are searched for its value, as a thief of the
  disk would search them. Denied: the value is not there, although the Secret's name is. Allowed: who may read the Secret
  gets the value from the API server. Exposed: the same value in a ConfigMap, which is not encrypted, is found by the same
  search, and still after the ConfigMap is gone. Mistakes in the configuration are judged by what it says, because an API
  server reads it when it starts.

  Not proven here: The key is on the same machine as the data, so that this helps against a stolen backup or disk of the
  datastore, not against an attacker on the control plane; a KMS provider keeps the key elsewhere. No real API server runs
  with a mistake in the configuration. Secrets that were stored before the encryption was switched on stay in plain text
  until somebody writes them again. What a pod has of a Secret, in its memory or on its node, is not encrypted by this.

  Rule: The datastore does not hold the value of a Secret in plain text, and the API server gives it to whoever may read it.

    @needs:control-plane-files
    Scenario: The value of a Secret is nowhere in the datastore, and the same value in a ConfigMap is
      The datastore keeps old versions of its objects for a while, so a value that is removed from a ConfigMap is still there.

      Given tenants "blue" and "green"
      And tenant "blue" has a secret
      Then tenant "blue" can read the secret
      And the value of the secret of tenant "blue" is in the answer
      And tenant "green" cannot read the secret of tenant "blue"
      And the name of the secret of tenant "blue" is in the datastore
      And the value of the secret of tenant "blue" is not in the datastore
      When tenant "blue" tries to copy the secret into a config map
      Then the request is allowed
      And the value of the secret of tenant "blue" is in the datastore
      When tenant "blue" tries to remove the copy of the secret
      Then the request is allowed
      And the value of the secret of tenant "blue" is in the datastore

  Rule: The first provider that the configuration names for Secrets encrypts, with a key that the cluster made itself.

    Scenario: The configuration encrypts Secrets and nothing else
      Then the encryption configuration stores resources as follows:
        | resource   | provider | key               |
        | secrets    | aescbc   | the cluster's own |
        | configmaps | identity | none              |

    Scenario Outline: A configuration <mistake> does not keep Secrets secret
      Then the encryption configuration stores resources as follows:
        | resource | provider | key               |
        | secrets  | aescbc   | the cluster's own |
      And the encryption configuration <mistake> stores resources as follows:
        | resource | provider   | key   |
        | secrets  | <provider> | <key> |

      Examples: The provider "identity" stores them as they are.
        | mistake                                        | provider | key         |
        | with the provider "identity" in the first place | identity | none        |
        | without the provider "aescbc"                  | identity | none        |
        | without the resource "secrets"                 | identity | none        |

      Examples: Everybody who reads the file has the key.
        | mistake                                        | provider | key         |
        | with the key "Zm9yIGFsbCBjbHVzdGVycw=="        | aescbc   | in the file |
