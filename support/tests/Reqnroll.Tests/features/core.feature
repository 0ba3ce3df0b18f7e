@core
Feature: Core of the run
  Why: everything else stands on it.

  Background:
    Given a list with "first"

  Scenario: steps run in order on one object
    When "second" is added
    Then the list is:
      | item   |
      | first  |
      | second |

  @async
  Scenario Outline: examples fill texts in
    When "<word>" is added
    Then it holds <count> items

    Examples:
      | word | count |
      | a    | 2     |
      | b    | 2     |
