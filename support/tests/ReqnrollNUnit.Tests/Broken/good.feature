Feature: Good

  Scenario: none of the errors is here
    Given a step
