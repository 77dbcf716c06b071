using System.Net;
using System.Net.Sockets;
using Portal.Provisioning.Kubernetes;
using static Portal.Provisioning.Tests.Kubernetes.ScriptedServer;

namespace Portal.Provisioning.Tests.Kubernetes;

public class FaultTests
{
    private const string Path = "/apis/apps/v1/namespaces/shop/deployments/web";
    private static readonly ObjectRef s_web = new("apps/v1", "Deployment", "shop", "web");

    [Theory]
    [InlineData(409, "Conflict", "the object has been modified", "{}", KubeFault.Conflict)]
    [InlineData(409, "Conflict", "Apply failed with 1 conflict", """{"causes":[{"reason":"FieldManagerConflict","message":"conflict with hpa","field":".spec.replicas"}]}""", KubeFault.FieldManagerConflict)]
    [InlineData(409, "AlreadyExists", "exists", "{}", KubeFault.AlreadyExists)]
    [InlineData(422, "Invalid", "bad", """{"causes":[{"reason":"FieldValueInvalid","message":"must be greater than 0","field":"spec.replicas"}]}""", KubeFault.Invalid)]
    [InlineData(422, "Invalid", "bad", """{"causes":[{"reason":"FieldValueInvalid","message":"Invalid value: field is immutable","field":"spec.selector"}]}""", KubeFault.Immutable)]
    [InlineData(422, "Invalid", "bad", """{"causes":[{"reason":"FieldValueForbidden","message":"Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden","field":"spec"}]}""", KubeFault.Immutable)]
    [InlineData(422, "Invalid", "bad", """{"causes":[{"message":"field is immutable","field":"spec.selector"},{"message":"must be greater than 0","field":"spec.replicas"}]}""", KubeFault.Invalid)]
    [InlineData(422, "Invalid", "a label says: field is immutable", "{}", KubeFault.Invalid)]
    [InlineData(403, "Forbidden", "deployments.apps is forbidden: User \\\"portal\\\" cannot patch", "{}", KubeFault.Forbidden)]
    [InlineData(403, "Forbidden", "forbidden: exceeded quota: team, requested: cpu=2", "{}", KubeFault.QuotaExceeded)]
    [InlineData(403, "Forbidden", "unable to create new content", """{"causes":[{"reason":"NamespaceTerminating","message":"namespace shop is being terminated","field":"metadata.namespace"}]}""", KubeFault.NamespaceTerminating)]
    [InlineData(401, "Unauthorized", "Unauthorized", "{}", KubeFault.Unauthorized)]
    [InlineData(404, "NotFound", "namespaces \\\"shop\\\" not found", """{"name":"shop","kind":"namespaces"}""", KubeFault.NotFound)]
    [InlineData(404, "NotFound", "the server could not find the requested resource", "{}", KubeFault.Unsupported)]
    [InlineData(405, "MethodNotAllowed", "no", "{}", KubeFault.Unsupported)]
    [InlineData(501, "NotImplemented", "not in the sandbox", "{}", KubeFault.Unsupported)]
    [InlineData(400, "BadRequest", "unknown field", "{}", KubeFault.Invalid)]
    [InlineData(500, "InternalError", "webhook failed", "{}", KubeFault.ServerError)]
    [InlineData(504, "Timeout", "etcd", "{}", KubeFault.TimedOut)]
    public async Task Apply_Refused_IsClassifiedAndNamesTheObject(int code, string reason, string message, string details, KubeFault expected)
    {
        await using var server = await StartAsync();
        server.On("PATCH " + Path, Status(code, reason, message, details));
        using var client = server.Client();

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.ApplyAsync(Web(), new ApplyOptions(), TestContext.Current.CancellationToken));

        Assert.Equal(expected, fault.Fault);
        Assert.Equal(code, fault.StatusCode);
        Assert.Equal(s_web, fault.Object);
        Assert.StartsWith("Cannot apply Deployment/shop/web: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public async Task Get_ThrottledThenFine_WaitsAsTheServerAsked()
    {
        await using var server = await StartAsync();
        server.On("GET " + Path, Throttled(1), Json(Web().ToJson()));
        using var client = server.Client();
        var start = TimeProvider.System.GetTimestamp();

        var found = await client.GetAsync(s_web, TestContext.Current.CancellationToken);

        Assert.Equal("web", found?.Name);
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromSeconds(0.95), "Retry-After was not waited for");
    }

