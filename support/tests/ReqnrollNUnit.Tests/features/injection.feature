Feature: Injection

  Scenario: binding classes of one scenario share what they inject
    When one class adds "x"
    And another class adds "y"
    Then both classes see "x y"

  Scenario: every scenario starts with its own objects
    When another class adds "z"
    Then both classes see "z"

  @registers
  Scenario: hooks register what later bindings inject
    Then the clock is the one that the hook registered
    And the factory has run once
    And names tell registrations apart
    And what the run registered is shared with all scenarios
    And an unknown type is not registered
