using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Portal.Testing;

namespace Portal.Browser.Tests.Hosting;

/// <summary>The built portal as its own process, which can be killed like any other.</summary>
/// <remarks>A small shell holds it and watches a pipe of this process: nothing stays when the tests end, crash or are killed.</remarks>
internal sealed class PortalProcess : IAsyncDisposable
{
    private const string Supervisor = """
        exec 3<&0
        "$@" </dev/null 3<&- &
        portal=$!
        (read -r -u 3 _; kill -KILL "$portal") 2>/dev/null &
        watcher=$!
        wait "$portal" 2>/dev/null
        code=$?
        kill "$watcher" 2>/dev/null
        exit "$code"
        """;

    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly Process _shell;
    private readonly ConcurrentQueue<string> _said = new();

    private PortalProcess(Process shell)
    {
        _shell = shell;
        shell.OutputDataReceived += (_, line) => Hear(line.Data);
        shell.ErrorDataReceived += (_, line) => Hear(line.Data);
        shell.BeginOutputReadLine();
        shell.BeginErrorReadLine();
    }

    /// <summary>What the portal has written so far.</summary>
    public string Said => string.Join(Environment.NewLine, _said);

    /// <summary>Starts the portal and waits until it answers that it is ready.</summary>
    public static async Task<PortalProcess> StartAsync(Uri address, string dataDirectory)
    {
        var start = new ProcessStartInfo("bash", ["-c", Supervisor, "portal", "dotnet", Program(), $"--Urls={address.GetLeftPart(UriPartial.Authority)}", $"--Data:Directory={dataDirectory}"])
        {
            WorkingDirectory = dataDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var portal = new PortalProcess(Process.Start(start)!);
        try
        {
            await portal.WaitUntilReadyAsync(new(address, "/healthz/ready"));
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9: the portal gets no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _shell.Dispose();
    }

    // What users run, not the copy of it beside the tests: that one lacks the list of static files.
    private static string Program()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Portal.Web", own.Name, "Portal.Web.dll");
        return File.Exists(program) ? program : throw new InvalidOperationException($"The portal is not built: {program} is missing. Build the solution first.");
    }

    private async Task WaitUntilReadyAsync(Uri ready)
    {
        using var client = new HttpClient();
        await Eventually.Holds(
            async () =>
            {
                if (_shell.HasExited)
                {
                    throw new InvalidOperationException($"The portal ended with {_shell.ExitCode} instead of starting. It said:{Environment.NewLine}{Said}");
                }

                try
                {
                    using var answer = await client.GetAsync(ready);
                    return answer.StatusCode == HttpStatusCode.OK && (await answer.Content.ReadAsStringAsync()).Contains("\"healthy\"", StringComparison.Ordinal) ? "" : $"{answer.StatusCode}";
                }
                catch (HttpRequestException notYet)
                {
                    return notYet.Message;
                }
            },
            trouble => trouble.Length == 0,
            $"the portal to be ready at {ready}",
            s_startPatience,
            s_pause);
    }

    private void Hear(string? line)
    {
        if (line is not null)
        {
            _said.Enqueue(line);
        }
    }
}
