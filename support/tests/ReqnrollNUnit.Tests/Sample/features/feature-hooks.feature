@featureHookFails
Feature: Feature hooks
  The hook before the feature fails.

  Scenario: is the first
    Given a step that passes

  Scenario: is the second
    Given a step that passes
