@serial @shape
Feature: Shape of a "fixture"
  What is generated
  of a feature.

  Background:
    Given a note of "the feature's background"

  @fast
  Scenario: a title, with the user's GPU-pool
    Its description.

    Given a note of "first"
    * a note of "star"
    But a note of "last"

  Scenario Outline: rows
    Given a note of "<a b> \ {0} <namespace> <c>"
    And a note of the text
      """
      <a b> "quoted"
        indented <namespace>
      """
    And a note of the table
      | column | of <namespace> |
      | \|     |                |
      | <a b>  | 2              |

    Examples:
      | a b | namespace |
      | 1   | x\|y      |

    @tagged @twice
    Examples: more
      | a b | namespace |
      | 3   | 4         |

    @Ignore
    Examples: ignored
      | a b | namespace |
      | 5   | 6         |

  @Serial @outline
  Scenario Outline: tagged rows
    Given a note of "<a>"

    @tagged
    Examples:
      | a |
      | 1 |

  Scenario: another
    Given a note of "another"

  @of-the-rule @serial
  Rule: a rule
    The rule's description.

    Background:
      Given a note of "the rule's background"

    @of-the-scenario
    Scenario: under a rule
      Given a note of "the scenario"

    Scenario Outline: rows under a rule
      Given a note of "<a>"

      @of-the-examples
      Examples:
        | a |
        | 1 |

  Rule: another rule

    Scenario: under another rule
      Given a note of "the scenario"
