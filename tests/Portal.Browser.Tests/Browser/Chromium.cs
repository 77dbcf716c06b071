using Microsoft.Playwright;

namespace Portal.Browser.Tests.Browser;

/// <summary>One browser for all tests; each test has its own context in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
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