    [Fact]
    public async Task Get_ThrottledForLongerThanTheClientWaits_IsThrottledAtOnceWithTheTime()
    {
        await using var server = await StartAsync();
        server.On("GET " + Path, Throttled(120));
        using var client = server.Client();

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.GetAsync(s_web, TestContext.Current.CancellationToken));

        Assert.Equal((KubeFault.Throttled, TimeSpan.FromSeconds(120), true), (fault.Fault, fault.RetryAfter, fault.IsTransient));
        Assert.Single(server.Of("GET " + Path));
    }

    [Fact]
    public async Task Apply_503_IsTriedAgainAndCreateIsNot()
    {
        await using var server = await StartAsync();
        server.On("PATCH " + Path, Status(503, "ServiceUnavailable", "starting"), Json(Web().ToJson()));
        server.On("POST /apis/apps/v1/namespaces/shop/deployments", Status(503, "ServiceUnavailable", "starting"), Json(Web().ToJson()));
        using var client = server.Client();

        await client.ApplyAsync(Web(), new ApplyOptions(), TestContext.Current.CancellationToken);
        var fault = await Assert.ThrowsAsync<KubeException>(() => client.CreateAsync(Web(), TestContext.Current.CancellationToken));

        Assert.Equal(KubeFault.Unavailable, fault.Fault);
    }

    [Fact]
    public async Task Get_NoAnswerInTime_IsTimedOutAndNamesTheServer()
    {
        await using var server = await StartAsync();
        server.On("GET " + Path, Silence);
        using var client = server.Client(Quick with { ReadTimeout = TimeSpan.FromMilliseconds(300) });

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.GetAsync(s_web, TestContext.Current.CancellationToken));

        Assert.Equal(KubeFault.TimedOut, fault.Fault);
        Assert.Contains(server.Address.Authority, fault.Message, StringComparison.Ordinal);
        Assert.Contains("within 0.3 s", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_CancelledByTheCaller_IsCancelledAndNotAFault()
    {
        await using var server = await StartAsync();
        server.On("GET " + Path, Silence);
        using var client = server.Client();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(s_web, cancel.Token));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "refused")]
    [InlineData("https://no-such-host.invalid", "no-such-host.invalid")]
    public async Task Get_Unreachable_IsUnavailableInOneLineNamingTheServer(string address, string says)
    {
        using var client = Client(new ClusterConnection { Name = "far", Server = new Uri(address), Options = Quick });

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.VersionAsync(TestContext.Current.CancellationToken));

        Assert.Equal(KubeFault.Unavailable, fault.Fault);
        Assert.Contains($"The cluster far at {address} cannot be reached: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    /// <summary>Seen once as a bare SocketException: where an opening connection breaks decides which exception the runtime has for it.</summary>
    [Fact]
    public async Task Get_ConnectionsThatBreakWhileTheyAreOpened_AreUnavailableWhereverTheyBreak()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var resets = ResetAllAsync(listener, stop.Token);
        using var client = Client(new ClusterConnection { Name = "far", Server = new Uri($"http://{listener.LocalEndpoint}"), Options = Quick with { MaxRetries = 0 } });
        for (var attempt = 0; attempt < 300; attempt++)
        {
            var fault = await Assert.ThrowsAsync<KubeException>(() => client.GetAsync(s_web, TestContext.Current.CancellationToken));

            Assert.Equal(KubeFault.Unavailable, fault.Fault);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resets);
    }

    [Fact]
    public async Task Get_HttpsAgainstAPlainServer_SaysThatTlsFailed()
    {
        await using var server = await StartAsync();
        using var client = Client(new ClusterConnection { Name = "plain", Server = new UriBuilder(server.Address) { Scheme = "https" }.Uri, Options = Quick });

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.VersionAsync(TestContext.Current.CancellationToken));

        Assert.Equal(KubeFault.Unavailable, fault.Fault);
        Assert.Contains("TLS failed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_AnswerThatIsNotJson_IsAServerError()
    {
        await using var server = await StartAsync();
        server.On("GET " + Path, Json("<html>welcome to the proxy</html>"));
        using var client = server.Client();

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.GetAsync(s_web, TestContext.Current.CancellationToken));

        Assert.Equal(KubeFault.ServerError, fault.Fault);
    }

    private static async Task ResetAllAsync(TcpListener listener, CancellationToken ct)
    {
        while (true)
        {
            using var socket = await listener.AcceptSocketAsync(ct);
            socket.LingerState = new LingerOption(true, 0);
        }
    }

    internal static KubeClient Client(ClusterConnection connection) =>
        new(connection, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<KubeClient>.Instance);

    private static KubeObject Web() => KubeObject.Parse("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"}}""");
}
