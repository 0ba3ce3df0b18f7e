Feature: Expressions
  Step texts bind by cucumber expressions and by regular expressions.

  Scenario: strings in either quotes
    When the words "a 'b' c" and 'd' are taken
    Then the arguments are "a 'b' c|d"

  Scenario: strings may be empty
    When the words "" and '' are taken
    Then the arguments are '|'

  Scenario Outline: numbers
    When the <type> <value> is taken
    Then the arguments are '<read>'

    Examples:
      | type    | value                | read                 |
      | int     | -42                  | Int32 -42            |
      | long    | 9223372036854775807  | Int64 9223372036854775807 |
      | byte    | 255                  | Byte 255             |
      | float   | 1.5                  | Single 1.5           |
      | double  | -0.25                | Double -0.25         |
      | decimal | 0.10                 | Decimal 0.10         |

  Scenario: word and anonymous parameters
    When word a-b/c then anything at all is taken
    Then the arguments are 'a-b/c|anything at all'

  Scenario Outline: enum types that step definitions use
    When the colour <colour> is taken
    Then the arguments are '<read>'

    Examples:
      | colour    | read     |
      | Red       | Red      |
      | red       | Red      |
      | dark blue | DarkBlue |

  Scenario Outline: optional text, alternatives and escapes
    When <text>
    Then the arguments are '<read>'

    Examples:
      | text                       | read |
      | 1 GPU is claimed (at once) | 1    |
      | 2 GPUs are claimed (at once) | 2  |

  Scenario: regular expressions with and without anchors
    When gpu-7 of node-12 is taken
    Then the arguments are '7|12'
    When exactly 5 is taken
    Then the arguments are '7|12|5'

  Scenario: groups that take no part give no argument
    When nothing more is taken
    Then the arguments are 'nothing'

  Scenario: transformations
    When the size 80 GiB is taken
    And the moment 1 hour is taken
    Then the arguments are '85899345920|01:00:00'

  Scenario: a star and But continue the kind of step before
    Given a given step
    * a given step
    But a given step
    Then the arguments are 'given|given|given'
