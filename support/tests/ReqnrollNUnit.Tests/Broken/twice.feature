Feature: Twice

  Scenario: the same
    Given a step

  Scenario: the same
    Given a step
