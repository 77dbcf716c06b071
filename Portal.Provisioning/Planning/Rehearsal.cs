using System.Text.Json.Nodes;
using Portal.Core.Plans;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Drift;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>Asks the server what applying each object would do, and stores nothing.</summary>
/// <param name="needed">The limits of a quota that the rollout will need on its way.</param>
/// <param name="standIn">Where namespaced objects are rehearsed while the environment's own namespace does not exist.</param>
internal sealed class Rehearsal(KubeClient kube, LiveStack live, IReadOnlyList<Manifest> manifests, OwnershipRules rules, JsonObject needed, string? standIn)
{
    private const int Parallelism = 8;
    private const int MostChanges = 100;
    private const int MostReadings = 3;

    private static readonly ApplyOptions s_dryRun = new() { Force = true, DryRun = true };

    /// <summary>In the order of the manifests.</summary>
    /// <exception cref="KubeException">Trouble that says nothing about the object.</exception>
    public async Task<IReadOnlyList<Rehearsed>> RunAsync(CancellationToken ct)
    {
        var rehearsed = new Rehearsed[manifests.Count];
        var pending = new List<int>();
        for (var at = 0; at < manifests.Count; at++)
        {
            if (Known(manifests[at]) is { } action)
            {
                rehearsed[at] = new(Entry(manifests[at], action));
            }
            else
            {
                pending.Add(at);
            }
        }

        await Parallel.ForEachAsync(pending, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct }, async (at, stop) =>
            rehearsed[at] = await AskAsync(manifests[at], stop));
        return rehearsed;
    }

    /// <summary>What can be told without asking: an object that is as we applied it, and a generated Secret, which is made once and never sent again.</summary>
    private PlanAction? Known(Manifest manifest)
    {
        var existing = live.Find(manifest.Object.Ref);
        return manifest.IsCreateOnly ? existing is null ? PlanAction.Create : PlanAction.Keep
            : existing is { IsTerminating: false } && Difference(manifest, existing).Body is null ? PlanAction.Keep
            : null;
    }

    // Claims are asked to grow by a patch, which knows no owners.
    private ObjectChange Difference(Manifest manifest, KubeObject? existing) =>
        ObjectChange.Of(manifest, existing, manifest.Object.Kind == "PersistentVolumeClaim" ? OwnershipRules.TakeOver : rules);

    private async Task<Rehearsed> AskAsync(Manifest manifest, CancellationToken ct)
    {
        var existing = live.Find(manifest.Object.Ref);
        try
        {
            var (before, after) = await DryRunAsync(manifest, existing, ct);
            return new(before is null ? Entry(manifest, PlanAction.Create) : Changed(manifest, FieldDifferences.Between(before, after)));
        }
        catch (KubeException refused) when (!refused.IsTransient && refused.Fault != KubeFault.Unauthorized)
        {
            return Refused(manifest, existing, refused);
        }
    }

    private async Task<(KubeObject? Before, KubeObject After)> DryRunAsync(Manifest manifest, KubeObject? existing, CancellationToken ct)
    {
        for (var reading = 1; ; reading++)
        {
            var wish = Difference(manifest, existing).Body ?? ManifestHash.Stamp(manifest.Object);
            var answer = await kube.ApplyAsync(standIn is null ? wish : StandingNamespace.Into(wish), s_dryRun, ct);

            // A controller wrote to the object since we read it. What it wrote is not what we would change, and not in tomorrow's plan.
            if (existing is null || answer.ResourceVersion == existing.ResourceVersion || reading == MostReadings)
            {
                return (existing, answer);
            }

            existing = await kube.GetAsync(manifest.Object.Ref, ct);
        }
    }

    private Rehearsed Refused(Manifest manifest, KubeObject? existing, KubeException refused)
    {
        var refusal = Refusal.Of(manifest.Object.Ref, refused, standIn);
        switch (refused.Fault)
        {
            case KubeFault.Immutable when existing is not null && Recreation.IsAllowed(manifest.Object, existing):
                return new(Entry(manifest, PlanAction.Replace) with
                {
                    Changes = Bounded(FieldDifferences.Towards(manifest.Object, existing)),
                    Reason = Recreation.Reason(manifest.Object, refused),
                });
            case KubeFault.QuotaExceeded:
                var entry = existing is null ? Entry(manifest, PlanAction.Create) : Changed(manifest, FieldDifferences.Towards(manifest.Object, existing));
                return new(entry, GrowsFirst(refused) ? null : refusal);
            case KubeFault.Immutable when existing is { Kind: "PersistentVolumeClaim" } && existing.Text("status", "phase") != "Bound":
                return new(Entry(manifest, PlanAction.Change), Refusal: refusal with { NextStep = Refusal.WaitForVolume });
            default:
                return new(Entry(manifest, existing is null ? PlanAction.Create : PlanAction.Change), Refusal: refusal);
        }
    }

    /// <summary>The server measures by the quota that stands. One of ours has grown before anything else is written, as far as the rollout needs it.</summary>
    private bool GrowsFirst(KubeException refused) => manifests.Any(manifest =>
        manifest.Object.Kind == "ResourceQuota"
        && refused.Message.Contains($"exceeded quota: {manifest.Object.Name},", StringComparison.Ordinal)
        && live.Find(manifest.Object.Ref) is { } present
        && QuotaRefusal.WouldFit(refused.Message, QuotaRoom.Wide(present, manifest.Object, needed)));

    private static PlanEntry Changed(Manifest manifest, IReadOnlyList<FieldChange> changes) =>
        changes.Count == 0 ? Entry(manifest, PlanAction.Keep) : Entry(manifest, PlanAction.Change) with { Changes = Bounded(changes) };

    private static IReadOnlyList<FieldChange> Bounded(IReadOnlyList<FieldChange> changes) =>
        changes.Count <= MostChanges ? changes : [.. changes.Take(MostChanges), new("…", null, $"{changes.Count - MostChanges} more fields")];

    private static PlanEntry Entry(Manifest manifest, PlanAction action) => PlanEntries.Of(action, manifest.Component, manifest.Object.Ref);
}
