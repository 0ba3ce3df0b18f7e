using Reqnroll;

namespace Steps.Tests;

/// <summary>Steps with each of the things that a step can have, and two that fit the same text.</summary>
[Binding]
public sealed class Sample
{
    [StepArgumentTransformation("(apple|ripe pear)", Name = "fruit")]
    public static Fruit ToFruit(string words) => new(words);

    [StepArgumentTransformation("((?:with|without) .+)", Name = "change")]
    public static Change ToChange(string words) => words.StartsWith("with a", StringComparison.Ordinal) ? new(words) : throw new ArgumentException(words);

    [StepArgumentTransformation("(tenant \"[^\"]+\"|the (?:owner|guest))", Name = "actor")]
    public static Actor ToActor(string words) => new(words);

    [When("{actor} sees the basket")]
    public static void Sees(Actor who) => _ = who;

    [Given("a basket of {string}")]
    public static void ABasket(string whose) => _ = whose;

    [When("{string} eats {int} {fruit}(s)")]
    public static void Eats(string who, int many, Fruit fruit) => _ = (who, many, fruit);

    [When("{string} eats {int} {fruit}(s) {change}")]
    public static void EatsWith(string who, int many, Fruit fruit, Change change) => _ = (who, many, fruit, change);

    [Then("{string} has eaten")]
    public static void HasEaten(string who) => _ = who;

    [Then(@"{word} has eaten")]
    public static void HasEatenToo(string who) => _ = who;

    [Then("these are left:")]
    public static void AreLeft(DataTable rest) => _ = rest;
}

/// <summary>A pattern that Reqnroll finds too complex.</summary>
public sealed record Actor(string Words);

/// <summary>A list of words.</summary>
public sealed record Fruit(string Words);

/// <summary>Words by a pattern.</summary>
public sealed record Change(string Words)
{
    /// <summary>What there is.</summary>
    public static IEnumerable<string> Forms => ["with a {string}"];
}
