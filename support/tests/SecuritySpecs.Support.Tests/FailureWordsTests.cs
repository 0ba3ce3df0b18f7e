using FluentAssertions.Common;
using FluentAssertions.Execution;
using SecuritySpecs.Steps.Run;

namespace SecuritySpecs.Tests;

/// <summary>Each kind of assertion that the steps use, failing: its message has no C# in it.</summary>
[TestFixture]
[NonParallelizable]
public sealed class FailureWordsTests
{
    private static readonly string Long = new('x', 3000);
    private static readonly ApiAnswer Answer = new("tenant \"blue\"", "GET", "/api/v1/nodes", 200, null, Long, null, DateTimeOffset.UnixEpoch, TimeSpan.Zero);
    private static readonly string[] Found = ["blue", "green"];

    [OneTimeSetUp]
    public void Speak() => FailureWords.Use();

    [OneTimeTearDown]
    public void Forget() => Services.ResetToDefaults();

    private static IEnumerable<TestCaseData> Failures()
    {
        var (limit, answer, seen) = (3, Answer, (IReadOnlyList<ApiAnswer>)[Answer, Answer]);
        yield return Of("a call", () => Holes().Should().BeEmpty("each tenant's GPUs should be counted"), "Expected the result to be empty because each tenant's GPUs should be counted, but found");
        yield return Of("an awaited call", async () => (await HolesAsync()).Should().BeEmpty("each is counted"), "Expected the result to be empty because each is counted, but found");
        yield return Of("a property", () => answer.Code.Should().Be(403, "it is another's"), "Expected the code to be 403 because it is another's, but found 200");
        yield return Of("a property of two words", () => answer.Path.Length.Should().BeLessThan(limit), "Expected the length to be less than 3");
        yield return Of("a local", () => limit.Should().BeGreaterThan(5, "it is the limit"), "Expected the limit to be greater than 5 because it is the limit, but found 3");
        yield return Of("a truth", () => answer.Allowed.Should().BeFalse("the pod should be refused: {0}", answer), "The pod should be refused: GET /api/v1/nodes as tenant \"blue\" -> 200");
        yield return Of("a condition", () => seen.Should().OnlyContain(a => a.Code > limit * 200), "Expected the seen to contain only items matching what the step says");
        yield return Of("a match", () => answer.Should().Match<ApiAnswer>(a => a.Code == limit && a.Reason == "x", "it is refused"), "Expected the answer to match what the step says because it is refused");
        yield return Of("all alike", () => Found.Should().AllBe("red", "the mistake was made there"), "because the mistake was made there");
        yield return Of("equivalence", () => seen.Should().BeEquivalentTo([new { Code = 1 }]), "Code");
        yield return Of("texts", () => Found.Should().Equal("blue"), "Expected the found to be equal to {\"blue\"}, but");
        yield return Of("a selection", () => seen.Select(a => a.Code + limit).Should().BeEmpty(), "Expected the result to be empty, but found");
        yield return Of("JSON", () => JsonNode.Parse($$"""{"a": "{{Long}}"}""").Should().BeNull("it is gone"), "to be <null> because it is gone, but found {\"a\":\"xxx");
        yield return Of("two in a scope", () =>
        {
            using var scope = new AssertionScope();
            Found.Should().AllBe("red");
            answer.Code.Should().Be(403);
        }, "Expected the code to be 403, but found 200");

        static TestCaseData Of(string name, Delegate fail, string message) => new TestCaseData(fail, message).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Failures))]
    public async Task A_failed_assertion_is_told_in_words(Delegate fail, string message)
    {
        Exception? failure = null;
        try
        {
            await (fail.DynamicInvoke() as Task ?? Task.CompletedTask);
        }
        catch (Exception e)
        {
            failure = e is System.Reflection.TargetInvocationException ? e.InnerException : e;
        }

        var told = failure!.Message;
        TestContext.Out.WriteLine(told);
        failure.Should().BeOfType<AssertionException>();
        told.Contains(message, StringComparison.Ordinal).Should().BeTrue("this is the message: {0}", told);
        foreach (var code in (string[])["<>", "DisplayClass", "With configuration", "Async(", "=>", "value(", "Expected (", "System.", "ApiAnswer {", "\u0060"])
            told.Contains(code, StringComparison.Ordinal).Should().BeFalse("{0} is no word of a message: {1}", code, told);
        told.Length.Should().BeLessThan(2000);
    }

    [Test]
    public void A_failure_is_told_once_by_whoever_says_it()
    {
        var cause = new ArgumentException("no tenant \"red\"");

        FailureWords.Of(new InvalidOperationException($"Error calling binding method 'Steps:When(String)': {cause.Message}", cause)).Should().Be(cause.Message);
        FailureWords.Of(new AggregateException(cause)).Should().Be(cause.Message);
        FailureWords.Of(new HttpRequestException("no answer", new IOException("cut off"))).Should().Be("no answer Caused by: cut off");
        FailureWords.Of(new HttpRequestException("no answer: cut off", new IOException("cut off"))).Should().Be("no answer: cut off");
    }

    private static string[] Holes() => Found;

    private static Task<string[]> HolesAsync() => Task.FromResult(Found);
}
