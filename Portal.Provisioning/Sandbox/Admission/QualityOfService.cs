using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The quality-of-service class of a pod, from its requests and limits.</summary>
internal static class QualityOfService
{
    public static string Of(JsonObject spec)
    {
        var (any, guaranteed) = (false, true);
        foreach (var resources in spec.Items("containers").Select(container => container["resources"] as JsonObject ?? []))
        {
            foreach (var name in (ReadOnlySpan<string>)["cpu", "memory"])
            {
                var (request, limit) = (resources.Map("requests")?[name], resources.Map("limits")?[name]);
                any |= request is not null || limit is not null;
                guaranteed &= limit is not null && JsonNode.DeepEquals(request, limit);
            }
        }

        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }
}
