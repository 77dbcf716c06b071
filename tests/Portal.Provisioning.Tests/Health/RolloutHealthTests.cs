using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;
using Portal.Provisioning.Tests.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Health;

/// <summary>A whole rollout judged as it happens: what controllers write must be what the rules read.</summary>
public sealed class RolloutHealthTests : SandboxTest
{
    private const string Web = "apis/apps/v1/namespaces/shop/deployments/web";

    [Fact]
    public async Task Rollout_OfAnImageThatCannotBePulled_IsDegradedWhileOldPodsServeAndWellAfterTheWayBack()
    {
        Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.ImagePull, Image: "shop:2"));
        await ApplyWebAsync("shop:1");
        await Eventually.Holds(AssessAsync, report => report.Status == HealthStatus.Healthy, "the first version is healthy");

        await ApplyWebAsync("shop:2");
        var failed = await Eventually.Holds(AssessAsync, report => report.Status == HealthStatus.Degraded, "the second version is degraded");
        await ApplyWebAsync("shop:1");
        var back = await Eventually.Holds(AssessAsync, report => report.Status == HealthStatus.Healthy, "the first version is healthy again");

        Assert.StartsWith("The new version does not start: Pod/shop/web-", failed.Message, StringComparison.Ordinal);
        Assert.Contains("The image shop:2 of container web cannot be pulled", failed.Message, StringComparison.Ordinal);
        Assert.EndsWith("of the old version still serve.", failed.Message, StringComparison.Ordinal);
        Assert.Equal((HealthCause.Image, true, NextSteps.For(HealthCause.Image)), (failed.Cause, failed.IsLasting, failed.NextStep));
        Assert.Equal((HealthCause.None, null), (back.Cause, back.NextStep));
    }

    private async Task ApplyWebAsync(string image) => await Apply(Web, Deployment("web", 2, image)
        .Replace("\"labels\":{\"app\":\"web\"}", "\"labels\":{\"app\":\"web\",\"app.kubernetes.io/component\":\"frontend\"}", StringComparison.Ordinal));

    private async Task<HealthReport> AssessAsync()
    {
        var web = new KubeObject((await Get(Web)).Body);
        IEnumerable<KubeObject> pods = await ListAsync("pods", "Pod");
        return ComponentAssessment.Assess(
            Component.Frontend, [new Manifest(Component.Frontend, web)], LiveStack.Of(null, pods.Append(web)), await ListAsync("events", "Event"));
    }

    /// <summary>Items of a list do not say their kind.</summary>
    private async Task<IReadOnlyList<KubeObject>> ListAsync(string resource, string kind)
    {
        var items = (await Get($"api/v1/namespaces/shop/{resource}")).Body["items"]!.AsArray();
        return [.. items.Select(item =>
        {
            var live = (JsonObject)item!.DeepClone();
            live["apiVersion"] = "v1";
            live["kind"] = kind;
            return new KubeObject(live);
        })];
    }
}
