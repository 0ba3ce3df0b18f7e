Feature: Parallel
  Each of the two scenarios waits for the other: they pass only when both run at once.

  Scenario: one meets two
    When "one" meets "two"
    Then its own note is "one"

  Scenario: two meets one
    When "two" meets "one"
    Then its own note is "two"
