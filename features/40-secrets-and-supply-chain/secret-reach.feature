@control:secret-reach
Feature: Reach of secrets
  Why: A program needs one credential, and the simplest role lets it read all of them: get, list and watch on secrets. Then
  whoever takes over the program has every credential of the namespace. RBAC can name the one Secret. There are more ways to
  a Secret than the verb get, and each of them has to be closed: another pod that mounts it, a shell in a pod that has it, a
  token of somebody else.

  How it is proven: The gateway to the model registry has fleet-fixtures/controls/secret-reach.yaml, a role for one Secret.
  Its account makes every request that leads to a Secret, and each is judged by the answer and by the API server's own
  review. Allowed: it reads its Secret, and a job has the same Secret as a file. Denied: every other Secret, every list,
  and every way round. Exposed: one word more or less in the role, and the value is in an answer; an account that may not
  read a Secret prints it in a job that it starts. Closed: the reference role again.

  Not proven here: that a program which may read a Secret keeps it to itself. Whoever may create workloads in a namespace
  reads its Secrets, and no role can change that: the deployer here is such an account, and only a namespace of its own
  keeps a Secret from it. A watch that was opened before a right was taken away goes on.

  Background:
    Given tenants "blue" and "green"
    And the personas of tenant "blue"
    And control "secret-reach" is applied to tenant "blue"
    And tenant "blue" has a secret
    And tenant "blue" has a second secret
    And tenant "green" has a secret

  Rule: A program reads the Secret that its role names, and no other.

    Scenario: The gateway reads its own credential, and every way to another secret is closed
      Then the requests of the registry gateway are allowed or denied as follows:
        | action                                  | of    | verdict |
        | read the secret                         | blue  | allowed |
        | read the other secret                   | blue  | denied  |
        | list the secret by its name             | blue  | denied  |
        | list the secrets                        | blue  | denied  |
        | watch the secrets                       | blue  | denied  |
        | replace the secret                      | blue  | denied  |
        | read the secret                         | green | denied  |
        | list the secrets                        | green | denied  |
        | create a pod                            | blue  | denied  |
        | roll out a deployment                   | blue  | denied  |
        | print the secret in a job of its own    | blue  | denied  |
        | read the secret in the job's files      | blue  | denied  |
        | run a command in the server             | blue  | denied  |
        | attach to the job                       | blue  | denied  |
        | add a debug container to the pod        | blue  | denied  |
        | forward a port to the server            | blue  | denied  |
        | call the server through the API server  | blue  | denied  |
        | call the service through the API server | blue  | denied  |
        | read the server                         | blue  | denied  |
        | read the server's logs                  | blue  | denied  |
        | read the events                         | blue  | denied  |
        | read the config map                     | blue  | denied  |
        | mint a token of the developer           | blue  | denied  |
        | store a token of the operator           | blue  | denied  |
        | act as the developer                    | blue  | denied  |
        | give a colleague the developer role     | blue  | denied  |
        | write a role                            | blue  | denied  |
      And the registry gateway holds exactly the rights of its role
      And pods that run as the registry gateway get no token

    Scenario Outline: The gateway can <request> if its role is applied <mistake>
      With resourceNames a list is allowed only if its field selector names the Secret.

      Then the registry gateway can read the secret of tenant "blue"
      And the registry gateway cannot <request> of tenant "blue"
      When control "secret-reach" is applied to tenant "blue" <mistake>
      Then the registry gateway can <request> of tenant "blue"
      And the registry gateway cannot <other> of tenant "blue"
      When control "secret-reach" is applied to tenant "blue"
      Then the registry gateway can no longer <request> of tenant "blue"
      And the registry gateway holds exactly the rights of its role

      Examples:
        | request                           | mistake                                                    | other                        |
        | read the other secret             | without the names of "secrets" in role "registry-gateway"  | list the secrets             |
        | list the secret by its name       | with the verb "list" on "secrets"                          | list the secrets             |
        | list the secrets                  | with the right "list" on "secrets"                         | read the other secret        |
        | watch the contents of the secrets | with the right "watch" on "secrets"                        | list the secrets             |

    Scenario: A list gives away the values of all secrets
      Then the registry gateway cannot list the secrets of tenant "blue"
      When control "secret-reach" is applied to tenant "blue" with the right "list" on "secrets"
      Then the registry gateway can list the secrets of tenant "blue"
      And the value of the secret of tenant "blue" is in the answer
      And the registry gateway cannot list the secrets of tenant "green"
      When control "secret-reach" is applied to tenant "blue"
      Then the registry gateway can no longer list the secrets of tenant "blue"

  Rule: A pod has its Secret as a file. Who may start pods in a namespace, or enter them, has every Secret of it.

    @needs:workload-image
    Scenario: Nobody but the tenant reads the file in the pod
      Given tenant "blue" runs a training job
      Then tenant "blue" can read the secret in the job's files
      And the value of the secret of tenant "blue" is in the answer
      And the registry gateway cannot read the secret in the job's files of tenant "blue"
      And the deployer cannot read the secret in the job's files of tenant "blue"
      And the auditor cannot read the secret in the job's files of tenant "blue"
      And tenant "green" cannot read the secret in the job's files of tenant "blue"

    @needs:workload-image
    Scenario: An account that may not read a secret prints it in a job that it starts
      Then the deployer cannot read the secret of tenant "blue"
      And the deployer cannot list the secrets of tenant "blue"
      And the deployer can print the secret in a job of its own of tenant "blue"
      And the value of the secret of tenant "blue" is in the answer
      And the deployer cannot print the secret in a job of its own of tenant "green"
      And the registry gateway cannot print the secret in a job of its own of tenant "blue"
      And the auditor cannot print the secret in a job of its own of tenant "blue"
      When control "personas" is applied to tenant "blue" without the subjects of binding "deployer"
      Then the deployer can no longer print the secret in a job of its own of tenant "blue"
