using Portal.Core.Environments;
using Portal.Core.Plans;
using Portal.Core.Results;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>Compares what a spec renders to with what is on the cluster, and writes nothing.</summary>
public sealed class Planner(ClusterRegistry clusters) : IPlanner
{
    public async Task<Result<Plan>> PlanAsync(PlanSubject subject, CancellationToken ct)
    {
        try
        {
            var cluster = clusters.Get(subject.Cluster);
            return subject.Spec is null
                ? await PlanDeletionAsync(subject, cluster, ct)
                : await PlanApplyAsync(subject, cluster, ct);
        }
        catch (KubeException trouble)
        {
            return PlanErrors.ClusterTrouble(subject.Cluster, trouble);
        }
    }

    private static async Task<Plan> PlanApplyAsync(PlanSubject subject, Cluster cluster, CancellationToken ct)
    {
        var identity = new StackIdentity(subject.Id, subject.Team, subject.Name, subject.Namespace, subject.Generation);
        var stack = StackBlueprint.Render(subject.Spec!, identity, await cluster.CapabilitiesAsync(ct));
        var live = await LiveStack.ReadAsync(cluster.Client, subject.Id, subject.Namespace, stack.Manifests.Select(manifest => (manifest.Object.ApiVersion, manifest.Object.Kind)), ct);
        var wanted = stack.Manifests.Select(manifest => Entry(
            live.Find(manifest.Object.Ref) is null ? PlanAction.Create : StackApplier.IsInSync(manifest, live) ? PlanAction.Keep : PlanAction.Change,
            manifest.Component, manifest.Object.Ref));
        var intended = stack.Manifests.Select(manifest => manifest.Object.Ref).ToHashSet();
        var dropped = Owned(live, subject)
            .Where(existing => Prunable.IsPrunable(existing.Kind) && existing.At("metadata", "ownerReferences") is null && !intended.Contains(existing.Ref))
            .Select(existing => Entry(PlanAction.Delete, ComponentOf(existing), existing.Ref));
        return new([.. wanted, .. dropped], stack.Notes);
    }

    private static async Task<Plan> PlanDeletionAsync(PlanSubject subject, Cluster cluster, CancellationToken ct)
    {
        var live = await LiveStack.ReadAsync(cluster.Client, subject.Id, subject.Namespace, StackKinds.On(await cluster.CapabilitiesAsync(ct)), ct);
        if (live.Namespace is null)
        {
            return new([], [$"Namespace {subject.Namespace} does not exist on the cluster; there is nothing to delete."]);
        }

        var entries = Owned(live, subject)
            .Where(existing => existing.At("metadata", "ownerReferences") is null)
            .Select(existing => Entry(PlanAction.Delete, ComponentOf(existing), existing.Ref))
            .OrderBy(entry => entry.Component).ThenBy(entry => entry.Kind, StringComparer.Ordinal).ThenBy(entry => entry.Name, StringComparer.Ordinal);
        var volumes = live.OfKind("PersistentVolumeClaim").Count();
        return new(
            [.. entries, Entry(PlanAction.Delete, Component.Base, live.Namespace.Ref)],
            volumes == 0 ? [] : [$"{volumes} data volumes are deleted with everything on them. This cannot be undone."]);
    }

    private static IEnumerable<KubeObject> Owned(LiveStack live, PlanSubject subject) => live.All.Where(existing => LiveStack.IsOurs(existing, subject.Id));

    private static Component ComponentOf(KubeObject live) => Components.FromSlug(live.Label(Labels.Component)) ?? Component.Base;

    private static PlanEntry Entry(PlanAction action, Component component, ObjectRef reference) =>
        new(action, component, reference.ApiVersion, reference.Kind, reference.Namespace, reference.Name);
}
