Feature: Tables and doc strings

  Scenario: a table keeps its rows and columns
    When the table is taken:
      | pool | GPU count |
      | a100 | 8         |
      | h100 |           |
    Then its columns are "pool, GPU count"
    And row 1 has "a100" under "pool" and "8" at 1
    And row 2 has "h100" under "pool" and "" at 1

  Scenario: a set of records
    When the pools are:
      | name | gpu count | kind | labels   | spare |
      | a100 | 8         | real | x, y     | 1     |
      | l40s | 4         | fake |          |       |
    Then pool 1 is "Pool { Name = a100, GpuCount = 8, Kind = Real, Labels = x+y, Spare = 1 }"
    And pool 2 is "Pool { Name = l40s, GpuCount = 4, Kind = Fake, Labels = , Spare = none }"

  Scenario: one instance of a vertical table
    When the machine is:
      | Field   | Value |
      | Name    | node1 |
      | Is Real | true  |
    Then the machine is called "node1" and is real

  Scenario: one instance of a single row
    When the machine is:
      | Name  | Is Real |
      | node2 | true    |
    Then the machine is called "node2" and is real

  Scenario: a transformation takes a table
    When the total of the table is taken:
      | n |
      | 1 |
      | 2 |
    Then the arguments are '3'

  Scenario Outline: a doc string keeps its lines and has examples filled in
    When the text is taken:
      """
      first <what> {0}
        "second" \ line
      """
    Then the arguments are '<expected>'

    Examples:
      | what | expected                             |
      | one  | first one {0}/  "second" \\ line     |
