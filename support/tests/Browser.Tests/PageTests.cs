using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>What people do with the page: open it from the disk, filter, unfold, follow a link, print; and whether everybody can read it.</summary>
[TestFixture]
public sealed class PageTests
{
    private const string Linked = "features/20-rbac-and-quotas/gpu-quota.feature:";

    [Test]
    public async Task It_opens_within_a_second_and_asks_for_nothing_from_elsewhere()
    {
        var page = await Browser.OpenAsync();
        List<string> asked = [];
        page.Request += (_, request) => asked.Add(request.Url);

        await page.ReloadAsync();

        asked.Should().OnlyContain(url => url == Browser.Page || url.StartsWith("data:", StringComparison.Ordinal));
        (await page.EvaluateAsync<double>("performance.getEntriesByType('navigation')[0].loadEventEnd")).Should().BePositive().And.BeLessThan(1_000);
    }

    [Test]
    public async Task The_filter_leaves_what_has_all_words_and_a_status()
    {
        var page = await Browser.OpenAsync();
        var (words, shown, counted) = (page.GetByLabel("Find"), page.Locator("details.scenario:not([hidden])"), page.Locator("#filter output"));
        var all = await page.Locator("details.scenario").CountAsync();

        await words.FillAsync("gpu-quota.feature RACE-no-such-word");
        await Assertions.Expect(counted).ToHaveTextAsync($"0 of {all} scenarios");
        await words.FillAsync("AML.T0034 cannot request more than the whole quota");
        await Assertions.Expect(shown).ToHaveCountAsync(1);
        await Assertions.Expect(shown).ToContainTextAsync("One pod cannot request more than the whole quota");
        await words.FillAsync("exceeded quota: gpu-quota");
        await Assertions.Expect(shown).ToHaveCountAsync(0);
        await page.GetByLabel("in steps and evidence, too").CheckAsync();
        (await shown.CountAsync()).Should().BeGreaterThan(600, "the evidence of each scenario that ran says so");
        await page.GetByRole(AriaRole.Button, new() { Name = "All" }).ClickAsync();
        await page.GetByLabel("passed", new() { Exact = true }).UncheckAsync();
        await Assertions.Expect(counted).ToHaveTextAsync($"2 of {all} scenarios");
    }

    [Test]
    public async Task A_link_to_a_scenario_unfolds_it_with_its_evidence_though_the_filter_hides_it()
    {
        var page = await Browser.OpenAsync();
        var id = await page.Locator($"details[id^='{Linked}']").Nth(2).GetAttributeAsync("id");
        await page.GetByLabel("passed", new() { Exact = true }).UncheckAsync();

        await page.EvaluateAsync("id => location.hash = id", id);

        var scenario = page.Locator($"[id='{id}']");
        await Assertions.Expect(scenario).ToHaveAttributeAsync("open", "");
        await Assertions.Expect(scenario).ToBeInViewportAsync();
        await Assertions.Expect(scenario.Locator(".e").First).ToContainTextAsync("POST /api/v1/namespaces/");
        (await scenario.Locator(".e").CountAsync()).Should().Be(3 * await scenario.Locator(".s").CountAsync());
    }

    [Test]
    public async Task A_scenario_folds_by_the_keyboard_and_all_that_are_shown_by_a_button()
    {
        var page = await Browser.OpenAsync();
        var (first, open) = (page.Locator("details.scenario").First, page.Locator("details.scenario[open]"));

        await first.Locator("summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(first).ToHaveAttributeAsync("open", "");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(first).Not.ToHaveAttributeAsync("open", "");
        await page.GetByLabel("Find").FillAsync("gpu-limit-range.feature");
        await page.GetByRole(AriaRole.Button, new() { Name = "Unfold" }).ClickAsync();
        var shown = await page.Locator("details.scenario:not([hidden])").CountAsync();
        await Assertions.Expect(open).ToHaveCountAsync(shown + 1, new() { Timeout = 5_000 }); // and the failed one, which is open from the start
    }

    [Test]
    public async Task It_prints_the_verdicts_and_what_is_shown_without_the_filter()
    {
        var page = await Browser.OpenAsync();
        await page.GetByLabel("Find").FillAsync("gpu-limit-range.feature");

        var pdf = await page.PdfAsync(new() { Format = "A4" });
        await page.EmulateMediaAsync(new() { Media = Media.Print });

        pdf.Length.Should().BeGreaterThan(20_000);
        await Assertions.Expect(page.Locator("#filter")).ToBeHiddenAsync();
        (await page.Locator("section.feature:visible").CountAsync()).Should().Be(1);
    }

    [TestCase(ColorScheme.Light, 1280)]
    [TestCase(ColorScheme.Dark, 1280)]
    [TestCase(ColorScheme.Light, 360)]
    public async Task Axe_finds_nothing_by_WCAG_2_2_AA(ColorScheme scheme, int width)
    {
        var page = await Browser.OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } }, Browser.SmallPage);

        var found = await page.RunAxe(new AxeRunOptions { RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } });

        found.Passes.Should().NotBeEmpty();
        found.Violations.Select(v => $"{v.Id}: {v.Help}: {string.Join("; ", v.Nodes.Take(3).Select(n => n.Html))}").Should().BeEmpty();
        (await page.EvaluateAsync<string[]>("width => [...document.querySelectorAll('main *:not(.grid *)')].filter(e => e.getBoundingClientRect().right > width).map(e => e.outerHTML.slice(0, 80))", width))
            .Should().BeEmpty("nobody scrolls sideways");
    }

    [Test]
    public async Task Without_scripts_it_has_the_verdicts_the_features_and_the_evidence_of_what_failed()
    {
        var page = await Browser.OpenAsync(new() { JavaScriptEnabled = false });

        await Assertions.Expect(page.GetByText("1 FAILED").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#filter")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("noscript")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("details.scenario[open] .e").First).ToBeVisibleAsync();
    }
}
