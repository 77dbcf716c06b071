using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;
using Portal.Testing;

namespace Portal.Benchmarks;

/// <summary>A whole rollout in the sandbox with its ordinary delays, against the critical path of what the sandbox simulated.</summary>
/// <remarks>
/// The simulated time of a component runs from the creation of its first pod to the readiness of its last one, as the pods say; the
/// critical path is the longest chain of those through the stack graph. Pods keep whole seconds, so the figure is good to a second.
/// </remarks>
internal static class RolloutBenchmark
{
    public static async Task RunAsync()
    {
        foreach (var preset in new[] { Preset.Small, Preset.Medium })
        {
            await RunAsync(preset);
        }
    }

    private static async Task RunAsync(Preset preset)
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var id = await portal.ApproveAsync("shop", preset);
        var (environment, rollout) = await Eventually.Holds(
            () => LookAsync(portal, id), seen => seen.Environment.Status.Phase == EnvironmentPhase.Ready, "phase Ready", TimeSpan.FromMinutes(5));
        var wall = rollout.FinishedAt!.Value - rollout.StartedAt;
        var path = await CriticalPathAsync(portal, environment);
        Measure.Report($"rollout of {preset} in the sandbox", Seconds(wall));
        Measure.Report($"  critical path of the simulated starts", Seconds(path));
        Measure.Report($"  rollout / critical path", (wall / path).ToString("0.00 x", CultureInfo.InvariantCulture), "1.05 x");
    }

    private static async Task<(AppEnvironment Environment, Rollout Rollout)> LookAsync(PortalUnderTest portal, EnvironmentId id)
    {
        var environment = await portal.EnvironmentAsync(id);
        var rollouts = (await portal.Get<EnvironmentQueries>().RolloutsAsync(AnActor.Approver(), id, CancellationToken.None)).Value;
        return (environment, rollouts.Count > 0 ? rollouts[0] : Rollout.Start(id, 1, RolloutKind.Apply, DateTimeOffset.MinValue));
    }

    private static async Task<TimeSpan> CriticalPathAsync(PortalUnderTest portal, AppEnvironment environment)
    {
        var kube = portal.Get<ClusterRegistry>().Get(environment.Cluster).Client;
        var pods = await kube.ListAsync(new ListQuery("v1", "Pod", environment.Namespace), CancellationToken.None);
        var times = pods.Items.GroupBy(pod => pod.Label(Labels.Component)).ToDictionary(group => group.Key!, group => group.Max(Ended) - group.Min(Created));
        var graph = StackBlueprint.Graph(environment.Spec);
        return graph.Nodes.Max(node => PathTo(node.Component));

        TimeSpan PathTo(Component component) =>
            graph.Node(component).DependsOn.Select(PathTo).DefaultIfEmpty(TimeSpan.Zero).Max() + times.GetValueOrDefault(component.Slug());
    }

    private static DateTimeOffset Created(KubeObject pod) => Parse(pod.Text("metadata", "creationTimestamp")!);

    /// <summary>When the pod became ready, or when it finished if it is a job's.</summary>
    private static DateTimeOffset Ended(KubeObject pod) => Parse(
        pod.Items("status", "conditions").First(condition => condition["type"]!.GetValue<string>() == "Ready")["lastTransitionTime"]!.GetValue<string>());

    private static DateTimeOffset Parse(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);
}
