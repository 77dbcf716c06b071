using System.Net;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>Synthetic usage, and the autoscalers that live on it.</summary>
public sealed class SandboxMetricsTests : SandboxTest
{
    private const string Metrics = "apis/metrics.k8s.io/v1beta1";
    private const string Deployments = "apis/apps/v1/namespaces/shop/deployments";
    private const string Scaler = "apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/web";

    [Fact]
    public async Task PodMetrics_OfARunningPod_AreAShareOfItsRequestAndSayThatTheyAreInvented()
    {
        await DeployAsync("""{"requests":{"cpu":"1","memory":"1Gi"}}""");

        var (_, list) = await Get($"{Metrics}/namespaces/shop/pods?labelSelector=app%3Dweb");

        var pod = Assert.Single(list["items"]!.AsArray())!;
        var usage = pod["containers"]![0]!["usage"]!;
        Assert.InRange(int.Parse(((string)usage["cpu"]!).TrimEnd('m'), System.Globalization.CultureInfo.InvariantCulture), 100, 900);
        Assert.InRange(int.Parse(((string)usage["memory"]!)[..^2], System.Globalization.CultureInfo.InvariantCulture), 400_000, 900_000);
        Assert.StartsWith("synthetic", (string?)pod["metadata"]!["annotations"]!["sandbox.portal/usage"]);
        var (code, one) = await Get($"{Metrics}/namespaces/shop/pods/{pod["metadata"]!["name"]}");
        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal("PodMetrics", (string?)one["kind"]);
        Assert.Equal(HttpStatusCode.NotFound, (await Get($"{Metrics}/namespaces/shop/pods/nobody")).Code);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Send(HttpMethod.Post, $"{Metrics}/namespaces/shop/pods", "{}")).Code);
    }

    [Fact]
    public async Task NodeMetrics_GiveEveryNode()
    {
        var (_, list) = await Get($"{Metrics}/nodes");

        Assert.Equal(["sandbox-1", "sandbox-2", "sandbox-3"], list["items"]!.AsArray().Select(item => (string?)item!["metadata"]!["name"]));
    }

    [Fact]
    public async Task HorizontalPodAutoscaler_RaisesToItsMinimumAndIsActiveWithTheUsage()
    {
        await DeployAsync("""{"requests":{"cpu":"1"}}""");
        await ScaleByAsync("""{"type":"Utilization","averageUtilization":70}""", min: 2, max: 5);

        var scaler = await Until(Scaler, item => (int?)item["status"]?["currentReplicas"] == 2 && Condition(item, "ScalingActive") == "True", "two replicas and a metric");

        Assert.Equal("True", Condition(scaler, "AbleToScale"));
        Http.DefaultRequestHeaders.Accept.ParseAdd("application/json;as=Table;v=v1;g=meta.k8s.io");
        Assert.Matches(@"^cpu: \d+%/70%$", (string?)(await Get(Scaler)).Body["rows"]![0]!["cells"]![2]);
        Assert.InRange((int)scaler["status"]!["currentMetrics"]![0]!["containerResource"]!["current"]!["averageUtilization"]!, 5, 95);
    }

    [Fact]
    public async Task HorizontalPodAutoscaler_AboveItsTarget_ScalesUpToItsMaximumAndSaysThatItIsLimited()
    {
        await DeployAsync("""{"requests":{"cpu":"1"}}""");
        await ScaleByAsync("""{"type":"Utilization","averageUtilization":1}""", min: 1, max: 3);

        await Until($"{Deployments}/web", item => (int?)item["spec"]?["replicas"] == 3, "three replicas");
        var scaler = await Until(Scaler, item => Condition(item, "ScalingLimited") == "True", "the limit to be said");

        Assert.Equal(3, (int?)scaler["status"]!["desiredReplicas"]);
    }

    [Fact]
    public async Task HorizontalPodAutoscaler_ForAMetricThatTheSandboxLacks_SaysSo()
    {
        await DeployAsync("{}");
        await ScaleByAsync("""{"type":"Utilization","averageUtilization":50}""", min: 1, max: 3);

        var scaler = await Until(Scaler, item => Condition(item, "ScalingActive") == "False", "no metric");

        Assert.Equal(1, (int?)scaler["status"]!["desiredReplicas"]);
        Assert.Contains("missing request", scaler["status"]!.ToJsonString());
    }

    [Fact]
    public async Task VerticalPodAutoscaler_RecommendsForTheContainersOfItsTargetWithinItsLimits()
    {
        await DeployAsync("""{"requests":{"cpu":"1","memory":"1Gi"}}""");
        await Apply("apis/autoscaling.k8s.io/v1/namespaces/shop/verticalpodautoscalers/web", """
            {"apiVersion":"autoscaling.k8s.io/v1","kind":"VerticalPodAutoscaler","metadata":{"name":"web"},"spec":{"targetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},
             "resourcePolicy":{"containerPolicies":[{"containerName":"web","maxAllowed":{"cpu":"200m"}}]}}}
            """);

        var scaler = await Until("apis/autoscaling.k8s.io/v1/namespaces/shop/verticalpodautoscalers/web", item => Condition(item, "RecommendationProvided") == "True", "a recommendation");

        var advice = Assert.Single(scaler["status"]!["recommendation"]!["containerRecommendations"]!.AsArray())!;
        Assert.Equal("web", (string?)advice["containerName"]);
        Assert.Equal("200m", (string?)advice["target"]!["cpu"]);
        Assert.Equal("977m", (string?)advice["uncappedTarget"]!["cpu"]);
    }

    private async Task DeployAsync(string resources)
    {
        await Apply($"{Deployments}/web", Deployment("web", 1).Replace("\"replicas\":1,", "", StringComparison.Ordinal)
            .Replace("\"image\":\"nginx:1\"", $"\"image\":\"nginx:1\",\"resources\":{resources}", StringComparison.Ordinal));
        await Until($"{Deployments}/web", item => (int?)item["status"]?["readyReplicas"] >= 1, "a ready pod");
    }

    private async Task ScaleByAsync(string target, int min, int max) => await Apply(Scaler, $$$"""
        {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"web"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},
         "minReplicas":{{{min}}},"maxReplicas":{{{max}}},"metrics":[{"type":"ContainerResource","containerResource":{"name":"cpu","container":"web","target":{{{target}}}}}]}}
        """);
}
