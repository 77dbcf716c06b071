using System.Globalization;
using System.Net;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>CronJobs, quotas and claims that wait for a pod.</summary>
public sealed class SandboxBatchAndLimitsTests : SandboxTest
{
    private const string Pods = "api/v1/namespaces/shop/pods";
    private const string Jobs = "apis/batch/v1/namespaces/shop/jobs";
    private const string CronJobs = "apis/batch/v1/namespaces/shop/cronjobs";

    [Fact]
    public async Task CronJob_WhenItsTimeIsPast_StartsOneJobAndSaysWhen()
    {
        await Send(HttpMethod.Post, CronJobs, CronJob("tick", "* * * * *"));
        // A minute is long for a test; a schedule served long ago makes the next time one that has passed.
        var past = DateTimeOffset.UnixEpoch.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        await Send(HttpMethod.Patch, $"{CronJobs}/tick/status", $$$"""{"status":{"lastScheduleTime":"{{{past}}}"}}""", "application/merge-patch+json");

        var item = await Until($"{CronJobs}/tick", item => item["status"]?["lastSuccessfulTime"] is not null, "a job that ran");

        Assert.NotEqual(past, (string?)item["status"]!["lastScheduleTime"]);
        var job = Assert.Single((await Get(Jobs)).Body["items"]!.AsArray())!;
        Assert.Equal("tick", (string?)job["metadata"]!["ownerReferences"]![0]!["name"]);
        Assert.Equal("True", Condition(job.AsObject(), "Complete"));
    }

    [Fact]
    public async Task CronJob_Suspended_StartsNothing()
    {
        await Send(HttpMethod.Post, CronJobs, CronJob("off", "* * * * *").Replace("\"schedule\"", "\"suspend\":true,\"schedule\"", StringComparison.Ordinal));
        await Send(HttpMethod.Patch, $"{CronJobs}/off/status", """{"status":{"lastScheduleTime":"1970-01-01T00:00:00Z"}}""", "application/merge-patch+json");
        // Once this one has run, the controller has looked at the other.
        await CronJob_WhenItsTimeIsPast_StartsOneJobAndSaysWhen();

        Assert.Equal("1970-01-01T00:00:00Z", (string?)(await Get($"{CronJobs}/off")).Body["status"]!["lastScheduleTime"]);
    }

    [Fact]
    public async Task CronJob_KeepsAsManyFinishedJobsAsItsLimitSays()
    {
        await Send(HttpMethod.Post, CronJobs, CronJob("tick", "0 0 1 1 *").Replace("\"schedule\"", "\"successfulJobsHistoryLimit\":1,\"schedule\"", StringComparison.Ordinal));
        var uid = (string?)(await Get($"{CronJobs}/tick")).Body["metadata"]!["uid"];
        foreach (var name in (string[])["one", "two", "three"])
        {
            await Send(HttpMethod.Post, Jobs, $$$"""
                {"metadata":{"name":"{{{name}}}","ownerReferences":[{"apiVersion":"batch/v1","kind":"CronJob","name":"tick","uid":"{{{uid}}}","controller":true}]},
                 "spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"b"}]}} } }
                """);
        }

        await Eventually.Holds(
            () => Get(Jobs), answer => answer.Body["items"]!.AsArray() is [var only] && Condition(only!.AsObject(), "Complete") == "True", "one finished job");
    }

