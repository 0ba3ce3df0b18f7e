Feature: Columns

  Scenario Outline: columns
    Given <a>

    Examples:
      | a |
      | 1 |

    Examples:
      | b |
      | 1 |
