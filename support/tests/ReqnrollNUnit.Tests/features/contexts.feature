@feature-tag
Feature: Contexts
  The description.

  @scenario-tag
  Scenario Outline: the scenario knows itself
    Given a step of the background kind
    When it looks at itself
    Then it has title "the scenario knows itself" and tags "scenario-tag,example-tag" of "scenario-tag,example-tag,feature-tag"
    And its arguments are "colour=red size=2"
    And its feature is "Contexts" in "features" with tags "feature-tag"

    @example-tag
    Examples:
      | colour | size |
      | red    | 2    |

  Scenario: the step knows itself
    Then the running step is a Then with table
      | a |
      | b |

  Scenario: values are shared by type and by name
    When the number 5 is set
    And the number 6 is set as "six"
    Then the number is 5 and "six" is 6
    And no text is set
