using Microsoft.Playwright;
using SecuritySpecs.Tests;

namespace Browser.Tests;

/// <summary>Debian's chromium, and the page of a whole run on the disk.</summary>
[SetUpFixture]
public sealed class Browser
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("posture").FullName;
    private static IPlaywright? _playwright;
    private static IBrowser? _chromium;

    /// <summary>The address of the page.</summary>
    public static string Page { get; } = Address("posture.html");

    /// <summary>The address of a page with all its parts and few scenarios.</summary>
    public static string SmallPage { get; } = Address("small.html");

    [OneTimeSetUp]
    public static async Task Start()
    {
        await File.WriteAllTextAsync(new Uri(Page).LocalPath, HtmlReport.Render(SamplePosture.Of()));
        await File.WriteAllTextAsync(new Uri(SmallPage).LocalPath, HtmlReport.Render(SamplePosture.Of(most: 30)));
        _playwright = await Playwright.CreateAsync();
        _chromium = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", ChromiumSandbox = false });
    }

    [OneTimeTearDown]
    public static async Task Stop()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        _playwright?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Opens the page. It is offline, and an error in its script fails the test.</summary>
    /// <param name="options">Colours, width and the like.</param>
    /// <param name="address">The page; null for that of a whole run.</param>
    public static async Task<IPage> OpenAsync(BrowserNewContextOptions? options = null, string? address = null)
    {
        options ??= new();
        options.Offline = true;
        var page = await (await _chromium!.NewContextAsync(options)).NewPageAsync();
        page.PageError += (_, error) => Assert.Fail(error);
        page.SetDefaultTimeout(5_000);
        await page.GotoAsync(address ?? Page);
        return page;
    }

    private static string Address(string file) => new Uri(Path.Combine(Folder, file)).AbsoluteUri;
}
