using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>Routes at a Gateway: its controller accepts them and resolves what they name.</summary>
/// <remarks>A condition says itself which generation it speaks of; one that speaks of an older one says nothing about now.</remarks>
internal static class HttpRouteHealth
{
    private const string Correct = "Correct what is named, or choose another class; until then requests by this way are not answered.";

    public static HealthReport Assess(KubeObject live)
    {
        var parents = live.Items("status", "parents").Select(parent => new KubeObject(parent)).ToList();
        var conditions = parents.SelectMany(parent => parent.Items("conditions")).Select(condition => new KubeObject(condition)).Where(condition => IsCurrent(live, condition)).ToList();
        if (conditions.FirstOrDefault(condition => condition.Text("type") is "Accepted" or "ResolvedRefs" && condition.Is("False")) is { } failed)
        {
            return failed.Text("reason") is "Pending" ? HealthReport.Progressing($"The gateway has not taken the routes yet: {failed.Words()}.") : Refused($"The routes are refused: {failed.Words()}.");
        }

        return parents.Count > 0 && conditions.Count(condition => condition.Text("type") == "Accepted") >= parents.Count
            ? HealthReport.Healthy("The gateway has taken the routes.")
            : HealthReport.Progressing("Waiting for the gateway to take the routes.");
    }

    private static bool IsCurrent(KubeObject live, KubeObject condition) => !(condition.Number("observedGeneration") is { } seen && seen < live.Generation);

    private static HealthReport Refused(string message) => HealthReport.Degraded(HealthCause.Configuration, message, Correct) with { PodsMayRun = true };
}
