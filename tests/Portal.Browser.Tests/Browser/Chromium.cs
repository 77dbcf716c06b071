using Microsoft.Playwright;

namespace Portal.Browser.Tests.Browser;

/// <summary>One browser for all tests; each test has its own context in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>How long a page may take for one thing, in milliseconds.</summary>
    public const int Patience = 30_000;

    // The system's browser: the tests download nothing.
    private const string Executable = "/usr/bin/chromium";

    private IPlaywright? _driver;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Executable))
        {
            throw new InvalidOperationException($"{Executable} is missing. tests/run installs it (Debian package chromium); install it to run these tests.");
        }

        // A busy machine is slow; a page that is wrong stays wrong longer than this.
        Assertions.SetDefaultExpectTimeout(Patience);
        _driver = await Playwright.CreateAsync();
        Browser = await _driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Headless = true,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _driver?.Dispose();
    }
}
