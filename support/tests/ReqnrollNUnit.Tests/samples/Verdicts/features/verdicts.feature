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
    When tenant "blue" gets 2 (of 8) GPUs:
      | gpu |
      | 0   |

  Scenario: a step is pending
    Given a step that is pending

  Scenario: a step is ambiguous
    Given a step with two definitions

  Scenario: a definition takes too few arguments
    Given a step with an "argument" too many

  Scenario: an argument is no member of the enum
    Given the colour purple

  @ignore
  Scenario: is ignored
    Given a step that fails

  Scenario: a step ignores the test
    Given a step that ignores the test
    Then a step that passes

  Scenario: a step cannot tell
    Given a step that cannot tell
    Then a step that passes

  @hookCannotTell
  Scenario: a hook cannot tell
    Given a step that passes

  @hookFails
  Scenario: a hook fails before
    Given a step that passes

  @hookFailsAfter
  Scenario: a hook fails after
    Given a step that passes

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
      | end  |
      | hides |
