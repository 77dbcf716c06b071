using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;
using Portal.Provisioning.Blueprint;
using Portal.Testing;

namespace Portal.DataPath.Tests.Edge;

/// <summary>A Secret that cert-manager or the team renews in place, as the kubelet brings it into the pod, with the rendered container beside nginx.</summary>
public sealed class RenewedCertificateTests : IAsyncLifetime
{
    private static readonly EnvironmentSpec s_spec = LocalEdge.Spec with { Edge = LocalEdge.Spec.Edge with { Certificate = new() { Source = CertificateSource.Provided, SecretName = "shop-tls" } } };

    private readonly RenderedStack _stack = RenderedText.Stack(s_spec);
    private Origin _origin = null!;
    private LocalEdge _edge = null!;
    private LocalProgram _reload = null!;

    public async ValueTask InitializeAsync()
    {
        var upstream = LocalEdge.Upstream(_stack);
        _origin = await Origin.StartAsync(context => context.Response.Body.WriteAsync("page"u8.ToArray()).AsTask(), upstream);
        _edge = await LocalEdge.StartAsync(_stack, upstream, _origin.Port, shown: Pair());
        var script = RenderedText.Of(_stack, "edge-reload", "reload.sh").Save(_edge.Directory, "reload.sh");
        _reload = LocalProgram.Start(Path.Combine(_edge.Directory, "reload.log"), "/bin/sh", [script, _edge.CertificateFolder, Path.Combine(_edge.Directory, "tmp", "nginx.pid")],
            new Dictionary<string, string> { ["EVERY_SECONDS"] = "0.2" });
        await _reload.UntilAsync(() => Task.FromResult(Told() == 1), "nginx was told once at the start");
    }

    public async ValueTask DisposeAsync()
    {
        await _reload.DisposeAsync();
        await _edge.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Secret_RenewedInPlace_IsShownWithoutARestart()
    {
        var process = await ProcessAsync();
        var renewed = Pair();
        Assert.NotEqual(Thumbprint(renewed), await ShownAsync());

        await _edge.RenewAsync(renewed);

        await Eventually.Holds(ShownAsync, shown => shown == Thumbprint(renewed), "the edge shows the renewed certificate");
        Assert.Equal(process, await ProcessAsync());
        Assert.True(_edge.Nginx.IsRunning);
    }

    [Fact]
    public async Task Secret_ThatNginxRefuses_LeavesTheOldOneUntilAGoodOneComes()
    {
        var before = await ShownAsync();
        var (one, other) = (Pair(), Pair());

        await _edge.RenewAsync(one with { Key = other.Key });
        await Eventually.Holds(() => _edge.Nginx.Log.Contains("key values mismatch", StringComparison.Ordinal), "nginx says what is wrong with the pair");
        Assert.Equal(before, await ShownAsync());

        await _edge.RenewAsync(one);
        await Eventually.Holds(ShownAsync, shown => shown == Thumbprint(one), "the edge shows the whole pair");
    }

    [Fact]
    public async Task Nginx_StartedAgain_IsToldByItsNewProcess()
    {
        await _edge.ReplaceAsync(_stack);
        var renewed = Pair();

        await _edge.RenewAsync(renewed);

        await Eventually.Holds(ShownAsync, shown => shown == Thumbprint(renewed), "the new process shows the renewed certificate");
    }

    /// <summary>As an authority issues it for the host.</summary>
    private static KeyPair Pair() => KeyPair.OfEdge(RenderedText.Stack(LocalEdge.Spec));

    private int Told() => _reload.Log.Split("was told").Length - 1;

    private async Task<string> ProcessAsync() => await File.ReadAllTextAsync(Path.Combine(_edge.Directory, "tmp", "nginx.pid"));

    private static string Thumbprint(KeyPair pair)
    {
        using var certificate = X509Certificate2.CreateFromPem(pair.Certificate);
        return certificate.Thumbprint;
    }

    private async Task<string> ShownAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _edge.Port);
        var shown = "";
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
        {
            // Which one it is, is the question, not who signed it.
            shown = (certificate as X509Certificate2)?.Thumbprint ?? "";
            return shown.Length > 0;
        });
        await tls.AuthenticateAsClientAsync(LocalEdge.Host);
        return shown;
    }
}
