using System.Globalization;
using System.Text.Json.Nodes;
using Portal.DataPath.Tests.Programs;
using Portal.Testing;

namespace Portal.DataPath.Tests.Monitoring;

/// <summary>The rendered script of the janitor on lists as the API server gives them: what it deletes and what it only names.</summary>
/// <remarks>In place of kubectl stands a script that prints the lists and notes what it is told to delete.</remarks>
public sealed class JanitorTests : IDisposable
{
    private readonly string _directory = TemporaryDirectory.Create("portal-janitor-");
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Janitor_OnPodsOfEveryKind_DeletesThoseThatEndedLongAgoAndThatNoWorkingJobCounts()
    {
        var output = await RunAsync(
            pods:
            [
                Pod("running", "Running", hours: 90), Pod("finished", "Succeeded", hours: 5), Pod("failed", "Failed", hours: 5, owner: "replicaset"),
                Pod("evicted", "Failed", hours: 5, ended: false), Pod("of-a-done-job", "Succeeded", hours: 5, owner: "done"), Pod("of-a-working-job", "Failed", hours: 5, owner: "working"),
                Pod("just-finished", "Succeeded", hours: 1),
            ],
            claims: []);

        Assert.Equal(["evicted", "failed", "finished", "of-a-done-job"], Deleted().Order(StringComparer.Ordinal));
        Assert.DoesNotContain("claim", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Janitor_OnClaimsThatNoPodUses_NamesThemAndDeletesNone()
    {
        var output = await RunAsync(
            pods: [Pod("mysql-0", "Running", hours: 90, claim: "data-mysql-0")],
            claims: [Claim("data-mysql-0"), Claim("data-mysql-7"), Claim("mysql-dumps", boundOnUse: true)]);

        Assert.Equal("No pod uses the claim data-mysql-7, 10Gi. Delete it if its data is no longer wanted.", output.Trim());
        Assert.Empty(Deleted());
    }

    private async Task<string> RunAsync(JsonArray pods, JsonArray claims)
    {
        var jobs = new JsonArray(Job("working", done: false), Job("done", done: true));
        foreach (var (kind, list) in new[] { ("jobs", jobs), ("pods", pods), ("persistentvolumeclaims", claims) })
        {
            await File.WriteAllTextAsync(Path.Combine(_directory, kind), new JsonObject { ["items"] = list }.ToJsonString());
        }

        var kubectl = new RenderedText("kubectl", "#!/bin/bash\nif [ \"$1\" = get ]; then cat \"$LISTS/$2\"; else echo \"$3\" >>\"$LISTS/deleted\"; fi\n").Save(_directory, "bin/kubectl");
        await RunToEnd.Async("chmod", ["500", kubectl]);
        var script = RenderedText.Of(MonitoredStacks.Default, "janitor-scripts", "janitor.sh").Save(_directory, "janitor.sh");
        var (code, output) = await RunToEnd.Async("bash", [script], new Dictionary<string, string>
        {
            ["PATH"] = $"{Path.GetDirectoryName(kubectl)}:{Environment.GetEnvironmentVariable("PATH")}", ["LISTS"] = _directory, ["KEEP_HOURS"] = "3", ["SELECTOR"] = "app.kubernetes.io/part-of=shop",
        });
        Assert.True(code == 0, output);
        return output;
    }

    private string[] Deleted() => Path.Combine(_directory, "deleted") is var file && File.Exists(file) ? File.ReadAllLines(file) : [];

    private JsonObject Pod(string name, string phase, double hours, string? owner = null, bool ended = true, string? claim = null)
    {
        var time = (_now - TimeSpan.FromHours(hours)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new()
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["creationTimestamp"] = time, ["ownerReferences"] = owner is null ? null : new JsonArray(new JsonObject { ["uid"] = owner }) },
            ["spec"] = new JsonObject { ["volumes"] = new JsonArray(new JsonObject { ["persistentVolumeClaim"] = claim is null ? null : new JsonObject { ["claimName"] = claim } }) },
            // An evicted pod has no containers that ended.
            ["status"] = new JsonObject
            {
                ["phase"] = phase,
                ["containerStatuses"] = ended && phase != "Running" ? new JsonArray(new JsonObject { ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["finishedAt"] = time } } }) : null,
            },
        };
    }

    private static JsonObject Job(string uid, bool done) => new()
    {
        ["metadata"] = new JsonObject { ["uid"] = uid },
        ["status"] = done ? new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Complete", ["status"] = "True" }) } : new JsonObject(),
    };

    private static JsonObject Claim(string name, bool boundOnUse = false) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = boundOnUse ? new JsonObject { ["portal/bound-on-use"] = "true" } : null },
        ["spec"] = new JsonObject { ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "10Gi" } } },
    };
}
