using Portal.Core.Environments;
using Portal.Core.Plans;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>What deleting an environment takes away: our objects one by one, and by name what else lives in the namespace, for it goes too.</summary>
internal static class DeletionPlan
{
    private const int MostNamed = 20;

    public static async Task<Plan> MakeAsync(PlanSubject subject, Cluster cluster, CancellationToken ct)
    {
        var live = await LiveStack.ReadAsync(cluster.Client, subject.Id, subject.Namespace, StackKinds.On(await cluster.CapabilitiesAsync(ct)), ct);
        var entries = PlanEntries.Deletions(live, subject.Id, _ => true).ToList();
        if (live.Namespace is null)
        {
            return new(entries, [entries.Count == 0
                ? $"Namespace {subject.Namespace} does not exist on the cluster; there is nothing to delete."
                : $"Namespace {subject.Namespace} does not exist on the cluster."]);
        }

        if (!LiveStack.IsOurs(live.Namespace, subject.Id))
        {
            return new(entries, [$"Namespace {subject.Namespace} does not belong to this environment and stays."]);
        }

        return new([.. entries, PlanEntries.Of(PlanAction.Delete, Component.Base, live.Namespace.Ref)], [.. Notes(live, subject)]);
    }

    private static IEnumerable<string> Notes(LiveStack live, PlanSubject subject)
    {
        var volumes = live.OfKind("PersistentVolumeClaim").Select(claim => claim.Name).Order(StringComparer.Ordinal).ToList();
        foreach (var note in VolumeNotes(volumes, subject.Data))
        {
            yield return note;
        }

        var others = live.All
            .Where(existing => existing.Namespace is not null && !LiveStack.IsOurs(existing, subject.Id) && !PlanEntries.IsMadeByController(existing) && !IsOfTheNamespace(existing))
            .Select(existing => $"{existing.Kind}/{existing.Name}").Order(StringComparer.Ordinal).ToList();
        if (others.Count > 0)
        {
            yield return $"Also in the namespace, not made by the portal, and deleted with it: {Named(others)}.";
        }
    }

    private static IEnumerable<string> VolumeNotes(List<string> volumes, DataDisposition data)
    {
        var kept = data switch
        {
            DataDisposition.Keep => volumes,
            DataDisposition.BackUp => [.. volumes.Where(claim => claim == Names.MySqlDumps)],
            _ => [],
        };
        if (data == DataDisposition.BackUp)
        {
            yield return "A last backup is written first; if that fails, nothing is deleted.";
        }

        if (kept.Count > 0)
        {
            yield return kept.Count == 1
                ? $"The volume of 1 claim stays in the cluster ({kept[0]}); its report names it."
                : $"The volumes of {kept.Count} claims stay in the cluster ({Named(kept)}); the report names them.";
        }

        var gone = volumes.Except(kept).ToList();
        if (gone.Count > 0)
        {
            yield return gone.Count == 1
                ? $"1 data volume is deleted with everything on it ({gone[0]}). This cannot be undone."
                : $"{gone.Count} data volumes are deleted with everything on them ({Named(gone)}). This cannot be undone.";
        }
    }

    private static string Named(List<string> names) =>
        names.Count <= MostNamed ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNamed))} and {names.Count - MostNamed} more";

    /// <summary>What the cluster itself puts into every namespace. Claims are told as volumes.</summary>
    private static bool IsOfTheNamespace(KubeObject live) => live.Kind switch
    {
        "PersistentVolumeClaim" => true,
        "ServiceAccount" => live.Name == "default",
        "ConfigMap" => live.Name == "kube-root-ca.crt",
        _ => false,
    };
}
