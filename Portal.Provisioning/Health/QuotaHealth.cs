using System.Text.Json.Nodes;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>ResourceQuotas. One that is used up does its work: whom it refuses is unhealthy, not the quota. It says so all the same.</summary>
internal static class QuotaHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        if (live.At("status", "used") is not JsonObject used)
        {
            // Nothing waits for the count: what comes too early is refused, and tried again by its controller.
            return HealthReport.Healthy("It exists; the cluster has not counted what is in use yet.");
        }

        var uses = (live.At("status", "hard") as JsonObject ?? [])
            .Select(limit => (Words: $"{limit.Key} {used[limit.Key]} of {limit.Value}", Hard: Amount(limit.Value), Used: Amount(used[limit.Key])))
            .ToList();
        var over = uses.Where(use => use.Used > use.Hard).Select(use => use.Words).ToList();
        var full = uses.Where(use => use.Used == use.Hard && use.Hard > 0).Select(use => use.Words).ToList();
        return HealthReport.Healthy(
            over.Count > 0 ? $"More is in use than it allows ({string.Join(", ", over)}): what runs goes on, nothing new starts."
            : full.Count > 0 ? $"It is used up ({string.Join(", ", full)}): nothing more of that starts."
            : "There is room in it.");
    }

    /// <summary>Null for a unit that we do not know: not a reason to say nothing of the other limits.</summary>
    private static decimal? Amount(JsonNode? value)
    {
        try
        {
            return value is null ? null : KubeQuantity.Parse(value.ToString());
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
