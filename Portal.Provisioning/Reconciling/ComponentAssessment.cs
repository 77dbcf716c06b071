using Portal.Core.Environments;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling;

/// <summary>Rolls the health of a component's objects and pods up into one health with one sentence, its cause and the next step. Pure.</summary>
public static class ComponentAssessment
{
    public static HealthReport Assess(Component component, IReadOnlyList<Manifest> manifests, LiveStack live) => Assess(component, manifests, live, []);

    /// <param name="events">The core/v1 events of the namespace: they explain what objects do not tell of themselves.</param>
    public static HealthReport Assess(Component component, IReadOnlyList<Manifest> manifests, LiveStack live, IReadOnlyList<KubeObject> events)
    {
        var missing = manifests.Where(manifest => live.Find(manifest.Object.Ref) is null).ToList();
        if (missing.Count == manifests.Count && manifests.Count > 0)
        {
            return new(HealthStatus.Missing, "Not created yet.");
        }

        if (missing.Find(manifest => manifest.CopiedFrom is not null) is { } uncopied)
        {
            return MissingSource.Of(uncopied.Object.Name, uncopied.CopiedFrom!);
        }

        if (missing.Count > 0)
        {
            return new(HealthStatus.Progressing, missing.Count == 1 ? $"{missing[0].Object.Ref} is missing." : $"{missing[0].Object.Ref} and {missing.Count - 1} more are missing.");
        }

        var around = new Surroundings(
            [.. live.OfKind("Pod").Where(pod => Labels.SlugOf(pod) == component.Slug())],
            [.. live.OfKind("ReplicaSet")], [.. live.OfKind("PersistentVolumeClaim")], EventBook.Of(events));
        var parts = manifests.Select(manifest => (manifest.Object.Kind, Report: Look(live.Find(manifest.Object.Ref)!, around))).ToList();
        var worst = parts.Where(part => !part.Report.IsSettled)
            .OrderByDescending(part => part.Report.Status)
            .ThenByDescending(part => part.Report.IsLasting)
            .ThenByDescending(part => WorkloadHealth.Covers(part.Kind))
            .ThenByDescending(part => part.Report.Cause != HealthCause.None)
            .Select(part => part.Report)
            .FirstOrDefault();
        return worst is null ? Settled(parts) : MissingSecret.Explain(worst, manifests.Where(manifest => manifest.Object.Kind == "Certificate").Select(manifest => live.Find(manifest.Object.Ref)!));
    }

    private static HealthReport Look(KubeObject live, Surroundings around)
    {
        if (WorkloadHealth.Covers(live.Kind))
        {
            return WorkloadHealth.Assess(live, around);
        }

        var report = ObjectHealth.Assess(live, around.Events);
        return report with { Message = $"{live.Kind}/{live.Name}: {report.Message}" };
    }

    /// <summary>A part that was put to rest does not make a component unwell; it rests when all that runs in it does.</summary>
    private static HealthReport Settled(List<(string Kind, HealthReport Report)> parts)
    {
        var running = parts
            .Where(part => part.Kind == "CronJob" || (WorkloadHealth.Covers(part.Kind) && !IsFinishedJob(part)))
            .Select(part => part.Report)
            .ToList();
        if (running.Count > 0 && running.TrueForAll(report => report.Status == HealthStatus.Suspended))
        {
            return new(HealthStatus.Suspended, running.Count == 1 ? running[0].Message : $"All of it rests: {running[0].Message}");
        }

        var rest = parts.Exists(part => part.Report.Status == HealthStatus.Suspended) ? " or at rest" : "";
        // Whether the cluster's own controller has published an address is nobody's health, but worth knowing.
        var told = string.Concat(parts.Where(part => part.Kind == "Ingress").Select(part => $" {part.Report.Message}"));
        return new(HealthStatus.Healthy, parts.Count switch
        {
            0 => "Nothing to run.",
            1 => $"Its object is healthy{rest}.{told}",
            _ => $"All {parts.Count} objects are healthy{rest}.{told}",
        });
    }

    private static bool IsFinishedJob((string Kind, HealthReport Report) part) => part is { Kind: "Job", Report.Status: HealthStatus.Healthy };
}
