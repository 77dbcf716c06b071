using System.Globalization;
using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;

namespace Portal.DataPath.Tests.Edge;

/// <summary>HTTP/3 at an edge: visitors learn of it over TCP, and get the same answers by it.</summary>
public sealed class Http3Tests : EdgeTest
{
    private const string Quic = "--http3-only";

    private protected override EnvironmentSpec Spec => LocalEdge.Spec with { Edge = LocalEdge.Spec.Edge with { Http3 = true } };

    [Fact]
    public async Task Answer_OverTcp_SaysWhereHttp3Is()
    {
        foreach (var path in (string[])["/page", "/assets/app.js", "/healthz"])
        {
            Assert.Contains("alt-svc: h3=\":443\"; ma=86400", await CurlAsync(LocalEdge.Host, path), StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Browsers believe it of the name that answered, so one that is not ours must not say it.</summary>
    [Fact]
    public async Task Answer_ToAForeignName_SaysNothingOfHttp3() =>
        Assert.DoesNotContain("alt-svc", await CurlAsync("evil.example", "/page", "--insecure"), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task Request_OverQuic_FindsWhatOneOverTcpLeftInTheCache()
    {
        await SkipWithoutAsync();
        await GetAsync("/page");

        var answer = await CurlAsync(LocalEdge.Host, "/page", Quic);
        var foreign = await CurlAsync("evil.example", "/page", Quic, "--insecure");

        Assert.StartsWith("HTTP/3 200", answer, StringComparison.Ordinal);
        Assert.Contains("x-cache: HIT", answer, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("HTTP/3 421", foreign, StringComparison.Ordinal);
        Assert.Equal(1, Origin.AllHits);
    }

    /// <summary>What is private stays so, whichever way it was asked for.</summary>
    [Fact]
    public async Task Request_OverQuicWithALogin_IsNeitherKeptNorAnsweredFromTheCache()
    {
        await SkipWithoutAsync();

        var mine = await CurlAsync(LocalEdge.Host, "/page", Quic, "--header", "Authorization: Basic bWU6bWU=");
        var other = await CurlAsync(LocalEdge.Host, "/page", Quic);

        Assert.Contains("x-cache: BYPASS", mine, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("x-cache: MISS", other, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Basic", other, StringComparison.Ordinal);
    }

    private static async Task SkipWithoutAsync()
    {
        Assert.SkipUnless(await LocalNginx.SpeaksHttp3Async(), "The installed nginx was built without HTTP/3 (http_v3_module).");
        Assert.SkipUnless((await RunToEnd.Async("curl", ["--version"])).Output.Contains("HTTP3", StringComparison.Ordinal), "The installed curl does not speak HTTP/3.");
    }

    private async Task<string> CurlAsync(string host, string path, params string[] more)
    {
        var port = Edge.Port.ToString(CultureInfo.InvariantCulture);
        var (code, output) = await RunToEnd.Async("curl",
            ["--silent", "--show-error", "--max-time", "10", "--include", "--cacert", Edge.AuthorityFile, "--resolve", $"{host}:{port}:127.0.0.1", .. more, $"https://{host}:{port}{path}"]);
        Assert.True(code == 0, output);
        return output;
    }
}
