using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Portal.Web.Tests.Hosting;

/// <summary>The portal as people start it: its own process, with settings from the environment.</summary>
internal sealed partial class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private PortalProcess(Process process) => _process = process;

    public static PortalProcess Start(string directory, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Portal.Web.dll")])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Waits for the end and returns what was said.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> EndAsync()
    {
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        var output = _process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = _process.StandardError.ReadToEndAsync(patience.Token);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, await output, await errors);
    }

    /// <summary>The first line of the output that holds the text.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The portal ended without saying \"{text}\": {await _process.StandardError.ReadToEndAsync(patience.Token)}");
    }

    /// <summary>Waits until the portal serves and returns where.</summary>
    public async Task<Uri> AddressAsync() => new(Address().Match(await LineAsync("Portal serves on ")).Value);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"http://[0-9.]+:\d+")]
    private static partial Regex Address();
}
