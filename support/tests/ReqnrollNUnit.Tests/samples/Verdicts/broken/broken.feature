Feature: Broken

  Scenario: a line that is no step
    Given a step that passes
    Whenever this is read
