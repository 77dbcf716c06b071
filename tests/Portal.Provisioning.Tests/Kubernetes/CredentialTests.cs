using Microsoft.Extensions.Logging.Abstractions;
using Portal.Provisioning.Kubernetes;
using Portal.Testing;
using static Portal.Provisioning.Tests.Kubernetes.ScriptedServer;

namespace Portal.Provisioning.Tests.Kubernetes;

/// <summary>Who the client says it is while time passes, clocks jump and files change; through a proxy; and as somebody else.</summary>
public sealed class CredentialTests : IDisposable
{
    private const string Version = """{"major":"1","minor":"34","gitVersion":"v1.34.0"}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-credential-").FullName;
    private readonly TestClock _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TokenFile_Renewed_IsReadAgainAfterAMinuteWithoutARefusal()
    {
        await using var server = await ServerAsync();
        await WriteAsync("token", "old");
        using var client = Client(server, "{tokenFile: token}");

        await client.VersionAsync(Ct);
        await WriteAsync("token", "new");
        await client.VersionAsync(Ct);
        _clock.Advance(TimeSpan.FromSeconds(61));
        await client.VersionAsync(Ct);

        Assert.Equal(["Bearer old", "Bearer old", "Bearer new"], Sent(server));
    }

    [Fact]
    public async Task TokenFile_GoneForAMoment_LeavesTheLastTokenUntilItIsRefused()
    {
        await using var server = await ServerAsync();
        var token = await WriteAsync("token", "old");
        using var client = Client(server, "{tokenFile: token}");

        await client.VersionAsync(Ct);
        File.Delete(token);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await client.VersionAsync(Ct);
        server.On("GET /version", Status(401, "Unauthorized", "expired"));
        var fault = await Assert.ThrowsAsync<KubeException>(() => client.VersionAsync(Ct));

        Assert.Equal(["Bearer old", "Bearer old", "Bearer old"], Sent(server));
        Assert.Equal(KubeFault.Unauthorized, fault.Fault);
    }

    [Fact]
    public async Task Exec_TokenNearItsExpiry_IsRenewedBeforeTheServerRefusesIt()
    {
        await using var server = await ServerAsync();
        using var client = Client(server, Plugin($"{_clock.GetUtcNow().AddHours(1):O}"));

        await client.VersionAsync(Ct);
        _clock.Advance(TimeSpan.FromMinutes(59));
        await client.VersionAsync(Ct);
        _clock.Advance(TimeSpan.FromSeconds(40));
        await client.VersionAsync(Ct);

        Assert.Equal(["Bearer t1", "Bearer t1", "Bearer t2"], Sent(server));
    }

    [Fact]
    public async Task Exec_TokenRefusedThoughTheClockCallsItFresh_IsRenewedOnce()
    {
        await using var server = await ServerAsync();
        server.On("GET /version", Json(Version), Status(401, "Unauthorized", "expired"), Json(Version), Status(401, "Unauthorized", "expired"));
        using var client = Client(server, Plugin("2100-01-01T00:00:00Z"));

        await client.VersionAsync(Ct);
        await client.VersionAsync(Ct);
        var fault = await Assert.ThrowsAsync<KubeException>(() => client.VersionAsync(Ct));

        Assert.Equal(["Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2", "Bearer t3"], Sent(server));
        Assert.Equal(KubeFault.Unauthorized, fault.Fault);
    }

    [Fact]
    public async Task Exec_ManyCallsAtOnce_RunThePluginOnce()
    {
        await using var server = await ServerAsync();
        using var client = Client(server, Plugin("2100-01-01T00:00:00Z"));

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.VersionAsync(Ct)));

        Assert.Equal("Bearer t1", Assert.Single(Sent(server).Distinct()));
    }

    [Fact]
    public async Task Exec_WithProvideClusterInfo_IsToldWhichClusterAndThatNobodyIsThere()
    {
        await using var server = await ServerAsync();
        var info = Path.Combine(_folder, "info");
        var print = $$"""printf '%s' "$KUBERNETES_EXEC_INFO" > {{info}}; echo '{"status":{"token":"t"} }'""";
        await WriteAsync("plugin.sh", print);
        using var client = Client(server, "{exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: [plugin.sh], provideClusterInfo: true, interactiveMode: IfAvailable} }");

        await client.VersionAsync(Ct);

        var told = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(info, Ct))!["spec"]!;
        Assert.False((bool?)told["interactive"]);
        Assert.Equal(server.Address, new Uri((string)told["cluster"]!["server"]!));
    }

    [Theory]
    [InlineData("{exec: {command: login, interactiveMode: Always} }", "nobody sits at the portal's terminal")]
    [InlineData("{exec: {command: login, interactiveMode: Maybe} }", "Never, IfAvailable, Always")]
    [InlineData("{token: t, as-groups: [a]}", "need as")]
    [InlineData("{token: t, as: jane, as-groups: [a, b]}", "more than one group")]
    [InlineData("{token: t, as: jane, as-user-extra: {scopes: [x]} }", "as-user-extra is not supported")]
    public async Task User_ThatTheClientCannotBe_IsRefusedWhenTheFileIsRead(string user, string says)
    {
        await using var server = await StartAsync();

        Assert.Contains(says, Assert.Throws<KubeconfigException>(() => Client(server, user)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Impersonation_OfAUser_IsSentWithEveryCall()
    {
        await using var server = await ServerAsync();
        using var client = Client(server, "{token: t, as: 'system:serviceaccount:portal:worker', as-uid: u1, as-groups: ['portal:workers']}");

        await client.VersionAsync(Ct);

        var sent = server.Of("GET /version")[0].Headers;
        Assert.Equal(
            ("Bearer t", "system:serviceaccount:portal:worker", "u1", "portal:workers"),
            (sent["Authorization"], sent["Impersonate-User"], sent["Impersonate-Uid"], sent["Impersonate-Group"]));
    }

    [Fact]
    public async Task Proxy_OfTheCluster_IsGoneThrough()
    {
        await using var proxy = await ServerAsync();
        var path = await WriteAsync("config", $$"""
            current-context: x
            contexts: [{name: x, context: {cluster: c} }]
            clusters: [{name: c, cluster: {server: 'http://kube.invalid:6443', proxy-url: '{{proxy.Address}}'} }]
            """);
        using var client = FaultTests.Client(ClusterConnection.FromKubeconfig(path, null));

        await client.VersionAsync(Ct);

        Assert.Equal("kube.invalid:6443", Assert.Single(proxy.Of("GET /version")).Headers["Host"]);
    }

    private static async Task<ScriptedServer> ServerAsync() => (await StartAsync()).On("GET /version", Json(Version));

    private static IEnumerable<string> Sent(ScriptedServer server) => server.Of("GET /version").Select(sent => sent.Headers["Authorization"]);

    /// <summary>A user whose plugin counts its runs in the token.</summary>
    private string Plugin(string expiry)
    {
        File.WriteAllText(Path.Combine(_folder, "plugin.sh"), $$"""
            echo run >> runs
            echo '{"status":{"token":"t'$(grep -c run runs)'","expirationTimestamp":"{{expiry}}"} }'
            """);
        return "{exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: [plugin.sh], interactiveMode: Never} }";
    }

    private KubeClient Client(ScriptedServer server, string user)
    {
        var path = Path.Combine(_folder, "config");
        File.WriteAllText(path, $$"""
            current-context: here
            contexts: [{name: here, context: {cluster: c, user: u} }]
            clusters: [{name: c, cluster: {server: '{{server.Address}}'} }]
            users: [{name: u, user: {{user}} }]
            """);
        return new KubeClient(ClusterConnection.FromKubeconfig(path, null), _clock, NullLogger<KubeClient>.Instance);
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, text, Ct);
        return path;
    }
}
