@ignore
Feature: Ignored

  Scenario: of an ignored feature
    Given a step that fails