    [Fact]
    public async Task CronJob_WithAnImpossibleSchedule_IsRefused()
    {
        var (code, status) = await Send(HttpMethod.Post, CronJobs, CronJob("bad", "61 * * * *"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Equal(["FieldValueInvalid spec.schedule"], Causes(status));
    }

    [Fact]
    public async Task Quota_Exceeded_RefusesWithTheWordsOfTheRealServer()
    {
        await Quota("""{"pods":"1","requests.cpu":"1"}""");

        var first = await Send(HttpMethod.Post, Pods, Pod("a", "800m"));
        var (code, status) = await Send(HttpMethod.Post, Pods, Pod("b", "300m"));

        Assert.Equal(HttpStatusCode.Created, first.Code);
        Assert.Equal(HttpStatusCode.Forbidden, code);
        Assert.Equal("pods \"b\" is forbidden: exceeded quota: limits, requested: pods=1,requests.cpu=300m, used: pods=1,requests.cpu=800m, limited: pods=1,requests.cpu=1", (string?)status["message"]);
    }

    [Fact]
    public async Task Quota_ForCpu_RefusesAPodThatNamesNone()
    {
        await Quota("""{"requests.cpu":"1"}""");

        var (code, status) = await Send(HttpMethod.Post, Pods, """{"metadata":{"name":"a"},"spec":{"containers":[{"name":"web","image":"b"}]}}""");

        Assert.Equal(HttpStatusCode.Forbidden, code);
        Assert.Equal("pods \"a\" is forbidden: failed quota: limits: must specify requests.cpu for: web", (string?)status["message"]);
    }

    [Fact]
    public async Task Quota_TooSmallForADeployment_IsSaidOnItAndMadeGoodWhenItGrows()
    {
        const string web = "apis/apps/v1/namespaces/shop/deployments/web";
        await Quota("""{"pods":"1"}""");
        await Apply(web, Deployment("web", 2));

        var item = await Until(web, item => Condition(item, "ReplicaFailure") == "True", "the failure");
        Assert.Contains("exceeded quota: limits", item["status"]!.ToJsonString());

        await Send(HttpMethod.Patch, "api/v1/namespaces/shop/resourcequotas/limits", """{"spec":{"hard":{"pods":"5"}}}""", "application/merge-patch+json");
        item = await Until(web, item => (int?)item["status"]?["readyReplicas"] == 2, "both pods");
        await Until(web, item => Condition(item, "ReplicaFailure") is null, "the failure to be gone");
    }

    [Fact]
    public async Task Quota_AfterADelete_HasRoomAgain()
    {
        await Quota("""{"services":"1"}""");
        const string services = "api/v1/namespaces/shop/services";
        const string body = """{"metadata":{"name":"NAME"},"spec":{"ports":[{"port":80}]}}""";
        await Send(HttpMethod.Post, services, body.Replace("NAME", "a", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, (await Send(HttpMethod.Post, services, body.Replace("NAME", "b", StringComparison.Ordinal))).Code);

        await Send(HttpMethod.Delete, $"{services}/a");

        await Eventually.Holds(
            () => Send(HttpMethod.Post, services, body.Replace("NAME", "b", StringComparison.Ordinal)), answer => answer.Code == HttpStatusCode.Created, "room for the other");
    }

    [Fact]
    public async Task Claim_OfAClassThatWaits_IsBoundWhenItsFirstPodIsPlaced()
    {
        const string claim = "api/v1/namespaces/shop/persistentvolumeclaims/data";
        await Send(HttpMethod.Post, "apis/storage.k8s.io/v1/storageclasses", """{"metadata":{"name":"lazy"},"provisioner":"p","volumeBindingMode":"WaitForFirstConsumer"}""");
        await Send(HttpMethod.Post, "api/v1/namespaces/shop/persistentvolumeclaims",
            """{"metadata":{"name":"data"},"spec":{"storageClassName":"lazy","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");
        await Eventually.Holds(
            () => Get("api/v1/namespaces/shop/events"), answer => answer.Body.ToJsonString().Contains("WaitForFirstConsumer", StringComparison.Ordinal), "the event");
        Assert.Equal("Pending", (string?)(await Get(claim)).Body["status"]!["phase"]);

        await Send(HttpMethod.Post, Pods, """
            {"metadata":{"name":"user"},"spec":{"containers":[{"name":"a","image":"b","volumeMounts":[{"name":"d","mountPath":"/d"}]}],
             "volumes":[{"name":"d","persistentVolumeClaim":{"claimName":"data"}}]}}
            """);

        await Until($"{Pods}/user", item => Condition(item, "Ready") == "True", "the pod ready");
        var bound = (await Get(claim)).Body;
        Assert.Equal("Bound", (string?)bound["status"]!["phase"]);
        Assert.StartsWith("sandbox-", (string?)bound["metadata"]!["annotations"]!["volume.kubernetes.io/selected-node"]);
    }

    private async Task Quota(string hard)
    {
        await Send(HttpMethod.Post, "api/v1/namespaces/shop/resourcequotas", """{"metadata":{"name":"limits"},"spec":{"hard":HARD}}""".Replace("HARD", hard, StringComparison.Ordinal));
        await Until("api/v1/namespaces/shop/resourcequotas/limits", item => item["status"]?["used"] is not null, "the quota to be counted");
    }

    private static string Pod(string name, string cpu) =>
        """{"metadata":{"name":"NAME"},"spec":{"containers":[{"name":"web","image":"b","resources":{"requests":{"cpu":"CPU"}}}]}}"""
            .Replace("NAME", name, StringComparison.Ordinal).Replace("CPU", cpu, StringComparison.Ordinal);

    private static string CronJob(string name, string schedule) => """
        {"metadata":{"name":"NAME"},"spec":{"schedule":"WHEN","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"b"}]}}}}}}
        """.Replace("NAME", name, StringComparison.Ordinal).Replace("WHEN", schedule, StringComparison.Ordinal);
}
