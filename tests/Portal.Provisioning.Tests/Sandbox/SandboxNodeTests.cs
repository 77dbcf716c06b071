using System.Net;
using System.Text.Json.Nodes;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>A cluster that grows with what does not fit, evictions within budgets, and the scale of workloads.</summary>
public sealed class SandboxNodeTests : SandboxTest
{
    private const string Web = "apis/apps/v1/namespaces/shop/deployments/web";
    private const string Pods = "api/v1/namespaces/shop/pods";
    private const string Budgets = "apis/policy/v1/namespaces/shop/poddisruptionbudgets";

    protected override SandboxOptions Options => SandboxOptions.Instant with
    {
        Nodes = 1, MaxNodes = 2, PodsPerNode = 3, NodeStartDelay = TimeSpan.FromMilliseconds(100), NodeIdleDelay = TimeSpan.FromMilliseconds(300),
    };

    [Fact]
    public async Task Autoscaler_ForPodsThatFitNowhere_BringsANodeAndTakesItAwayWhenItIsIdle()
    {
        await Apply(Web, Deployment("web", 5));

        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 5, "all replicas to be ready");
        Assert.Equal(2, (await Get("api/v1/nodes")).Body["items"]!.AsArray().Count);
        await UntilEvent("TriggeredScaleUp", "pod triggered scale-up: [{sandbox-pool 1->2 (max: 2)}]");

        await Apply(Web, Deployment("web", 0));
        await Until("api/v1/nodes", list => list["items"]!.AsArray().Count == 1, "the second node to leave");
    }

    [Fact]
    public async Task Autoscaler_AtItsMaximum_SaysThatItDoesNotHelp()
    {
        await Apply(Web, Deployment("web", 7));

        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 6, "as many replicas as fit");
        await UntilEvent("NotTriggerScaleUp", "pod didn't trigger scale-up: 1 max node group size reached");
        await UntilEvent("FailedScheduling", "0/2 nodes are available: 2 Too many pods. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.");
    }

    [Fact]
    public async Task Autoscaler_ForAPodThatNoNodeCouldHold_SaysWhatItLacks()
    {
        await Send(HttpMethod.Post, Pods, """{"metadata":{"name":"big"},"spec":{"containers":[{"name":"a","image":"a:1","resources":{"requests":{"cpu":"999"}}}]}}""");

        await UntilEvent("NotTriggerScaleUp", "pod didn't trigger scale-up: 1 Insufficient cpu");
    }

    [Fact]
    public async Task Eviction_BeyondTheBudget_IsRefusedAndWithinItIsNot()
    {
        await Apply(Web, Deployment("web", 2));
        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 2, "the replicas to be ready");
        await Send(HttpMethod.Post, Budgets, """{"metadata":{"name":"web"},"spec":{"minAvailable":2,"selector":{"matchLabels":{"app":"web"}}}}""");
        await Until($"{Budgets}/web", item => (long?)item["status"]?["currentHealthy"] == 2, "the budget to be counted");
        var name = (string)(await Get(Pods)).Body["items"]![0]!["metadata"]!["name"]!;

        var (refused, answer) = await EvictAsync(name);
        await Send(HttpMethod.Patch, $"{Budgets}/web", """{"spec":{"minAvailable":1}}""", "application/merge-patch+json");
        await Until($"{Budgets}/web", item => (long?)item["status"]?["disruptionsAllowed"] == 1, "the budget to allow one");
        var (served, _) = await EvictAsync(name);

        Assert.Equal([HttpStatusCode.TooManyRequests, HttpStatusCode.Created], [refused, served]);
        Assert.Equal("The disruption budget web needs 2 healthy pods and has 2 currently", (string?)answer["details"]!["causes"]![0]!["message"]);
        await UntilGone($"{Pods}/{name}");
    }

    [Fact]
    public async Task Scale_OfADeployment_IsReadAndWritten()
    {
        await Apply(Web, Deployment("web", 1));

        var (read, scale) = await Get($"{Web}/scale");
        var (written, _) = await Send(HttpMethod.Patch, $"{Web}/scale", """{"spec":{"replicas":2}}""", "application/merge-patch+json");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [read, written]);
        Assert.Equal(1, (int?)scale["spec"]!["replicas"]);
        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 2, "the second replica");
    }

    [Fact]
    public async Task Namespace_WithAHeldObject_SaysWhatRemainsAndGoesAfterwards()
    {
        await Send(HttpMethod.Post, "api/v1/namespaces/shop/configmaps", """{"metadata":{"name":"held","finalizers":["example.com/hold"]}}""");

        await Send(HttpMethod.Delete, "api/v1/namespaces/shop");

        var home = await Until("api/v1/namespaces/shop", item => Condition(item, "NamespaceFinalizersRemaining") == "True" && Message(item, "NamespaceContentRemaining")?.Contains("secrets", StringComparison.Ordinal) == false, "the conditions");
        Assert.Equal("Some resources are remaining: configmaps. has 1 resource instances", Message(home, "NamespaceContentRemaining"));
        Assert.Equal("Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances", Message(home, "NamespaceFinalizersRemaining"));
        await Send(HttpMethod.Patch, "api/v1/namespaces/shop/configmaps/held", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        await UntilGone("api/v1/namespaces/shop");
    }

    private Task<(HttpStatusCode Code, JsonObject Body)> EvictAsync(string name) =>
        Send(HttpMethod.Post, $"{Pods}/{name}/eviction", "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"" + name + "\"}}");

    private static string? Message(JsonObject item, string type) =>
        (string?)item["status"]?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == type)?["message"];

    private Task<JsonObject> UntilEvent(string reason, string message) => Until(
        "api/v1/namespaces/shop/events",
        list => list["items"]!.AsArray().Any(item => (string?)item!["reason"] == reason && (string?)item["message"] == message),
        $"the event {reason}: {message}");
}
