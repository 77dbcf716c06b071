using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.Edge;

/// <summary>Who is let in, and to whom an edge speaks.</summary>
public sealed class EdgeEntryTests : EdgeTest
{
    private protected override EnvironmentSpec Spec => LocalEdge.Spec with
    {
        Edge = LocalEdge.Spec.Edge with { DefaultTtlSeconds = 0 },
        LoadBalancer = LocalEdge.Spec.LoadBalancer with { MaxBodyMiB = 1 },
    };

    [Fact]
    public async Task Http_ToTheHost_IsSentToHttpsAndToNoOther()
    {
        using var plain = new Browser(Edge.PlainPort);

        var answer = await plain.GetAsync($"http://{LocalEdge.Host}/x?y=1");

        Assert.Equal((308, $"https://{LocalEdge.Host}/x?y=1"), (answer.Status, answer.Headers["Location"]));
        Assert.Equal(421, (await plain.GetAsync("http://evil.example/x")).Status);
    }

    [Fact]
    public async Task Https_OfAnUnknownHost_IsRefusedAlsoBehindTheNameOfTheHost()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => Edge.Browser.GetAsync("https://evil.example/x"));
        Assert.StartsWith("HTTP/1.1 421 ", await AskAsync("evil.example"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(LocalEdge.Host), StringComparison.Ordinal);
        Assert.Equal(1, Origin.AllHits);
    }

    [Fact]
    public async Task Tls_OlderThanTwelve_IsRefused()
    {
        // Asked of openssl, because this process's own settings may refuse it first; the control shows that it can speak at all.
        Assert.Contains("Verify return code: 0", await HandshakeAsync("-tls1_2"), StringComparison.Ordinal);
        Assert.Contains("alert protocol version", await HandshakeAsync("-tls1_1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatSaysNothing_IsNotKeptWhereTheSpecKeepsNothingByDefault()
    {
        await GetAsync("/page");

        Assert.Equal("MISS", (await GetAsync("/page")).Cache);
    }

    [Fact]
    public async Task Body_LargerThanTheLimit_IsRefusedBeforeTheOrigin()
    {
        using var body = new ByteArrayContent(new byte[1024 * 1024 + 1]);

        Assert.Equal(413, (await Edge.Browser.SendAsync(HttpMethod.Post, $"https://{LocalEdge.Host}/upload", body)).Status);
        Assert.Equal(0, Origin.AllHits);
    }

    [Fact]
    public async Task LoadBalancer_WithACertificateOfSomebodyElse_IsNotBelieved()
    {
        await using var impostor = await Origin.StartAsync(_ => Task.CompletedTask, LocalEdge.Upstream(Stack));
        await using var edge = await LocalEdge.StartAsync(Stack, LocalEdge.Upstream(Stack), impostor.Port);

        Assert.Equal(502, (await edge.GetAsync("/page")).Status);
        Assert.Equal(0, impostor.AllHits);
    }

    // As the two generations of a rotation are rendered: both authorities while the load balancer changes over, and then the new one alone.
    [Fact]
    public async Task LoadBalancer_InARotation_IsBelievedWithBothCertificatesAndThenWithTheNewOneAlone()
    {
        var during = RenderedText.Stack(Spec with { DayTwo = new() { LoadBalancerCertificate = new(2, KeepsPrevious: true) } });
        var after = RenderedText.Stack(Spec with { DayTwo = new() { LoadBalancerCertificate = new(2) } });
        var (old, renewed) = (KeyPair.Of(during, "load-balancer-tls"), KeyPair.Of(after, "load-balancer-tls-2"));
        await using var before = await Origin.StartAsync(_ => Task.CompletedTask, old);
        await using var changed = await Origin.StartAsync(_ => Task.CompletedTask, renewed);

        Assert.Equal((200, 200), (await AskedByAsync(during, [renewed, old], before), await AskedByAsync(during, [renewed, old], changed)));
        Assert.Equal((502, 200), (await AskedByAsync(after, [renewed], before), await AskedByAsync(after, [renewed], changed)));
    }

    private static async Task<int> AskedByAsync(RenderedStack stack, IReadOnlyList<KeyPair> trusted, Origin balancer)
    {
        await using var edge = await LocalEdge.StartAsync(stack, trusted, balancer.Port);
        return (await edge.GetAsync("/page")).Status;
    }

    /// <summary>A request for any host over a connection that was made for ours, as a browser never sends it.</summary>
    private async Task<string> AskAsync(string host)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Edge.Port);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = LocalEdge.Host, CertificateChainPolicy = Browser.Trusting(Edge.Authority) });
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET /x HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(tls);
        return await reader.ReadLineAsync() ?? "";
    }

    private async Task<string> HandshakeAsync(string version) => (await RunToEnd.Async(
        "openssl", ["s_client", "-connect", $"127.0.0.1:{Edge.Port}", "-servername", LocalEdge.Host, "-CAfile", Edge.AuthorityFile, "-cipher", "DEFAULT@SECLEVEL=0", version])).Output;
}
