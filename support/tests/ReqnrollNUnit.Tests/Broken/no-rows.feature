Feature: Without examples

  Scenario Outline: no rows
    Given <a>

    Examples:
      | a |
