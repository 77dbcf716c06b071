using System.Diagnostics;

namespace Portal.DataPath.Tests.Programs;

/// <summary>A real program that runs on this machine for as long as a test needs it.</summary>
/// <remarks>A small supervisor (supervise.sh) watches a pipe that this process holds open, so nothing stays when the tests end, crash or are killed.</remarks>
internal sealed class LocalProgram : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly Process _supervisor;
    private readonly string _log;

    private LocalProgram(Process supervisor, string log)
    {
        _supervisor = supervisor;
        _log = log;
    }

    public bool IsRunning => !_supervisor.HasExited;

    /// <summary>What the program has written up to now.</summary>
    public string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <param name="log">File that takes the program's output.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    public static LocalProgram Start(string log, string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "supervise.sh"), log, program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!, log);
    }

    /// <summary>Waits for a condition; fails with the program's output when the program ends before.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null) => await Portal.Testing.Eventually.Holds(
        async () =>
        {
            if (!IsRunning)
            {
                throw new InvalidOperationException($"The program ended while the test waited for: {what}\n{Log}");
            }

            return await condition();
        },
        held => held, what, within);

    /// <summary>Ends the program and waits until it is gone.</summary>
    public async Task StopAsync()
    {
        if (!_supervisor.HasExited)
        {
            _supervisor.StandardInput.Close();
            await _supervisor.WaitForExitAsync().WaitAsync(s_patience, TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _supervisor.Dispose();
    }
}
