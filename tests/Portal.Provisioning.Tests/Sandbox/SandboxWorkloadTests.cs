using System.Text.Json.Nodes;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Sandbox;

public sealed class SandboxWorkloadTests : SandboxTest
{
    private const string Web = "apis/apps/v1/namespaces/shop/deployments/web";
    private const string Pods = "api/v1/namespaces/shop/pods";

    [Fact]
    public async Task Deployment_Applied_BecomesAvailable()
    {
        await Apply(Web, Deployment("web", 2));

        var ready = await Until(Web, item => Condition(item, "Available") == "True" && (long?)item["status"]!["availableReplicas"] == 2, "two available replicas");

        Assert.Equal(1, (long?)ready["status"]!["observedGeneration"]);
        Assert.Equal("NewReplicaSetAvailable", Progressing(ready));
    }

    [Fact]
    public async Task Deployment_WhosePodsComeUpAtOnce_IsReportedWhenItBeginsAndWhenItIsReady()
    {
        var applied = (await Apply(Web, Deployment("web", 3))).Body;
        await Until(Web, item => (long?)item["status"]?["availableReplicas"] == 3, "three available replicas");

        var changes = await Http.GetStringAsync($"apis/apps/v1/namespaces/shop/deployments?watch=1&timeoutSeconds=1&resourceVersion={(string?)applied["metadata"]!["resourceVersion"]}");
        Assert.Equal([0, 3], changes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (int)JsonNode.Parse(line)!["object"]!["status"]!["availableReplicas"]!));
    }

    [Fact]
    public async Task Service_JustMade_HasAnEmptyLoadBalancerStatusAsTheServerGivesIt()
    {
        var service = (await Apply("api/v1/namespaces/shop/services/web", """{"apiVersion":"v1","kind":"Service","spec":{"selector":{"app":"web"},"ports":[{"port":80}]}}""")).Body;

        Assert.Equal("{}", service["status"]?["loadBalancer"]?.ToJsonString());
    }

    [Fact]
    public async Task Deployment_WithANewImage_RollsOverToNewPods()
    {
        await Apply(Web, Deployment("web", 3));
        await Until(Web, item => (long?)item["status"]?["availableReplicas"] == 3, "three available replicas");

        await Apply(Web, Deployment("web", 3, "nginx:2"));
        await Until(Web, item => Progressing(item) == "NewReplicaSetAvailable" && (long?)item["status"]!["observedGeneration"] == 2, "the rollout to finish");

        var pods = await Until($"{Pods}?labelSelector=app%3Dweb", list => list["items"]!.AsArray().Count == 3, "three pods");
        Assert.All(pods["items"]!.AsArray(), pod => Assert.Equal("nginx:2", (string?)pod!["spec"]!["containers"]![0]!["image"]));
    }

    [Fact]
    public async Task StatefulSet_Applied_MakesNumberedPodsWithBoundClaims()
    {
        await Apply("apis/apps/v1/namespaces/shop/statefulsets/db", """
            {"apiVersion":"apps/v1","kind":"StatefulSet","spec":{"serviceName":"db","replicas":2,"selector":{"matchLabels":{"app":"db"}},
             "template":{"metadata":{"labels":{"app":"db"}},"spec":{"containers":[{"name":"db","image":"mysql:8","volumeMounts":[{"name":"data","mountPath":"/data"}]}]}},
             "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
            """);

        await Until("apis/apps/v1/namespaces/shop/statefulsets/db", item => (long?)item["status"]?["readyReplicas"] == 2, "two ready replicas");

        var claim = (await Get("api/v1/namespaces/shop/persistentvolumeclaims/data-db-1")).Body;
        Assert.Equal("Bound", (string?)claim["status"]!["phase"]);
        Assert.Equal("db-1", (string?)(await Get($"{Pods}/db-1")).Body["spec"]!["hostname"]);
    }

    [Fact]
    public async Task Job_Applied_Completes()
    {
        await Apply("apis/batch/v1/namespaces/shop/jobs/seed", """
            {"apiVersion":"batch/v1","kind":"Job","spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"seed","image":"busybox:1"}]}}}}
            """);

        var job = await Until("apis/batch/v1/namespaces/shop/jobs/seed", item => Condition(item, "Complete") == "True", "the job to complete");

        Assert.Equal(1, (long?)job["status"]!["succeeded"]);
    }

    [Fact]
    public async Task Pod_WithoutItsSecret_WaitsAndGoesOnOnceItIsThere()
    {
        await Send(HttpMethod.Post, Pods, """
            {"metadata":{"name":"one"},"spec":{"volumes":[{"name":"s","secret":{"secretName":"creds"}}],"containers":[{"name":"a","image":"a:1","volumeMounts":[{"name":"s","mountPath":"/s"}]}]}}
            """);
        await Until("api/v1/namespaces/shop/events?fieldSelector=involvedObject.name%3Done", list => list["items"]!.AsArray().Any(item => (string?)item!["reason"] == "FailedMount"), "the mount to fail");
        Assert.Equal("Pending", (string?)(await Get($"{Pods}/one")).Body["status"]!["phase"]);

        await Send(HttpMethod.Post, "api/v1/namespaces/shop/secrets", """{"metadata":{"name":"creds"},"stringData":{"a":"b"}}""");

        await Until($"{Pods}/one", pod => Condition(pod, "Ready") == "True", "the pod to be ready");
    }

    [Fact]
    public async Task Pod_ThatFitsNoNode_IsUnschedulableAndSaysWhy()
    {
        await Send(HttpMethod.Post, Pods, """{"metadata":{"name":"big"},"spec":{"containers":[{"name":"a","image":"a:1","resources":{"requests":{"cpu":"999"}}}]}}""");

        var pod = await Until($"{Pods}/big", item => Condition(item, "PodScheduled") == "False", "the scheduler to refuse");

        Assert.Equal("0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.", (string?)pod["status"]!["conditions"]![0]!["message"]);
    }

    [Fact]
    public async Task Service_OfReadyPods_HasTheirAddressesAndNamedPorts()
    {
        await Apply(Web, """
            {"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
             "spec":{"containers":[{"name":"web","image":"nginx:1","ports":[{"name":"http","containerPort":8080}]}]}}}}
            """);
        await Apply("api/v1/namespaces/shop/services/web", """{"apiVersion":"v1","kind":"Service","spec":{"type":"LoadBalancer","selector":{"app":"web"},"ports":[{"port":80,"targetPort":"http"}]}}""");

        var endpoints = await Until("api/v1/namespaces/shop/endpoints/web", item => item["subsets"]?[0]?["addresses"]?.AsArray().Count == 2, "two addresses");
        var service = await Until("api/v1/namespaces/shop/services/web", item => item["status"]?["loadBalancer"]?["ingress"] is not null, "an external address");

        Assert.Equal(8080, (int?)endpoints["subsets"]![0]!["ports"]![0]!["port"]);
        Assert.StartsWith("203.0.113.", (string?)service["status"]!["loadBalancer"]!["ingress"]![0]!["ip"]);
    }

    [Fact]
    public async Task Autoscaler_WithAMinimum_RaisesItsTarget()
    {
        await Apply(Web, Deployment("web", 1));

        await Apply("apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/web", """
            {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","spec":{"minReplicas":3,"maxReplicas":5,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"}}}
            """);

        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 3, "three ready replicas");
    }

    [Fact]
    public async Task ImagePullFault_WhileItLasts_HoldsThePod()
    {
        using (Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.ImagePull, Image: "nginx")))
        {
            await Apply(Web, Deployment("web", 1));
            await Until(Pods, list => Waiting(list) == "ImagePullBackOff", "the pull to fail");
        }

        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 1, "the pod to recover");
    }

    [Fact]
    public async Task ClaimFault_WhileItLasts_KeepsTheClaimPending()
    {
        const string Claim = "api/v1/namespaces/shop/persistentvolumeclaims/data";
        using (Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.NeverBinds, "shop", "data")))
        {
            await Apply(Claim, """{"apiVersion":"v1","kind":"PersistentVolumeClaim","spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");
            await Until("api/v1/namespaces/shop/events?fieldSelector=involvedObject.name%3Ddata", list => list["items"]!.AsArray().Count > 0, "provisioning to fail");
            Assert.Equal("Pending", (string?)(await Get(Claim)).Body["status"]!["phase"]);
        }

        await Until(Claim, item => (string?)item["status"]!["phase"] == "Bound", "the claim to bind");
    }

    private static string? Waiting(JsonObject list) =>
        (string?)list["items"]!.AsArray().FirstOrDefault()?["status"]?["containerStatuses"]?[0]?["state"]?["waiting"]?["reason"];

    private static string? Progressing(JsonObject item) =>
        (string?)item["status"]?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == "Progressing")?["reason"];
}
