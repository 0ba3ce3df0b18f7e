@control:credentials-in-objects
Feature: Credentials in objects
  Why: GPU workloads carry credentials: for the hub that they load models from, for the tracking server, for a cloud's
  storage. Teams leave them where it is quickest: in a variable of a pod, in an argument, in a notebook that a ConfigMap
  holds. There everybody reads them who may look at pods or ConfigMaps: support, dashboards, the audit account. The
  rights that keep Secrets secret do not apply to them. kubectl apply keeps what it was given in an annotation, so that
  a credential is still there after somebody has removed it from the pod.

  How it is proven: An audit looks through every object of a tenant, of every kind that the cluster has, and into texts
  that are JSON or base64. It finds credentials by the rules of fleet-fixtures/secret-rules.toml, which have the shape
  of gitleaks' configuration, and tells object and field, never the value. Exposed: a tenant leaves a credential in an
  object, and an account that may read such objects, but no Secrets, gets its value. Closed: the credential is in a
  Secret, the same account is denied, and the audit finds nothing. Allowed: the tenant itself still reads it.

  Not proven here: that the audit finds every credential. It knows the kinds of its rules, and a password that looks
  like a word is like any other word. It does not see what is inside an image, a volume or a pod's memory, and it does
  not keep anybody from writing the next one. A credential that was found is known to others: it must be replaced.

  Background:
    Given tenants "blue" and "green"

  Rule: A credential belongs in a Secret. Anywhere else, whoever may read the object has it.

    Scenario Outline: A credential that a tenant leaves in <place> is open to anyone who can read <resource>
      When tenant "green" is granted the verb "get" on "<resource>" in the namespace of tenant "blue"
      And tenant "blue" keeps a "<kind>" in <place>
      Then the audit finds the "<kind>" of tenant "blue" in the field "<field>"
      And tenant "green" can <read> of tenant "blue"
      And the value of the secret of tenant "blue" is in the answer
      When tenant "blue" moves the credential to its secret
      Then the audit finds no credential of tenant "blue"
      And tenant "green" cannot read the secret of tenant "blue"
      And tenant "blue" can read the secret of tenant "blue"
      And the value of the secret of tenant "blue" is in the answer

      Examples:
        | place                                        | kind                | resource   | read                | field                                                                                                    |
        | a variable of its server                     | huggingface-token   | pods       | read the server     | spec.containers[0].env[0].value                                                                          |
        | the arguments of its server                  | github-token        | pods       | read the server     | spec.containers[0].args[1]                                                                               |
        | the last applied configuration of its server | wandb-api-key       | pods       | read the server     | metadata.annotations['kubectl.kubernetes.io/last-applied-configuration'].spec.containers[0].env[0].value |
        | its config map                               | replicate-api-token | configmaps | read the config map | data.REPLICATE_API_TOKEN                                                                                 |
        | a notebook in its config map                 | ngc-api-key         | configmaps | read the config map | data['train.ipynb'].cells[0].source[1]                                                                   |
        | its config map, in base64                    | huggingface-token   | configmaps | read the config map | data.settings                                                                                            |

  Rule: The audit knows the credentials that ML teams leak.

    Scenario: Every kind of credential is found by its rule
      Then the audit finds no credential of tenant "blue"
      When tenant "blue" keeps a credential of every kind in a config map
      Then the audit finds each of these credentials of tenant "blue":
        | kind                  |
        | aws-access-key-id     |
        | aws-secret-access-key |
        | gcp-api-key           |
        | azure-storage-key     |
        | azure-client-secret   |
        | huggingface-token     |
        | wandb-api-key         |
        | ngc-api-key           |
        | github-token          |
        | openai-api-key        |
        | anthropic-api-key     |
        | replicate-api-token   |
        | mlflow-password       |
        | url-password          |
        | private-key           |
        | kubeconfig-key        |
        | registry-credential   |
        | jwt                   |
      And the audit finds no credential of tenant "green"
