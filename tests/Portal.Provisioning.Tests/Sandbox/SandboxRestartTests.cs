using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>A cluster with a data directory outlives its process.</summary>
public sealed class SandboxRestartTests : IDisposable
{
    private const string Maps = "api/v1/namespaces/default/configmaps";
    private const string Web = "apis/apps/v1/namespaces/default/deployments/web";
    private const string WebBody = """
        {"metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
         "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"nginx:1"}]}}}}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-data");

    private string Journal => Path.Combine(_folder.FullName, "objects.journal");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Restart_KeepsObjectsTokenCertificateAndAddress()
    {
        JsonObject before;
        (string, string, Uri) identity;
        await using (var cluster = await StartAsync())
        {
            before = (await SendAsync(cluster, HttpMethod.Post, Maps, """{"metadata":{"name":"kept"},"data":{"a":"b"}}""")).Body;
            await SendAsync(cluster, HttpMethod.Post, Maps, """{"metadata":{"name":"gone"}}""");
            await SendAsync(cluster, HttpMethod.Delete, $"{Maps}/gone");
            identity = (cluster.Token, cluster.CertificatePem, cluster.Address);
        }

        await using var again = await StartAsync();

        Assert.Equal(identity, (again.Token, again.CertificatePem, again.Address));
        Assert.Equal(before.ToJsonString(), (await SendAsync(again, HttpMethod.Get, $"{Maps}/kept")).Body.ToJsonString());
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(again, HttpMethod.Get, $"{Maps}/gone")).Code);
    }

    [Fact]
    public async Task Restart_ContinuesVersions_AndAWatchFromBeforeMustListAgain()
    {
        long before;
        await using (var cluster = await StartAsync())
        {
            before = Version((await SendAsync(cluster, HttpMethod.Post, Maps, """{"metadata":{"name":"a"}}""")).Body);
        }

        await using var again = await StartAsync();

        var after = Version((await SendAsync(again, HttpMethod.Post, Maps, """{"metadata":{"name":"b"}}""")).Body);
        Assert.True(after > before, $"Version {after} must come after {before}.");
        var (_, answer) = await SendAsync(again, HttpMethod.Get, $"{Maps}?watch=true&resourceVersion={before}");
        Assert.Equal("ERROR", (string?)answer["type"]);
        Assert.Equal(410, (int?)answer["object"]!["code"]);
    }

    [Fact]
    public async Task Restart_WhilePodsStart_LetsThemBecomeReady()
    {
        await using (var cluster = await StartAsync(SandboxOptions.Instant with { StartDelay = TimeSpan.FromHours(1) }))
        {
            await SendAsync(cluster, HttpMethod.Post, "apis/apps/v1/namespaces/default/deployments", WebBody);
            await Eventually.Holds(() => Pods(cluster), pods => pods.Length == 2 && pods.All(pod => pod["status"]!["podIP"] is not null), "two pods that start");
            Assert.NotEqual(2, (int?)(await SendAsync(cluster, HttpMethod.Get, Web)).Body["status"]?["readyReplicas"]);
        }

        await using var again = await StartAsync(SandboxOptions.Instant);

        await Eventually.Holds(() => SendAsync(again, HttpMethod.Get, Web), answer => (int?)answer.Body["status"]?["readyReplicas"] == 2, "both pods ready");
        Assert.Equal(2, (await Pods(again)).Select(pod => (string?)pod["status"]!["podIP"]).Distinct().Count());
    }

    [Fact]
    public async Task Restart_WhileAJobRuns_LetsItEnd()
    {
        const string Jobs = "apis/batch/v1/namespaces/default/jobs";
        await using (var cluster = await StartAsync(SandboxOptions.Instant with { JobDuration = TimeSpan.FromHours(1) }))
        {
            await SendAsync(cluster, HttpMethod.Post, Jobs, """{"metadata":{"name":"once"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"once","image":"busybox:1"}]}}}}""");
            await Eventually.Holds(() => Pods(cluster), pods => pods.Any(pod => (string?)pod["status"]!["phase"] == "Running"), "the pod of the job to run");
        }

        await using var again = await StartAsync(SandboxOptions.Instant);

        await Eventually.Holds(() => SendAsync(again, HttpMethod.Get, $"{Jobs}/once"), answer => (int?)answer.Body["status"]?["succeeded"] == 1, "the job to have ended");
    }

    [Fact]
    public async Task Restart_OfSettledPods_ChangesNothingAboutThem()
    {
        string[] before;
        await using (var cluster = await StartAsync())
        {
            await SendAsync(cluster, HttpMethod.Post, "apis/apps/v1/namespaces/default/deployments", WebBody);
            await Eventually.Holds(() => SendAsync(cluster, HttpMethod.Get, Web), answer => (int?)answer.Body["status"]?["availableReplicas"] == 2, "both pods ready");
            before = [.. (await Pods(cluster)).Select(pod => pod.ToJsonString())];
        }

        await using var again = await StartAsync();
        // Once the controllers have made this one ready they have looked at everything that was there before.
        await SendAsync(again, HttpMethod.Post, "apis/apps/v1/namespaces/default/deployments", WebBody.Replace("web", "other", StringComparison.Ordinal));
        await Eventually.Holds(
            () => SendAsync(again, HttpMethod.Get, "apis/apps/v1/namespaces/default/deployments/other"), answer => (int?)answer.Body["status"]?["availableReplicas"] == 2, "the other pods ready");

        Assert.Equal(before, (await Pods(again)).Where(pod => ((string)pod["metadata"]!["name"]!).StartsWith("web", StringComparison.Ordinal)).Select(pod => pod.ToJsonString()));
    }

    [Fact]
    public async Task Kill_LeavesAJournalThatIsReadBack()
    {
        await using var cluster = await StartAsync();
        await SendAsync(cluster, HttpMethod.Post, Maps, """{"metadata":{"name":"kept"},"data":{"marker":"written-before-the-kill"}}""");
        await Eventually.Holds(() => Task.FromResult(Read(Journal)), text => text.Contains("written-before-the-kill", StringComparison.Ordinal), "the write in the file");
        // What a killed process leaves is the file as it is at that moment.
        var copy = _folder.CreateSubdirectory("copy");
        File.WriteAllText(Path.Combine(copy.FullName, "objects.journal"), Read(Journal), Encoding.Latin1);

        await using var again = await StartAsync(SandboxOptions.Instant with { DataDirectory = copy.FullName });

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(again, HttpMethod.Get, $"{Maps}/kept")).Code);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(200)]
    public async Task Start_AfterATornRecord_KeepsWhatWasWhole_AndWritesOn(int cut)
    {
        await using (var cluster = await StartAsync())
        {
            await SendAsync(cluster, HttpMethod.Post, Maps, """{"metadata":{"name":"whole"}}""");
        }

        await using (var cluster = await StartAsync())
        {
            await SendAsync(cluster, HttpMethod.Post, Maps, $$$"""{"metadata":{"name":"torn"},"data":{"a":"{{{new string('x', 500)}}}"}}""");
        }

        using (var file = File.OpenWrite(Journal))
        {
            file.SetLength(file.Length - cut);
        }

        await using (var cluster = await StartAsync())
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(cluster, HttpMethod.Get, $"{Maps}/whole")).Code);
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(cluster, HttpMethod.Get, $"{Maps}/torn")).Code);
            await SendAsync(cluster, HttpMethod.Post, Maps, """{"metadata":{"name":"later"}}""");
        }

        await using var again = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(again, HttpMethod.Get, $"{Maps}/whole")).Code);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(again, HttpMethod.Get, $"{Maps}/later")).Code);
    }

    [Fact]
    public async Task Start_OnAFileThatIsNoJournal_SetsItAside()
    {
        File.WriteAllText(Journal, "something else");

        await using var cluster = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(cluster, HttpMethod.Get, "api/v1/namespaces/default")).Code);
        Assert.Equal("something else", File.ReadAllText($"{Journal}.unreadable"));
    }

    [Fact]
    public async Task Journal_OfManyChanges_StaysSmall()
    {
        await using (var cluster = await StartAsync())
        {
            await SendAsync(cluster, HttpMethod.Post, Maps, """{"metadata":{"name":"busy"}}""");
            for (var i = 0; i < 200; i++)
            {
                var data = $$$"""{"data":{"a":"{{{i}}}{{{new string('x', 100_000)}}}"}}""";
                await SendAsync(cluster, HttpMethod.Patch, $"{Maps}/busy", data, "application/merge-patch+json");
            }
        }

        Assert.InRange(new FileInfo(Journal).Length, 100_000, 12_000_000);
        await using var again = await StartAsync();
        Assert.StartsWith("199x", (string?)(await SendAsync(again, HttpMethod.Get, $"{Maps}/busy")).Body["data"]!["a"]);
    }

    [Fact]
    public async Task Start_InADirectoryThatIsInUse_IsRefused()
    {
        await using var cluster = await StartAsync();

        var refusal = await Assert.ThrowsAsync<SandboxInUseException>(() => StartAsync());

        Assert.Contains(_folder.FullName, refusal.Message);
    }

    [Fact]
    public async Task Files_AreReadableByTheirOwnerOnly()
    {
        await using var cluster = await StartAsync();

        foreach (var file in new[] { Journal, Path.Combine(_folder.FullName, "identity.json") })
        {
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
        }
    }

    private Task<SandboxCluster> StartAsync(SandboxOptions? options = null)
    {
        options ??= SandboxOptions.Instant;
        return SandboxCluster.StartAsync(options with { DataDirectory = options.DataDirectory ?? _folder.FullName }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
    }

    private static string Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private static long Version(JsonObject item) => long.Parse((string)item["metadata"]!["resourceVersion"]!, CultureInfo.InvariantCulture);

    private static async Task<JsonObject[]> Pods(SandboxCluster cluster) =>
        [.. (await SendAsync(cluster, HttpMethod.Get, "api/v1/namespaces/default/pods")).Body["items"]!.AsArray().Select(pod => pod!.AsObject())];

    private static async Task<(HttpStatusCode Code, JsonObject Body)> SendAsync(SandboxCluster cluster, HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate is System.Security.Cryptography.X509Certificates.X509Certificate2 served && served.ExportCertificatePem() == cluster.CertificatePem;
        using var http = new HttpClient(handler) { BaseAddress = cluster.Address };
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Token);
        request.Headers.UserAgent.ParseAdd("sandbox-tests/1");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, type);
        using var response = await http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }
}
