Feature: Broken

  Scenario: a line that is no step
    Given a step
    Whenever this is read
