Feature: Verdicts
  One scenario for each way to end.

  Scenario: passes
    Given a step that passes

  Scenario: fails in the middle
    Given a step that passes
    When a step fails with "the GPU is gone"
    Then a step that passes

  Scenario: a step is undefined
    Given a step that passes
    When tenant "blue" gets 2 GPUs

  Scenario: a step cannot tell
    Given a step that cannot tell
    Then a step that passes

  Scenario: a step ignores the test
    Given a step that ignores the test
    Then a step that passes

  @hookCannotTell
  Scenario: a hook cannot tell
    Given a step that passes

  Scenario: a step attaches a file
    Given a step that attaches a file

  @ignore
  Scenario: is ignored
    Given a step that fails

  Scenario Outline: examples
    Given a step that <end>

    Examples:
      | end    |
      | passes |

    @failing
    Examples:
      | end   |
      | fails |

    @ignore
    Examples:
      | end   |
      | fails |

  @ignore
  Rule: an ignored rule

    Scenario: of an ignored rule
      Given a step that fails
