using System.Diagnostics;

namespace Portal.Web.Tests.Hosting;

/// <summary>The portal as people start it: its own process, with settings from the environment.</summary>
internal sealed class PortalProcess : IAsyncDisposable
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

    public async Task<string> FirstLineAsync()
    {
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        return await _process.StandardOutput.ReadLineAsync(patience.Token) ?? $"(ended: {await _process.StandardError.ReadToEndAsync(patience.Token)})";
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
