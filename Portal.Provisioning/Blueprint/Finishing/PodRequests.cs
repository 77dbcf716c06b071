using System.Text.Json.Nodes;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Finishing;

/// <summary>What a pod asks for, as the scheduler counts it.</summary>
internal static class PodRequests
{
    /// <summary>Running containers and sidecars together, or the largest init container if that is more; millicores, or MiB.</summary>
    public static long Of(JsonObject template, string resource)
    {
        var init = PodTemplates.List(template, "initContainers").ToLookup(container => container["restartPolicy"] is not null);
        var running = PodTemplates.List(template, "containers").Concat(init[true]).Sum(Request);
        return Math.Max(running, init[false].Select(Request).DefaultIfEmpty(0).Max());

        long Request(JsonObject container) => Quantity.Read((string)container["resources"]!["requests"]![resource]!);
    }
}
