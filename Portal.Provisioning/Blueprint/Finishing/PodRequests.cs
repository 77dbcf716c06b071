using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint.Finishing;

/// <summary>What a pod asks for, as the scheduler counts it.</summary>
internal static class PodRequests
{
    private const decimal MiB = 1024 * 1024;

    /// <summary>Running containers and sidecars together, or the largest init container if that is more; millicores, or MiB.</summary>
    public static long Of(JsonObject template, string resource)
    {
        var init = PodTemplates.List(template, "initContainers").ToLookup(container => container["restartPolicy"] is not null);
        var running = PodTemplates.List(template, "containers").Concat(init[true]).Sum(Request);
        return Math.Max(running, init[false].Select(Request).DefaultIfEmpty(0).Max());

        long Request(JsonObject container) => Amount(container["resources"]?["requests"]?[resource], resource);
    }

    /// <summary>An amount of any spelling in millicores or whole MiB, rounded up; nothing when it is not there.</summary>
    public static long Amount(JsonNode? quantity, string resource) =>
        quantity is null ? 0 : (long)Math.Ceiling(resource == "cpu" ? KubeQuantity.Parse(quantity.ToString()) * 1000 : KubeQuantity.Parse(quantity.ToString()) / MiB);
}
