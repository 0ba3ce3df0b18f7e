@fromFeature
Feature: Hooks

  Scenario: hooks run by order, then in the order of their definition
    Then the journal is "run early late before"

  @marked
  Scenario: hooks with tags run where one of the tags is
    Then the journal is "run early marked either feature late before"

  @other
  Scenario: hooks with several tags need only one of them
    Then the journal is "run early either feature late before"

  @steps
  Scenario: step and block hooks run around steps and blocks
    Given a noted step
    And a noted step
    When a noted step
    Then the journal is "run early late before [Given >Given noted Given< >Given noted Given< Given] [When >When noted When< When] [Then >Then"

  @scoped
  Scenario: a scope limits step definitions, and the closest wins
    When the scoped step runs
    Then the journal is "run early late before scoped"

  Scenario: without the scope the common definition runs
    When the scoped step runs
    Then the journal is "run early late before common"
