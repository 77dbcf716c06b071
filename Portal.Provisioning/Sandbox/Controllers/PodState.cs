using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The questions that workload controllers ask about a pod.</summary>
internal static class PodState
{
    public static string Phase(StoredObject pod) => pod.View.Text("status", "phase") ?? "Pending";

    public static bool IsFinished(StoredObject pod) => Phase(pod) is "Succeeded" or "Failed";

    /// <summary>Counts as a replica: not on its way out and not finished.</summary>
    public static bool IsActive(StoredObject pod) => !pod.IsTerminating && !IsFinished(pod);

    public static bool IsReady(StoredObject pod) => !pod.IsTerminating && Ready(pod)?.Text("status") == "True";

    /// <summary>How long until a ready pod has been ready for long enough; null when it is not ready.</summary>
    public static TimeSpan? UntilAvailable(StoredObject pod, long minReadySeconds, DateTimeOffset now)
    {
        if (!IsReady(pod))
        {
            return null;
        }

        if (minReadySeconds == 0 || Ready(pod)?.Text("lastTransitionTime") is not { } since)
        {
            return TimeSpan.Zero;
        }

        var left = DateTimeOffset.Parse(since, CultureInfo.InvariantCulture).AddSeconds(minReadySeconds) - now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static JsonObject? Ready(StoredObject pod) => Conditions.Find(pod.View.At("status") as JsonObject, "Ready");
}
