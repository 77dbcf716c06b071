using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Base;

/// <summary>The namespace's quota, computed from what the stack can grow to and never written by hand.</summary>
internal static class Quota
{
    /// <summary>Pods and Jobs beyond our own: an operator's debug pod, a Job started by hand.</summary>
    private const int Spare = 10;

    public static void Add(StackContext stack) => stack.Add(Component.Base, "v1", "ResourceQuota", "environment", stack.LabelsOf(Component.Base), ("spec", Json.Map(
        ("hard", Limits(QuotaNeed.Sum(QuotaNeed.Each([.. stack.Manifests.Select(manifest => manifest.Object)]).Values))))));

    /// <summary>The limits that leave room for a need, and for what is not ours.</summary>
    public static JsonObject Limits(QuotaNeed need) => Json.Map(
        ("requests.cpu", Quantity.Millicores(need.Cpu)),
        ("requests.memory", Quantity.MiB(need.Memory)),
        ("limits.memory", Quantity.MiB(need.Memory)),
        ("requests.storage", Quantity.MiB(need.Storage)),
        ("persistentvolumeclaims", Text(need.Claims)),
        ("pods", Text(need.Pods + Spare)),
        ("count/jobs.batch", Text(need.Jobs + Spare)),
        ("services.loadbalancers", Text(need.Balancers)));

    private static string Text(long amount) => amount.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
