using Portal.Core.Environments;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Health;

namespace Portal.Provisioning.Reconciling;

/// <summary>Rolls the health of a component's objects and pods up into one health with one sentence. Pure.</summary>
public static class ComponentAssessment
{
    public static HealthReport Assess(Component component, IReadOnlyList<Manifest> manifests, LiveStack live)
    {
        var missing = manifests.Where(manifest => live.Find(manifest.Object.Ref) is null).ToList();
        if (missing.Count == manifests.Count && manifests.Count > 0)
        {
            return new(HealthStatus.Missing, "Not created yet.");
        }

        if (missing.Count > 0)
        {
            return new(HealthStatus.Progressing, missing.Count == 1 ? $"{missing[0].Object.Ref} is missing." : $"{missing[0].Object.Ref} and {missing.Count - 1} more are missing.");
        }

        var reports = manifests
            .OrderByDescending(manifest => IsWorkload(manifest.Object.Kind))
            .Select(manifest => Named(manifest, ObjectHealth.Assess(live.Find(manifest.Object.Ref)!)))
            .ToList();
        var worst = reports.Count == 0 ? new(HealthStatus.Healthy, "Nothing to run.") : reports.MaxBy(report => report.Status)!;
        if (worst.Status == HealthStatus.Healthy)
        {
            return new(HealthStatus.Healthy, manifests.Count == 1 ? "Its object is healthy." : $"All {manifests.Count} objects are healthy.");
        }

        return PodTrouble(component, live) ?? worst;
    }

    /// <summary>Of objects that are equally unwell, what runs the pods says more than what guards them.</summary>
    private static bool IsWorkload(string kind) => kind is "StatefulSet" or "Deployment" or "Job";

    /// <summary>What a failing pod says is nearer to the cause than what its controller says.</summary>
    private static HealthReport? PodTrouble(Component component, LiveStack live) =>
        live.OfKind("Pod")
            .Where(pod => pod.Label(Labels.Component) == component.Slug() && !pod.IsTerminating)
            .OrderBy(pod => pod.Name, StringComparer.Ordinal)
            .Select(pod => (Pod: pod, Report: ObjectHealth.Assess(pod)))
            .Where(assessed => assessed.Report.Status == HealthStatus.Degraded)
            .Select(assessed => new HealthReport(HealthStatus.Degraded, $"{assessed.Pod.Ref}: {assessed.Report.Message}"))
            .FirstOrDefault();

    private static HealthReport Named(Manifest manifest, HealthReport report) =>
        report with { Message = $"{manifest.Object.Kind}/{manifest.Object.Name}: {report.Message}" };
}
