@control:keys-and-rates @needs:workload-image
Feature: Keys and rates
  A network policy says which pods reach a model server; a key says who is asking, and a rate how much one key gets. Without
  keys whoever reaches the server may use it. Without a rate one client can copy a model out of its answers, or leave nothing
  of the GPU to the others. Every call below is made by HTTP from inside a client's pod, with the key that is mounted there.

  What is counted: requests under /v1 with a key, each as one, whatever comes of it; not those that the rate refuses. Tokens
  are bounded by what one request may ask for, so rate and tokens together bound what leaves by a key in a minute.

  How soon a replaced key stops working: the server reads its keys for each request, so with the moment in which the kubelet
  replaces the files. The kubelet does that when it next looks at the pod: by itself within its sync period (60 s, up to half
  of it more by chance), and at once when the pod is changed, be it an annotation. The latter is done and measured below; the
  former is the kubelet's word, for no scenario waits so long.

  Not proven here: that a real model server does as this one, which has the interface and no model: try the scenarios against
  yours. That a slow extraction below the rate is noticed. That guesses at keys are limited: they are not counted, so a key
  must be too long to guess. That the key is safe on its way: this is HTTP, for whoever can listen on the network. And the
  counts are each server's own: N servers give a key N times the rate, which the last scenario shows; where that matters, one
  gateway in front of all must count.

  Background:
    Given tenant "blue"

  Scenario: Without keys a model server answers whoever reaches it
    Given tenant "green"
    And tenant "green" runs a gateway
    And tenant "blue" runs a model server without the keys
    Then the model server of tenant "blue" answers the gateway of tenant "green" so:
      | call                         | status | code |
      | without a key                | 200    |      |
      | for the models without a key | 200    |      |
    When tenant "blue" runs its model server anew
    Then the model server of tenant "blue" answers the gateway of tenant "green" so:
      | call                         | status | code            |
      | without a key                | 401    | invalid_api_key |
      | for the models without a key | 401    | invalid_api_key |

  Scenario: A key opens if it is whole and shown as a bearer's, and no answer repeats it
    Given tenant "blue" has given its gateway a key
    And these workloads run
      | tenant | workload     |
      | blue   | model server |
      | blue   | gateway      |
    Then the model server of tenant "blue" answers the gateway of tenant "blue" so:
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
    And the key of the gateway of tenant "blue" is in none of the answers
    When tenant "blue" tries to read the log of the model server
    Then the request is allowed
    And the key of the gateway of tenant "blue" is not in the answer
    And the environment of the model server of tenant "blue" does not hold the key of its gateway

  Scenario: Health and metrics ask for no key: what a network policy has to keep is who uses the model, and how much
    Given tenant "green"
    And tenant "blue" has given its gateway a key
    And tenant "green" has given its gateway a key
    And these workloads run
      | tenant | workload     |
      | blue   | model server |
      | blue   | gateway      |
      | green  | gateway      |
    Then the gateway of tenant "blue" is answered by the model server of tenant "blue"
    And the model server of tenant "blue" answers the gateway of tenant "green" so:
      | call                             | status | code            |
      | with its key                     | 401    | invalid_api_key |
      | for its front page without a key | 404    | unknown_url     |
      | for its health without a key     | 200    |                 |
      | for its metrics without a key    | 200    |                 |
    And the answers tell the gateway of tenant "green" how often that of tenant "blue" was answered
    And the key of the gateway of tenant "blue" is in none of the answers
    And the key of the gateway of tenant "green" is in none of the answers

  Scenario: Each tenant's key opens its own model server
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
    And the gateway of tenant "green" is turned away by the model server of tenant "blue"
    And the gateway of tenant "blue" is answered by the model server of tenant "blue"
    And the gateway of tenant "blue" is turned away by the model server of tenant "green"
    When tenant "blue" lets in the key of the gateway of tenant "green"
    Then within 10 seconds the gateway of tenant "green" is answered by the model server of tenant "blue"
    When tenant "blue" lets in the key of the gateway of tenant "green" no more
    Then within 10 seconds the gateway of tenant "green" is turned away by the model server of tenant "blue"
    And the gateway of tenant "blue" is answered by the model server of tenant "blue"

  Scenario: The way through the API server ends at the key, for the API server keeps the header that shows it
    Given tenant "blue" has given its gateway a key
    And tenant "blue" runs a model server
    Then the platform admin is turned away by the model server of tenant "blue" through the API server
    When tenant "blue" runs its model server anew without the keys
    Then the platform admin is answered by the model server of tenant "blue" through the API server

  Scenario: A stolen key opens until it is replaced, and the new one opens at once
    Given tenant "green"
    And tenant "blue" has given its gateway a key
    And the gateway of tenant "green" has got hold of the key of tenant "blue"
    And these workloads run
      | tenant | workload     |
      | blue   | model server |
      | blue   | gateway      |
      | green  | gateway      |
    Then the gateway of tenant "green" is answered by the model server of tenant "blue"
    When tenant "blue" gives its gateway a new key
    Then within 10 seconds the gateway of tenant "green" is turned away by the model server of tenant "blue"
    And within 10 seconds the gateway of tenant "blue" is answered by the model server of tenant "blue"
    And the gateway of tenant "green" is turned away by the model server of tenant "blue"

  Scenario: A key is replaced without one refused call: the new one opens before the old one is taken away
    Given tenant "green"
    And tenant "blue" has given its gateway a key
    And the gateway of tenant "green" has got hold of the key of tenant "blue"
    And these workloads run
      | tenant | workload     |
      | blue   | model server |
      | blue   | gateway      |
      | green  | gateway      |
    When tenant "blue" moves its gateway to a new key while the old one still opens
    Then no call of the gateway of tenant "blue" was refused meanwhile
    And the gateway of tenant "green" is answered by the model server of tenant "blue"
    When tenant "blue" takes the old key of its gateway away
    Then within 10 seconds the gateway of tenant "green" is turned away by the model server of tenant "blue"
    And the gateway of tenant "blue" is answered by the model server of tenant "blue"

  Scenario Outline: A model server <mistake> goes on with the old key until it is run anew
    Given tenant "blue" has given its gateway a key
    And tenant "blue" runs a gateway
    And tenant "blue" runs a model server <mistake>
    Then the gateway of tenant "blue" is answered by the model server of tenant "blue"
    When tenant "blue" gives its model server a new key for its gateway
    Then the directory of keys in the model server of tenant "blue" holds the new key
    And the gateway of tenant "blue" is answered by the model server of tenant "blue"
    When tenant "blue" runs its model server anew
    Then the gateway of tenant "blue" is turned away by the model server of tenant "blue"

    Examples:
      | mistake                         |
      | with the key mounted by subPath |
      | with the key in its environment |

  Scenario: One client's key is taken away, and the others' go on
    Given tenant "blue" has given its gateway a key
    And a batch client of tenant "blue" runs with a key of its own
    And these workloads run
      | tenant | workload     |
      | blue   | model server |
      | blue   | gateway      |
    Then the gateway of tenant "blue" is answered by the model server of tenant "blue"
    And the batch client of tenant "blue" is answered by its model server
    When tenant "blue" takes the key of its gateway away
    Then within 10 seconds the gateway of tenant "blue" is turned away by the model server of tenant "blue"
    And the batch client of tenant "blue" is answered by its model server

  Scenario: The tenant's other accounts do not read the keys
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
    When control "personas" is applied to tenant "blue" with the resource "secrets" beside "configmaps" in role "deployer"
    Then the deployer can read the keys of the model server of tenant "blue"
    When control "personas" is applied to tenant "blue"
    Then the deployer can no longer read the keys of the model server of tenant "blue"

  Scenario Outline: A key that is somewhere else too is read by who may not read the keys: <mistake>
    Given tenant "blue" has given its gateway a key
    And the personas of tenant "blue"
    And tenant "blue" runs a gateway
    And tenant "blue" runs a model server <mistake>
    Then the gateway of tenant "blue" is answered by the model server of tenant "blue"
    And the <persona> cannot read the keys of the model server of tenant "blue"
    But the <persona> can read the <place> of the model server of tenant "blue"
    And the key of the gateway of tenant "blue" is in the answer
    When tenant "blue" runs its model server anew
    Then the gateway of tenant "blue" is answered by the model server of tenant "blue"
    And the <persona> can read the <place> of the model server of tenant "blue"
    And the key of the gateway of tenant "blue" is not in the answer

    Examples:
      | mistake                           | persona  | place |
      | with the key written into its pod | auditor  | pod   |
      | with the headers in its log       | deployer | log   |

  Scenario: A key in the environment is seen by every process of the server
    Given tenant "blue" has given its gateway a key
    And tenant "blue" runs a model server with the key in its environment
    Then the environment of the model server of tenant "blue" holds the key of its gateway
    When tenant "blue" runs its model server anew
    Then the environment of the model server of tenant "blue" does not hold the key of its gateway

  Scenario: A flood is cut off, unless the burst is as large as the flood or there is no rate
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

  Scenario: The rate is the key's, whatever else about the calls changes
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

  Scenario: A rate by what a client says of its address is no limit
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

  Scenario: Who waits as long as he is told is answered again
    Given tenant "blue" has given its gateway a key
    And control "keys-and-rates" is applied to tenant "blue"
    And these workloads run
      | tenant | workload     |
      | blue   | model server |
      | blue   | gateway      |
    Then the gateway of tenant "blue" is refused until the time that it is told to wait is over

  Scenario: One key's flood takes the others' answers, until each key has a rate
    Given tenant "blue" has given its gateway a key
    And a batch client of tenant "blue" runs with a key of its own
    And these workloads run
      | tenant | workload     |
      | blue   | model server |
      | blue   | gateway      |
    Then a flood by the gateway of tenant "blue" takes the answers of its batch client
    When control "keys-and-rates" is applied to tenant "blue"
    And the model server of tenant "blue" takes up its limits
    Then a flood by the gateway of tenant "blue" leaves its batch client every answer

  Scenario: One call takes no more than its share
    Given tenant "blue" has given its gateway a key
    And these workloads run
      | tenant | workload     |
      | blue   | model server |
      | blue   | gateway      |
    Then the model server of tenant "blue" answers the gateway of tenant "blue" so:
      | call                         | status | code                 |
      | for 65 tokens                | 200    |                      |
      | with a body of 20000 letters | 200    |                      |
      | for no tokens                | 400    | invalid_value        |
      | for another model            | 404    | model_not_found      |
      | with a body that is no JSON  | 400    | invalid_json         |
      | by GET                       | 405    | method_not_supported |
    When control "keys-and-rates" is applied to tenant "blue"
    And the model server of tenant "blue" takes up its limits
    Then the model server of tenant "blue" answers the gateway of tenant "blue" so:
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
    Then the model server of tenant "blue" answers the gateway of tenant "blue" so:
      | call         | status | code          |
      | with its key | 500    | misconfigured |
    When control "keys-and-rates" is applied to tenant "blue"
    And the model server of tenant "blue" takes up its limits
    Then the gateway of tenant "blue" is answered by the model server of tenant "blue"

  Scenario: Two servers give one key twice the rate
    Given tenant "blue" has given its gateway a key
    And control "keys-and-rates" is applied to tenant "blue"
    And these workloads run
      | tenant | workload     |
      | blue   | model server |
      | blue   | gateway      |
    And a second model server of tenant "blue" runs beside it
    Then a flood by the gateway of tenant "blue" through the service gets the burst of 2 servers
