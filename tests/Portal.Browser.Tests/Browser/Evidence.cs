using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Portal.Browser.Tests.Browser;

/// <summary>What a failed test leaves behind: picture, page, console, trace, and what the portal wrote.</summary>
internal sealed class Evidence
{
    private readonly IPage _page;
    private readonly ConcurrentQueue<string> _console = new();

    private Evidence(IPage page) => _page = page;

    public static async Task<Evidence> CollectAsync(IPage page)
    {
        var evidence = new Evidence(page);
        page.Console += (_, message) => evidence._console.Enqueue($"{message.Type}: {message.Text} ({message.Location})");
        page.PageError += (_, error) => evidence._console.Enqueue($"page error: {error}");
        page.RequestFailed += (_, request) => evidence._console.Enqueue($"request failed: {request.Method} {request.Url}: {request.Failure}");
        await page.Context.Tracing.StartAsync(new() { Screenshots = false, Snapshots = true });
        return evidence;
    }

    public async Task KeepAsync(string portalSaid)
    {
        var test = TestContext.Current.Test!.TestDisplayName;
        var folder = Path.Combine(Root(), string.Concat(test.Split(Path.GetInvalidFileNameChars())).Replace(' ', '-'));
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "console.txt"), $"{_page.Url}{Environment.NewLine}{string.Join(Environment.NewLine, _console)}");
        await File.WriteAllTextAsync(Path.Combine(folder, "portal.txt"), portalSaid);
        await _page.ScreenshotAsync(new() { Path = Path.Combine(folder, "page.png"), FullPage = true });
        await File.WriteAllTextAsync(Path.Combine(folder, "page.html"), await _page.ContentAsync());
        await _page.Context.Tracing.StopAsync(new() { Path = Path.Combine(folder, "trace.zip") });
        await Console.Error.WriteLineAsync($"{test} failed; see {folder}");
    }

    // tests/run names the folder; in an editor the evidence lies beside the tests.
    private static string Root() =>
        Path.Combine(Environment.GetEnvironmentVariable("PORTAL_TEST_RESULTS") ?? Path.Combine(AppContext.BaseDirectory, "test-results"), "browser");
}
