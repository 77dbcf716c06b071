using System.Globalization;
using System.Text.RegularExpressions;
using Portal.DataPath.Tests.Programs;
using Portal.Testing;

namespace Portal.DataPath.Tests.Web;

/// <summary>The installed nginx with a rendered configuration, on loopback.</summary>
internal sealed partial class LocalNginx : IAsyncDisposable
{
    private readonly LocalProgram _program;
    private readonly HttpClient _status = new();
    private readonly string _directory;
    private readonly int _statusPort;

    private LocalNginx(LocalProgram program, string directory, int statusPort)
    {
        _program = program;
        _directory = directory;
        _statusPort = statusPort;
    }

    public bool IsRunning => _program.IsRunning;

    public string Log => _program.Log;

    /// <summary>A directory for one nginx: where the pod has its volumes.</summary>
    public static string NewDirectory()
    {
        var directory = TemporaryDirectory.Create("portal-nginx-");
        Directory.CreateDirectory(Path.Combine(directory, "tmp"));
        return directory;
    }

    /// <summary>The volumes of the pod as folders of the directory, the status port, and HTTP/2 and HTTP/3 as far as the installed version knows them.</summary>
    public static async Task<RenderedText> LocalAsync(RenderedText rendered, string directory, int statusPort)
    {
        var local = rendered.With("/tmp/", $"{directory}/tmp/").With("listen 8081", $"listen 127.0.0.1:{statusPort}");
        if (local.Text.Contains(" quic", StringComparison.Ordinal) && !await SpeaksHttp3Async())
        {
            local = local with { Text = Quic().Replace(local.Text, "") };
        }

        var spelling = Version().Match((await RunToEnd.Async("nginx", ["-v"])).Output);
        var version = new Version(spelling.Value);
        return version < new Version(1, 25, 1) && local.Text.Contains("http2 on;", StringComparison.Ordinal)
            ? local.With("        http2 on;\n", "").With("listen 8443 ssl", "listen 8443 ssl http2")
            : local;
    }

    /// <summary>Whether the installed nginx was built with HTTP/3. Where it was not, the lines about it are left out.</summary>
    public static async Task<bool> SpeaksHttp3Async() => (await RunToEnd.Async("nginx", ["-V"])).Output.Contains("--with-http_v3_module", StringComparison.Ordinal);

    /// <summary>What the pod's check container runs.</summary>
    public static async Task<(bool IsAccepted, string Output)> TestAsync(RenderedText config, string directory)
    {
        var (code, output) = await RunToEnd.Async("nginx", ["-t", .. Arguments(config.Save(directory, "nginx.conf"))]);
        return (code == 0, output);
    }

    public static async Task<LocalNginx> StartAsync(RenderedText config, string directory, int statusPort)
    {
        var program = LocalProgram.Start(Path.Combine(directory, "log"), "nginx", Arguments(config.Save(directory, "nginx.conf")));
        var nginx = new LocalNginx(program, directory, statusPort);
        await program.UntilAsync(nginx.AnswersAsync, "nginx answers on its status port");
        return nginx;
    }

    /// <summary>How many requests it is working on, this one not counted.</summary>
    public async Task<int> BusyAsync()
    {
        var status = await _status.GetStringAsync(Url("stub_status"));
        return int.Parse(Writing().Match(status).Groups[1].Value, CultureInfo.InvariantCulture) - 1;
    }

    /// <summary>The status of a path of the status port.</summary>
    public async Task<int> StatusAsync(string path)
    {
        using var answer = await _status.GetAsync(Url(path));
        return (int)answer.StatusCode;
    }

    public async Task SignalAsync(string signal)
    {
        var pid = (await File.ReadAllTextAsync(Path.Combine(_directory, "tmp", "nginx.pid"))).Trim();
        Assert.Equal(0, (await RunToEnd.Async("kill", [$"-{signal}", pid])).Code);
    }

    /// <summary>Ends it and keeps what it left on disk.</summary>
    public Task StopAsync() => _program.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _status.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    // As root nginx would hand its work to a user who may not read this test's directory; as anybody else it stays who it is.
    private static string[] Arguments(string config) =>
        ["-c", config, "-g", Environment.IsPrivilegedProcess ? "daemon off; user root;" : "daemon off;"];

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await StatusAsync("healthz") == 200;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
    }

    private string Url(string path) => $"http://127.0.0.1:{_statusPort}/{path}";

    [GeneratedRegex(@"^ +(listen \d+ quic.*|http3 on;)\n", RegexOptions.Multiline)]
    private static partial Regex Quic();

    [GeneratedRegex(@"\d+\.\d+\.\d+")]
    private static partial Regex Version();

    [GeneratedRegex(@"Writing: (\d+)")]
    private static partial Regex Writing();
}
