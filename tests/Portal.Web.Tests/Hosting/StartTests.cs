using System.Net;
using System.Net.Sockets;
using Portal.Testing;
using Portal.Web.Tests.Api;

namespace Portal.Web.Tests.Hosting;

/// <summary>How the portal starts, and how it says that it cannot. Each test starts the real process.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("portal-start-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("ConnectionStrings:Portal", "nonsense", "is not a connection string")]
    [InlineData("ConnectionStrings:Portal", "Database=portal;Password=hunter2", "names no Host")]
    [InlineData("ConnectionStrings:Portal", "Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Timeout=5", "Failed to connect")]
    [InlineData("Data:Directory", "/dev/null/x", "cannot be written to")]
    [InlineData("Cluster:Kubeconfig", "missing.yaml", "does not exist")]
    [InlineData("Cluster:Kubeconfig", "broken.yaml", "broken.yaml")]
    [InlineData("Cluster:Context", "prod", "Cluster:Kubeconfig")]
    [InlineData("Cluster:InCluster", "yes", "true or false")]
    [InlineData("Cluster:Kubecofig", "x", "no such setting")]
    [InlineData("Api:RequestsPerMinute", "0", "from 1 to 1000000")]
    [InlineData("Urls", "5080", "is not an address")]
    [InlineData("Urls", "http://0.0.0.0:0", "demo mode")]
    [InlineData("Urls", "http://*:0", "demo mode")]
    public async Task ASettingThatCannotWork_EndsInOneLineThatNamesIt(string key, string value, string sentence)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "broken.yaml"), "clusters: [");

        await RefusesAsync(key, sentence, new(key, value));
    }

    [Fact]
    public async Task APortInUse_EndsInOneLineThatNamesIt()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        await RefusesAsync("Urls", "already in use", new("Urls", $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}"));
    }

    [Fact]
    public async Task SeveralProblems_AreToldAtOnce()
    {
        await using var portal = PortalProcess.Start(_directory, [new("Cluster:InCluster", "yes"), new("Urls", "http://0.0.0.0:0")]);

        var (exitCode, _, errors) = await portal.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Equal(2, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task ItsDataDirectory_IsTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // Windows has no such modes; a folder there inherits the rights of its parent.
        }

        await using var portal = PortalProcess.Start(_directory, [new("Urls", "http://127.0.0.1:0")]);
        await portal.AddressAsync();

        // It holds the keys that sign cookies and the token of the simulated cluster.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_directory, ".data")));
    }

    [Fact]
    public async Task WithoutAnyConfiguration_ServesAndSaysSoInOneLine()
    {
        await using var portal = PortalProcess.Start(_directory, [new("Urls", "http://127.0.0.1:0")]);

        using var client = new HttpClient { BaseAddress = await portal.AddressAsync() };

        Assert.Equal("healthy", (string?)(await client.CallAsync("GET", "/healthz/ready")).Is(HttpStatusCode.OK).Body["status"]);
        client.DefaultRequestHeaders.Authorization = new("Bearer", "demo-developer");
        var request = await client.RequestAsync("first");
        Assert.True(request["plan"]!["entries"]!.AsArray().Count > 20, "The plan does not come from the sandbox cluster.");
        Assert.True(File.Exists(Path.Combine(_directory, ".data", "portal.db")));
        await ApproveAsync(client.BaseAddress!, request);
        await Eventually.Holds(
            async () => (await client.CallAsync("GET", $"environments/{request["environmentId"]}/pods")).Is(HttpStatusCode.OK).Body,
            pods => (bool)pods["live"]! && pods["items"]!.AsArray().Count > 0,
            "the pods of the first environment");
        var events = await client.CallAsync("GET", $"environments/{request["environmentId"]}/events");
        Assert.NotEmpty(events.Is(HttpStatusCode.OK).Body["items"]!.AsArray());
    }

    [Fact]
    public async Task DemoSignInOffLoopback_WhenASettingAllowsIt_IsSaidLoudly()
    {
        await using var portal = PortalProcess.Start(_directory, [new("Urls", "http://0.0.0.0:0"), new("Demo:AllowNonLoopback", "true")]);

        Assert.Contains("Demo:AllowNonLoopback", await portal.LineAsync("ANYONE"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnreachableCluster_IsSaidAndThePortalServes()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "away.yaml"), """
            apiVersion: v1
            kind: Config
            current-context: away
            contexts: [{ name: away, context: { cluster: away, user: me } }]
            clusters: [{ name: away, cluster: { server: "http://127.0.0.1:1" } }]
            users: [{ name: me, user: { token: abc } }]
            """);
        await using var portal = PortalProcess.Start(_directory, [new("Urls", "http://127.0.0.1:0"), new("Cluster:Kubeconfig", "away.yaml")]);

        using var client = new HttpClient { BaseAddress = await portal.AddressAsync() };

        Assert.Equal("degraded", (string?)(await client.CallAsync("GET", "/healthz/ready")).Is(HttpStatusCode.OK).Body["status"]);
        client.DefaultRequestHeaders.Authorization = new("Bearer", "demo-developer");
        (await client.CallAsync("POST", "environments", """{"team":"payments","name":"first","preset":"small"}"""))
            .Refuses(HttpStatusCode.ServiceUnavailable, "cluster.unavailable");
    }

    [Fact]
    public async Task SeveralClusters_OneOutOfReach_EachIsSaidAndAWishMayNameTheOther()
    {
        await using var portal = PortalProcess.Start(_directory, [
            new("Urls", "http://127.0.0.1:0"),
            new("Clusters:far:Kubeconfig", await KubeconfigAsync("far.yaml", "http://127.0.0.1:1")),
            new("Clusters:near:Kubeconfig", await KubeconfigAsync("near.yaml", "http://127.0.0.1:2")),
            new("Cluster:Default", "near")]);
        using var client = new HttpClient { BaseAddress = await portal.AddressAsync() };

        var parts = (await client.CallAsync("GET", "/healthz/ready")).Is(HttpStatusCode.OK).Body["checks"]!["cluster"]!["parts"]!;
        client.DefaultRequestHeaders.Authorization = new("Bearer", "demo-developer");
        var unnamed = await client.CallAsync("POST", "environments", """{"team":"payments","name":"first","preset":"small"}""");
        var named = await client.CallAsync("POST", "environments", """{"team":"payments","name":"first","preset":"small","cluster":"far"}""");
        var unknown = await client.CallAsync("POST", "environments", """{"team":"payments","name":"first","preset":"small","cluster":"nowhere"}""");

        Assert.Equal(("degraded", "degraded"), ((string?)parts["far"], (string?)parts["near"]));
        unnamed.Refuses(HttpStatusCode.ServiceUnavailable, "cluster.unavailable");
        Assert.Contains("cluster near", unnamed.Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("cluster far", named.Body.ToJsonString(), StringComparison.Ordinal);
        unknown.Refuses(HttpStatusCode.UnprocessableEntity, "environment.cluster.unknown");
        Assert.Contains("near, far", unknown.Body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeveralClusters_TwoThatCannotBeRead_AreToldAtOnceByTheirSettings()
    {
        await using var portal = PortalProcess.Start(_directory, [
            new("Urls", "http://127.0.0.1:0"), new("Cluster:Kubeconfig", "missing.yaml"), new("Clusters:far:Kubeconfig", "gone.yaml")]);

        var (exitCode, _, errors) = await portal.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Equal(
            ["Portal cannot start. Cluster:Kubeconfig: ", "Portal cannot start. Clusters:far:Kubeconfig: "],
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..(line.IndexOf("The kubeconfig", StringComparison.Ordinal))]));
    }

    private async Task<string> KubeconfigAsync(string name, string server)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, name), $$"""
            current-context: it
            contexts: [{ name: it, context: { cluster: it} }]
            clusters: [{ name: it, cluster: { server: "{{server}}"} }]
            """);
        return name;
    }

    private static async Task ApproveAsync(Uri address, System.Text.Json.Nodes.JsonNode request)
    {
        using var approver = new HttpClient { BaseAddress = address };
        approver.DefaultRequestHeaders.Authorization = new("Bearer", "demo-approver");
        (await approver.DecideAsync(request)).Is(HttpStatusCode.OK);
    }

    private async Task RefusesAsync(string key, string sentence, KeyValuePair<string, string> setting)
    {
        var settings = new Dictionary<string, string> { ["Urls"] = "http://127.0.0.1:0" };
        settings[setting.Key] = setting.Value;
        await using var portal = PortalProcess.Start(_directory, settings);

        var (exitCode, output, errors) = await portal.EndAsync();

        Assert.Equal(1, exitCode);
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"Portal cannot start. {key}: ", line, StringComparison.Ordinal);
        Assert.Contains(sentence, line, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", errors + output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors + output, StringComparison.Ordinal);
        Assert.Empty(output);
    }
}
