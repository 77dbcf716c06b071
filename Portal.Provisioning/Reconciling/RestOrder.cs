using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling;

/// <summary>How one component goes to rest, in the order that its node of the graph declares. Pure: each look takes the next step from what is live.</summary>
internal static class RestOrder
{
    /// <summary>What is to be applied now; what has to wait is not among it.</summary>
    public static IReadOnlyList<Manifest> Next(StackNode node, IReadOnlyList<Manifest> manifests, LiveStack live)
    {
        var next = manifests.Where(manifest => Place(node, manifest) == 0).Select(manifest => Staged(node, manifest, live)).ToList();
        for (var place = 1; place <= node.LastAtRest.Count && next.Where(RunsPods).All(manifest => IsAtRest(manifest, live)); place++)
        {
            next.AddRange(manifests.Where(manifest => Place(node, manifest) == place));
        }

        return next;
    }

    /// <summary>0 for what rests first, else the place in the declared order.</summary>
    private static int Place(StackNode node, Manifest manifest) => RoleOf(manifest) is { } role ? node.LastAtRest.ToList().IndexOf(role) + 1 : 0;

    private static string? RoleOf(Manifest manifest) => manifest.Object.Label(Labels.Role);

    private static bool RunsPods(Manifest manifest) => manifest.Object.Kind is "Deployment" or "StatefulSet";

    private static bool IsAtRest(Manifest manifest, LiveStack live) =>
        live.Find(manifest.Object.Ref) is { } existing && ObjectHealth.Assess(existing).Status == HealthStatus.Suspended;

    /// <summary>
    /// A set of which one pod rests last. A set that shrinks loses its highest ordinals first, which is the wrong end unless that pod is number 0; but the
    /// range of its ordinals may begin anywhere, so for as long as others run it is the range of that one pod.
    /// </summary>
    /// <remarks>
    /// Only while that pod is ready, which for data means that it is as far as the others. Otherwise all of them end together: what one of them alone
    /// holds is then on its volume as before, and is found when all are back.
    /// </remarks>
    private static Manifest Staged(StackNode node, Manifest manifest, LiveStack live)
    {
        if (manifest.Object.Kind != "StatefulSet" || node.LastPod is not { } last || RoleOf(manifest) != last.Role || live.Find(manifest.Object.Ref) is not { } set || set.Number("spec", "replicas") == 0)
        {
            return manifest;
        }

        var pods = live.OfKind("Pod").Where(pod => Ordinal(set, pod) is not null).ToList();
        var isFit = pods.Exists(pod => Ordinal(set, pod) == last.Ordinal && !pod.IsTerminating && ObjectHealth.Assess(pod).Status == HealthStatus.Healthy);
        if (!isFit || pods.Count == 1)
        {
            return manifest;
        }

        var root = (JsonObject)manifest.Object.Root.DeepClone();
        var spec = (JsonObject)root["spec"]!;
        spec["replicas"] = 1;
        spec["ordinals"] = new JsonObject { ["start"] = last.Ordinal };
        return manifest with { Object = new KubeObject(root) };
    }

    private static int? Ordinal(KubeObject set, KubeObject pod) =>
        pod.Name.StartsWith($"{set.Name}-", StringComparison.Ordinal)
        && int.TryParse(pod.Name.AsSpan(set.Name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;
}
