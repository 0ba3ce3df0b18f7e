@control:keys-and-rates @needs:workload-image
Feature: API keys and rate limits
  Why: A network policy decides which pods reach a model server. A key tells the server who is asking, and a rate limits
  how much one key gets. Without keys anyone who reaches the server may use it. Without a rate one client can copy a
  model out of its answers, or leave nothing of the GPU to the others.

  How it is proven: fleet-fixtures/controls/keys-and-rates.yaml holds the limits; the keys are a Secret that the server
  mounts. Each call is an HTTP request from inside a client's pod, with the key that is mounted there. Allowed: a call
  with a valid key, within its rate. Denied: a call without a valid key (401), a call beyond the rate (429), and a call
  that is too large. Exposed: a server without keys or limits, a key that is also stored somewhere else, and a rate that
  counts the wrong thing. Closed: the server runs with the correct manifest again.

  Not proven here: That a real model server behaves like this one, which has the interface and no model: try the
  scenarios against yours. That anybody notices a slow extraction below the rate. That guesses at keys are limited: they
  are not counted, so a key must be too long to guess. That a key is safe in transit: this is plain HTTP, readable to
  anyone who can listen on the network. That a rate holds across servers: each server counts by itself, so N servers
  give a key N times the rate, as the last scenario shows. Where that matters, one gateway in front of all servers must
  count.

  Background:
    Given tenant "blue"

  Rule: A model server answers requests for its model only with a key that it accepts.

    Scenario: A model server without keys answers anyone who reaches it
      Given tenant "green"
      And tenant "green" runs a gateway
      And tenant "blue" runs a model server without the keys
      Then the model server of tenant "blue" answers the gateway of tenant "green" as follows:
        | call                         | status | code |
        | without a key                | 200    |      |
        | for the models without a key | 200    |      |
      When tenant "blue" restarts its model server
      Then the model server of tenant "blue" answers the gateway of tenant "green" as follows:
        | call                         | status | code            |
        | without a key                | 401    | invalid_api_key |
        | for the models without a key | 401    | invalid_api_key |

    Scenario: A model server accepts only a whole key sent as a bearer token
      No answer repeats the key. Neither the log nor the environment of the server holds it.

      Given tenant "blue" has given its gateway a key
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
      Then the model server of tenant "blue" answers the gateway of tenant "blue" as follows:
        | call                                    | status | code            |
        | with its key                            | 200    |                 |
        | for the models                          | 200    |                 |
        | without a key                           | 401    | invalid_api_key |
        | for the models without a key            | 401    | invalid_api_key |
        | with an empty key                       | 401    | invalid_api_key |
        | with a key of its own making            | 401    | invalid_api_key |
        | with the first half of its key          | 401    | invalid_api_key |
        | with its key and one letter more        | 401    | invalid_api_key |
        | with its key in capitals                | 401    | invalid_api_key |
        | with its key as a password              | 401    | invalid_api_key |
        | with its key and no scheme              | 401    | invalid_api_key |
        | with two keys, one of them its own      | 401    | invalid_api_key |
        | with its key in the header X-API-Key    | 401    | invalid_api_key |
        | with its key in a cookie                | 401    | invalid_api_key |
        | with its key in the query               | 401    | invalid_api_key |
        | with its key as part of the path        | 401    | invalid_api_key |
        | for nothing that is there without a key | 401    | invalid_api_key |
        | for nothing that is there               | 404    | unknown_url     |
        | with its key                            | 200    |                 |
      And the key of the gateway of tenant "blue" is not in any answer
      When tenant "blue" tries to read the log of the model server
      Then the request is allowed
      And the key of the gateway of tenant "blue" is not in the answer
      And the key of the gateway of tenant "blue" is not in the environment of its model server

    Scenario: Health and metrics need no key and show how often each client called
      A network policy must protect this information: who uses the model, and how much.

      Given tenant "green"
      And tenant "blue" has given its gateway a key
      And tenant "green" has given its gateway a key
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
        | green  | gateway      |
      Then the gateway of tenant "blue" is answered by the model server of tenant "blue"
      And the model server of tenant "blue" answers the gateway of tenant "green" as follows:
        | call                             | status | code            |
        | with its key                     | 401    | invalid_api_key |
        | for its front page without a key | 404    | unknown_url     |
        | for its health without a key     | 200    |                 |
        | for its metrics without a key    | 200    |                 |
      And the answers tell the gateway of tenant "green" how often that of tenant "blue" was answered
      And the key of the gateway of tenant "blue" is not in any answer
      And the key of the gateway of tenant "green" is not in any answer

    Scenario: Each tenant's key is accepted only by its own model server
      Given tenant "green"
      And tenant "blue" has given its gateway a key
      And tenant "green" has given its gateway a key
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
        | green  | model server |
        | green  | gateway      |
      Then the gateway of tenant "green" is answered by the model server of tenant "green"
      And the gateway of tenant "green" is refused by the model server of tenant "blue"
      And the gateway of tenant "blue" is answered by the model server of tenant "blue"
      And the gateway of tenant "blue" is refused by the model server of tenant "green"
      When tenant "blue" adds the key of the gateway of tenant "green" to its model server
      Then the gateway of tenant "green" is answered by the model server of tenant "blue" within 10 seconds
      When tenant "blue" removes the key of the gateway of tenant "green" from its model server
      Then the gateway of tenant "green" is refused by the model server of tenant "blue" within 10 seconds
      And the gateway of tenant "blue" is answered by the model server of tenant "blue"

    Scenario: The API server's proxy does not pass the key on, so the call fails
      Given tenant "blue" has given its gateway a key
      And tenant "blue" runs a model server
      Then the API server's proxy is refused by the model server of tenant "blue"
      When tenant "blue" restarts its model server without the keys
      Then the API server's proxy is answered by the model server of tenant "blue"

  Rule: A key that is replaced or taken away stops working, and the other clients are not disturbed.
    The server reads its keys for each request. A change is in force as soon as the kubelet replaces the files, which it
    does when it next looks at the pod. By itself it does so within its sync period (60 s, and by chance up to half of
    it more). It does so at once when the pod is changed, for example by an annotation. The scenarios do and measure the
    latter. The former is what the kubelet promises; no scenario waits that long to check it.

    Scenario: A stolen key works only until the tenant replaces it
      The new key works at once.

      Given tenant "green"
      And tenant "blue" has given its gateway a key
      And the gateway of tenant "green" has stolen the key of tenant "blue"
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
        | green  | gateway      |
      Then the gateway of tenant "green" is answered by the model server of tenant "blue"
      When tenant "blue" gives its gateway a new key
      Then the gateway of tenant "green" is refused by the model server of tenant "blue" within 10 seconds
      And the gateway of tenant "blue" is answered by the model server of tenant "blue" within 10 seconds
      And the gateway of tenant "green" is refused by the model server of tenant "blue"

    Scenario: A key is replaced without one refused call
      The server accepts the new key before the old one is taken away.

      Given tenant "green"
      And tenant "blue" has given its gateway a key
      And the gateway of tenant "green" has stolen the key of tenant "blue"
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
        | green  | gateway      |
      When tenant "blue" moves its gateway to a new key while the old one is still accepted
      Then no call of the gateway of tenant "blue" was refused meanwhile
      And the gateway of tenant "green" is answered by the model server of tenant "blue"
      When tenant "blue" removes the old key of its gateway from its model server
      Then the gateway of tenant "green" is refused by the model server of tenant "blue" within 10 seconds
      And the gateway of tenant "blue" is answered by the model server of tenant "blue"

    Scenario Outline: A model server <mistake> accepts the old key until it restarts
      Given tenant "blue" has given its gateway a key
      And tenant "blue" runs a gateway
      And tenant "blue" runs a model server <mistake>
      Then the gateway of tenant "blue" is answered by the model server of tenant "blue"
      When tenant "blue" gives its model server a new key for its gateway
      Then the directory of keys in the model server of tenant "blue" holds the new key
      And the gateway of tenant "blue" is answered by the model server of tenant "blue"
      When tenant "blue" restarts its model server
      Then the gateway of tenant "blue" is refused by the model server of tenant "blue"

      Examples:
        | mistake                         |
        | with the key mounted by subPath |
        | with the key in its environment |

    Scenario: One client loses its key while the other clients keep theirs
      Given tenant "blue" has given its gateway a key
      And a batch client of tenant "blue" runs with its own key
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
      Then the gateway of tenant "blue" is answered by the model server of tenant "blue"
      And the batch client of tenant "blue" is answered by the model server of tenant "blue"
      When tenant "blue" removes the key of its gateway from its model server
      Then the gateway of tenant "blue" is refused by the model server of tenant "blue" within 10 seconds
      And the batch client of tenant "blue" is answered by the model server of tenant "blue"

  Rule: Only the tenant itself reads the keys of its model server.

    Scenario: The tenant's other accounts cannot read the keys
      Given tenant "green"
      And tenant "blue" has given its gateway a key
      And the personas of tenant "blue"
      Then tenant "blue" can read the keys of the model server
      And tenant "green" cannot read the keys of the model server of tenant "blue"
      And the tenant admin cannot read the keys of the model server of tenant "blue"
      And the deployer cannot read the keys of the model server of tenant "blue"
      And the inference client cannot read the keys of the model server of tenant "blue"
      And the telemetry reader cannot read the keys of the model server of tenant "blue"
      And the auditor cannot read the keys of the model server of tenant "blue"
      When control "personas" is applied to tenant "blue" with the resource "secrets" added to "configmaps" in role "deployer"
      Then the deployer can read the keys of the model server of tenant "blue"
      When control "personas" is applied to tenant "blue"
      Then the deployer can no longer read the keys of the model server of tenant "blue"

    Scenario Outline: The <persona> can read the key of a model server <mistake>
      The persona may not read the keys themselves. A copy in another place gives them away.

      Given tenant "blue" has given its gateway a key
      And the personas of tenant "blue"
      And tenant "blue" runs a gateway
      And tenant "blue" runs a model server <mistake>
      Then the gateway of tenant "blue" is answered by the model server of tenant "blue"
      And the <persona> cannot read the keys of the model server of tenant "blue"
      But the <persona> can read the <place> of the model server of tenant "blue"
      And the key of the gateway of tenant "blue" is in the answer
      When tenant "blue" restarts its model server
      Then the gateway of tenant "blue" is answered by the model server of tenant "blue"
      And the <persona> can read the <place> of the model server of tenant "blue"
      And the key of the gateway of tenant "blue" is not in the answer

      Examples:
        | mistake                           | persona  | place |
        | with the key written into its pod | auditor  | pod   |
        | with the headers in its log       | deployer | log   |

    Scenario: A key in the environment is visible to every process of the server
      Given tenant "blue" has given its gateway a key
      And tenant "blue" runs a model server with the key in its environment
      Then the key of the gateway of tenant "blue" is in the environment of its model server
      When tenant "blue" restarts its model server
      Then the key of the gateway of tenant "blue" is not in the environment of its model server

  Rule: One request takes no more than its share, and a limit that cannot be read admits nobody.

    Scenario: One call cannot exceed the limits for tokens and for size
      Given tenant "blue" has given its gateway a key
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
      Then the model server of tenant "blue" answers the gateway of tenant "blue" as follows:
        | call                         | status | code                 |
        | for 65 tokens                | 200    |                      |
        | with a body of 20000 letters | 200    |                      |
        | for no tokens                | 400    | invalid_value        |
        | for another model            | 404    | model_not_found      |
        | with a body that is no JSON  | 400    | invalid_json         |
        | by GET                       | 405    | method_not_supported |
      When control "keys-and-rates" is applied to tenant "blue"
      And the model server of tenant "blue" takes up its limits
      Then the model server of tenant "blue" answers the gateway of tenant "blue" as follows:
        | call                         | status | code                |
        | for 64 tokens                | 200    |                     |
        | for 65 tokens                | 400    | max_tokens_exceeded |
        | with a body of 10000 letters | 200    |                     |
        | with a body of 20000 letters | 413    | request_too_large   |

    Scenario: A limit that cannot be understood lets nobody through
      Given tenant "blue" has given its gateway a key
      And control "keys-and-rates" is applied to tenant "blue" with the limit "requests-per-minute" set to "many"
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
      Then the model server of tenant "blue" answers the gateway of tenant "blue" as follows:
        | call         | status | code          |
        | with its key | 500    | misconfigured |
      When control "keys-and-rates" is applied to tenant "blue"
      And the model server of tenant "blue" takes up its limits
      Then the gateway of tenant "blue" is answered by the model server of tenant "blue"

  Rule: Each key has a rate, and no client gets more by changing anything else about its calls.
    Every request under /v1 with a key counts as one, whatever its result; a request that the rate refuses does not
    count. The limits bound the tokens of one request, so rate and tokens together bound how much leaves through one key
    in a minute.

    Scenario: A flood is cut off unless its burst or rate is misconfigured
      The mistakes are a burst as large as the flood, and no rate at all.

      Given tenant "blue" has given its gateway a key
      And control "keys-and-rates" is applied to tenant "blue" with the limit "burst" set to "1000"
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
      Then a flood by the gateway of tenant "blue" is answered in full
      When control "keys-and-rates" is applied to tenant "blue"
      And the model server of tenant "blue" takes up its limits
      Then a flood by the gateway of tenant "blue" is cut off by the rate of its key
      When control "keys-and-rates" is applied to tenant "blue" without the limit "requests-per-minute"
      And the model server of tenant "blue" takes up its limits
      Then a flood by the gateway of tenant "blue" is answered in full
      When control "keys-and-rates" is applied to tenant "blue"
      And the model server of tenant "blue" takes up its limits
      Then a flood by the gateway of tenant "blue" is cut off by the rate of its key

    Scenario: The rate applies to the key, whatever else about the calls changes
      Given tenant "blue" has given its gateway a key
      And control "keys-and-rates" is applied to tenant "blue"
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
      And a second gateway of tenant "blue" runs with the same key
      Then a flood by the gateway of tenant "blue" that opens a connection for each call is cut off by the rate of its key
      And a flood by the second gateway of tenant "blue" finds the rate of the key used up
      And a flood by the gateway of tenant "blue" that names another address in each call is cut off by the rate of its key
      And a flood by the gateway of tenant "blue" that names another user in each call is cut off by the rate of its key
      And a flood by the gateway of tenant "blue" that calls itself another program in each call is cut off by the rate of its key
      And a flood by the gateway of tenant "blue" that writes the scheme in small letters is cut off by the rate of its key
      And a flood by the gateway of tenant "blue" that asks for the models alone is cut off by the rate of its key
      And a flood by the gateway of tenant "blue" that asks for a model that is not there is cut off by the rate of its key

    Scenario: A client evades a rate that is counted by its claimed address
      Given tenant "blue" has given its gateway a key
      And control "keys-and-rates" is applied to tenant "blue" with the limit "counted-by" set to "x-forwarded-for"
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
      Then a flood by the gateway of tenant "blue" is cut off by the rate of its key
      And a flood by the gateway of tenant "blue" that names another address in each call is answered in full
      When control "keys-and-rates" is applied to tenant "blue"
      And the model server of tenant "blue" takes up its limits
      Then a flood by the gateway of tenant "blue" that names another address in each call is cut off by the rate of its key

    Scenario: A client that waits as long as it is told is answered again
      Given tenant "blue" has given its gateway a key
      And control "keys-and-rates" is applied to tenant "blue"
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
      Then the gateway of tenant "blue" is refused, and answered again after the wait that it is told

    Scenario: A rate for each key keeps one client's flood from starving others
      Given tenant "blue" has given its gateway a key
      And a batch client of tenant "blue" runs with its own key
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
      Then a flood by the gateway of tenant "blue" starves its batch client
      When control "keys-and-rates" is applied to tenant "blue"
      And the model server of tenant "blue" takes up its limits
      Then a flood by the gateway of tenant "blue" does not starve its batch client

    Scenario: Two model servers give one key twice the rate
      Given tenant "blue" has given its gateway a key
      And control "keys-and-rates" is applied to tenant "blue"
      And these workloads run
        | tenant | workload     |
        | blue   | model server |
        | blue   | gateway      |
      And tenant "blue" runs a second model server
      Then a flood by the gateway of tenant "blue" through the service gets the burst of 2 servers

  Rule: The limits have exactly the values that the specification names.

    Scenario: A key has 20 requests a minute after a burst of 5, and answers of 64 tokens
      When control "keys-and-rates" is applied to tenant "blue"
      Then the limits of the model server of tenant "blue" are exactly:
        | limit               | value |
        | requests-per-minute | 20    |
        | burst               | 5     |
        | max-tokens          | 64    |
        | max-body-bytes      | 16384 |
        | counted-by          | key   |
