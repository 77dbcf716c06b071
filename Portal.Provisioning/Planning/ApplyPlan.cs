using Portal.Core.Plans;
using Portal.Core.Results;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>What bringing an environment to a spec would do: the server's own answer to a dry run of every object that differs.</summary>
internal static class ApplyPlan
{
    public static async Task<Result<Plan>> MakeAsync(PlanSubject subject, Cluster cluster, PlatformSettings platform, CancellationToken ct)
    {
        var identity = new StackIdentity(subject.Id, subject.Team, subject.Name, subject.Namespace, subject.Generation);
        var capabilities = await cluster.CapabilitiesAsync(ct);
        var stack = StackBlueprint.Render(subject.Spec!, identity, capabilities, platform);
        if (RoomCheck.Of(stack, capabilities.Room, subject.Cluster) is { Count: > 0 } noRoom)
        {
            return Result<Plan>.Refused(noRoom);
        }

        var live = await LiveStack.ReadAsync(
            cluster.Client, subject.Id, subject.Namespace, stack.Manifests.Select(manifest => (manifest.Object.ApiVersion, manifest.Object.Kind)), ct);
        if (live.Namespace is { } occupied && !LiveStack.IsOurs(occupied, subject.Id))
        {
            return PlanErrors.NamespaceOccupied(subject.Namespace, subject.Cluster);
        }

        var standsIn = live.Namespace is null;
        if (standsIn && StorageCheck.Of(stack, capabilities, subject.Cluster) is { } noStorage)
        {
            return noStorage;
        }

        if (standsIn && !await StandingNamespace.EnsureAsync(cluster.Client, NamespaceOf(stack), ct))
        {
            return PlanErrors.StandInOccupied(StandingNamespace.Name, subject.Cluster);
        }

        stack = KeptClaims.MakeRoom(stack, live);
        var growth = ClaimGrowth.Of(stack.Manifests, live);
        var rules = OwnershipRules.Of(subject.Spec!, subject.Ownership);
        var needed = QuotaRoom.Needed(stack.Manifests, live, subject.Id);
        // Each rollout asks at the entry anew: that changes nothing of an environment that has been asked before.
        var isAsked = stack.Manifests.Any(manifest => IsCheck(manifest.Object)) && live.OfKind("Job").Any(IsCheck);
        var rehearsal = new Rehearsal(cluster.Client, live, [.. stack.Manifests.Where(manifest => !isAsked || !IsCheck(manifest.Object)), .. growth.Claims], rules, needed, standsIn ? StandingNamespace.Name : null);
        var rehearsed = await rehearsal.RunAsync(ct);
        var refusals = rehearsed.Select(each => each.Refusal).OfType<Refusal>().ToList();
        return refusals.Count > 0
            ? PlanErrors.Refused(refusals)
            : new Plan([.. rehearsed.Select(each => each.Entry), .. Dropped(stack, live, subject, isAsked)], [.. stack.Notes, .. growth.Notes, .. Left(stack, live, rules)])
            {
                Problems = [.. rehearsed.Select(each => each.Problem).OfType<Refusal>().Select(problem => problem.ToProblem())],
            };
    }

    private static KubeObject NamespaceOf(RenderedStack stack) => stack.Manifests.Single(manifest => manifest.Object.Kind == "Namespace").Object;

    /// <summary>What the plan does not change because somebody else keeps it.</summary>
    private static IEnumerable<string> Left(RenderedStack stack, LiveStack live, OwnershipRules rules) => stack.Manifests
        .SelectMany(manifest => ObjectChange.Of(manifest, live.Find(manifest.Object.Ref), rules).Conflicts)
        .Select(conflict => $"{conflict.Kind}/{conflict.Name}: {conflict.Manager} keeps {string.Join(", ", conflict.Fields)}.");

    private static bool IsCheck(KubeObject item) => item.Kind == "Job" && item.Label(Labels.Role) == Roles.Check;

    private static IEnumerable<PlanEntry> Dropped(RenderedStack stack, LiveStack live, PlanSubject subject, bool isAsked)
    {
        var intended = stack.Manifests.Select(manifest => manifest.Object.Ref).ToHashSet();
        return PlanEntries.Deletions(live, subject.Id, existing => Prunable.IsPrunable(existing) && !intended.Contains(existing.Ref) && !(isAsked && IsCheck(existing)));
    }
}
