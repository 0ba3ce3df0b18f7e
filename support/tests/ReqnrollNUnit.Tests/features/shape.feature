@serial @shape
Feature: Shape of a "fixture"
  Read by FixtureTests.

  @fast
  Scenario: a title, with the user's GPU-pool
    Given a given step

  Scenario Outline: rows
    Given a given step

    Examples:
      | a b | c |
      | 1   | 2 |

    @tagged
    Examples:
      | a b | c |
      | 3   | 4 |

  @Serial
  Scenario: another
    Given a given step
