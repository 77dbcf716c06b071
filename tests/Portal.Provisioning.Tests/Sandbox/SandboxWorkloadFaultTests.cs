using System.Net;
using System.Text.Json.Nodes;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>Faults of pods, claims and webhooks, as the objects and events show them.</summary>
public sealed class SandboxWorkloadFaultTests : SandboxTest
{
    private const string Web = "apis/apps/v1/namespaces/shop/deployments/web";
    private const string Pods = "api/v1/namespaces/shop/pods";
    private const string Maps = "api/v1/namespaces/shop/configmaps";

    [Theory]
    [InlineData(WorkloadFaultKind.CrashLoop, 1, "Error")]
    [InlineData(WorkloadFaultKind.OutOfMemory, 137, "OOMKilled")]
    public async Task CrashFault_WhileItLasts_BacksOffAndThenRecovers(WorkloadFaultKind kind, int exitCode, string reason)
    {
        using (Cluster.Faults.Add(new WorkloadFault(kind, "shop", "web")))
        {
            await Apply(Web, Deployment("web", 1));
            var list = await Until(Pods, list => Container(list)?["state"]?["waiting"] is not null && (int?)Container(list)!["restartCount"] > 0, "the container to crash");

            var container = Container(list)!;
            Assert.Equal("CrashLoopBackOff", (string?)container["state"]!["waiting"]!["reason"]);
            Assert.StartsWith("back-off 10s restarting failed container=web pod=web-", (string?)container["state"]!["waiting"]!["message"]);
            Assert.Equal(exitCode, (int?)container["lastState"]!["terminated"]!["exitCode"]);
            Assert.Equal(reason, (string?)container["lastState"]!["terminated"]!["reason"]);
            Assert.Equal("Running", (string?)list["items"]![0]!["status"]!["phase"]);
            await UntilEvent("BackOff", "Back-off restarting failed container web in pod web-");
        }

        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 1, "the pod to recover");
        Assert.Equal(2, (int?)Container((await Get(Pods)).Body)!["restartCount"]);
    }

    [Fact]
    public async Task CrashFault_OfAJob_FailsItsPodsUntilTheLimit()
    {
        using var fault = Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.CrashLoop, "shop", "seed"));

        await Apply("apis/batch/v1/namespaces/shop/jobs/seed", """
            {"apiVersion":"batch/v1","kind":"Job","spec":{"backoffLimit":1,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"seed","image":"busybox:1"}]}}}}
            """);

        var job = await Until("apis/batch/v1/namespaces/shop/jobs/seed", item => Condition(item, "Failed") == "True", "the job to fail");
        Assert.Equal(2, (long?)job["status"]!["failed"]);
        Assert.All((await Get(Pods)).Body["items"]!.AsArray(), pod => Assert.Equal("Failed", (string?)pod!["status"]!["phase"]));
    }

    [Fact]
    public async Task NeverReadyFault_OfOneWorkload_KeepsItsPodRunningAndUnready()
    {
        using var fault = Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.NeverReady, "shop", "web"));

        await Apply(Web, Deployment("web", 1));

        await Until(Pods, list => (string?)list["items"]!.AsArray().FirstOrDefault()?["status"]?["phase"] == "Running", "the pod to run");
        Assert.Equal("False", Condition((await Get(Pods)).Body["items"]![0]!.AsObject(), "Ready"));
    }

    [Fact]
    public async Task UnschedulableFault_WhileItLasts_SaysSoInTheSchedulersWords()
    {
        using (Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.Unschedulable, "shop")))
        {
            await Apply(Web, Deployment("web", 1));
            await UntilEvent("FailedScheduling", "0/3 nodes are available: 3 node(s) had untolerated taint {sandbox.portal/fault: }. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.");
        }

        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 1, "the pod to be placed");
    }

    [Fact]
    public async Task NeverBindsFault_OfAClaim_FailsProvisioningAndHoldsItsPod()
    {
        using var fault = Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.NeverBinds, "shop", "data-db"));

        await Apply("apis/apps/v1/namespaces/shop/statefulsets/db", StatefulSet("db"));

        await UntilEvent("ProvisioningFailed", "failed to provision volume with StorageClass \"standard\"");
        await UntilEvent("FailedScheduling", "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.");
    }

    [Fact]
    public async Task Environment_FromAMissingSecret_IsAConfigError()
    {
        await Send(HttpMethod.Post, Pods, """
            {"metadata":{"name":"one"},"spec":{"containers":[{"name":"a","image":"a:1","env":[{"name":"P","valueFrom":{"secretKeyRef":{"name":"creds","key":"p"}}}]}]}}
            """);

        var pod = await Until($"{Pods}/one", item => (string?)item["status"]?["containerStatuses"]?[0]?["state"]?["waiting"]?["reason"] == "CreateContainerConfigError", "the config error");
        Assert.Equal("secret \"creds\" not found", (string?)pod["status"]!["containerStatuses"]![0]!["state"]!["waiting"]!["message"]);
        await UntilEvent("Failed", "Error: secret \"creds\" not found");
    }

    [Theory]
    [InlineData(400, HttpStatusCode.BadRequest)]
    [InlineData(403, HttpStatusCode.Forbidden)]
    public async Task Webhook_ThatRefuses_AnswersInTheServersWords(int status, HttpStatusCode code)
    {
        using var webhook = Cluster.Faults.Add(new WebhookRefusal("no maps on Fridays") { Status = status, Kind = "ConfigMap", Namespace = "shop", NamePrefix = "bad" });

        var (refused, answer) = await Apply($"{Maps}/bad", """{"apiVersion":"v1","kind":"ConfigMap"}""", query: "&dryRun=All");
        var (served, _) = await Apply($"{Maps}/good", """{"apiVersion":"v1","kind":"ConfigMap"}""");

        Assert.Equal([code, HttpStatusCode.Created], [refused, served]);
        Assert.Equal("admission webhook \"policy.example.com\" denied the request: no maps on Fridays", (string?)answer["message"]);
    }

    [Fact]
    public async Task Webhook_ThatCannotBeReached_IsAnErrorOfTheServer()
    {
        using var webhook = Cluster.Faults.Add(new WebhookRefusal("") { Unreachable = true, Kind = "ConfigMap" });

        var (code, answer) = await Apply($"{Maps}/one", """{"apiVersion":"v1","kind":"ConfigMap"}""");

        Assert.Equal(HttpStatusCode.InternalServerError, code);
        Assert.StartsWith("Internal error occurred: failed calling webhook \"policy.example.com\"", (string?)answer["message"]);
    }

    [Fact]
    public async Task Webhook_ThatRefusesPods_ShowsOnTheirDeploymentAndGoesOnAfterwards()
    {
        using (Cluster.Faults.Add(new WebhookRefusal("images must be signed") { Kind = "Pod", Namespace = "shop" }))
        {
            await Apply(Web, Deployment("web", 1));
            var deployment = await Until(Web, item => Condition(item, "ReplicaFailure") == "True", "the replica failure");
            Assert.Contains(deployment["status"]!["conditions"]!.AsArray(), condition => (string?)condition!["message"] == "admission webhook \"policy.example.com\" denied the request: images must be signed");
            await UntilEvent("FailedCreate", "Error creating: admission webhook \"policy.example.com\" denied the request: images must be signed");
        }

        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 1, "the pod to be made");
    }

    [Theory]
    [InlineData("Pod", "create Pod db-0 in StatefulSet db failed error: admission webhook")]
    [InlineData("PersistentVolumeClaim", "create Claim data-db-0 Pod db-0 in StatefulSet db failed error: admission webhook")]
    public async Task Webhook_ThatRefusesPartsOfAStatefulSet_IsAFailedCreate(string kind, string message)
    {
        using (Cluster.Faults.Add(new WebhookRefusal("no") { Kind = kind }))
        {
            await Apply("apis/apps/v1/namespaces/shop/statefulsets/db", StatefulSet("db"));
            await UntilEvent("FailedCreate", message);
        }

        await Until("apis/apps/v1/namespaces/shop/statefulsets/db", item => (long?)item["status"]?["readyReplicas"] == 1, "the pod to be made");
    }

    [Fact]
    public async Task Webhook_ThatRefusesDeletes_KeepsTheObject()
    {
        await Apply($"{Maps}/one", """{"apiVersion":"v1","kind":"ConfigMap"}""");
        using var webhook = Cluster.Faults.Add(new WebhookRefusal("protected") { Kind = "ConfigMap", Operation = "DELETE" });

        var (code, _) = await Send(HttpMethod.Delete, $"{Maps}/one");

        Assert.Equal(HttpStatusCode.BadRequest, code);
        Assert.Equal(HttpStatusCode.OK, (await Get($"{Maps}/one")).Code);
    }

    [Fact]
    public async Task Finalizer_ThatNobodyRemoves_KeepsTheObjectTerminating()
    {
        await Apply($"{Maps}/one", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"finalizers":["example.com/hold"]}}""");

        await Send(HttpMethod.Delete, $"{Maps}/one");
        await Send(HttpMethod.Delete, $"{Maps}/one");

        Assert.NotNull((await Get($"{Maps}/one")).Body["metadata"]!["deletionTimestamp"]);
        await Send(HttpMethod.Patch, $"{Maps}/one", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        Assert.Equal(HttpStatusCode.NotFound, (await Get($"{Maps}/one")).Code);
    }

    private static JsonNode? Container(JsonObject list) => list["items"]!.AsArray().FirstOrDefault()?["status"]?["containerStatuses"]?[0];

    private static string StatefulSet(string name) => """
        {"apiVersion":"apps/v1","kind":"StatefulSet","spec":{"replicas":1,"serviceName":"NAME","selector":{"matchLabels":{"app":"NAME"}},
         "template":{"metadata":{"labels":{"app":"NAME"}},"spec":{"containers":[{"name":"db","image":"mysql:8","volumeMounts":[{"name":"data","mountPath":"/d"}]}]}},
         "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
        """.Replace("NAME", name, StringComparison.Ordinal);

    private Task<JsonObject> UntilEvent(string reason, string message) => Until(
        "api/v1/namespaces/shop/events",
        list => list["items"]!.AsArray().Any(item => (string?)item!["reason"] == reason && ((string?)item["message"])!.StartsWith(message, StringComparison.Ordinal)),
        $"the event {reason}: {message}");
}
