using Portal.Core.Environments;
using Portal.Core.Plans;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>Entries of a plan from objects, in an order that does not depend on how they were read.</summary>
internal static class PlanEntries
{
    public static PlanEntry Of(PlanAction action, Component component, ObjectRef reference) =>
        new(action, component, reference.ApiVersion, reference.Kind, reference.Namespace, reference.Name);

    /// <summary>Deletions of what we made ourselves; what controllers made of it goes with it and is not told.</summary>
    public static IEnumerable<PlanEntry> Deletions(LiveStack live, EnvironmentId id, Func<KubeObject, bool> which) => live.All
        .Where(existing => LiveStack.IsOurs(existing, id) && !IsMadeByController(existing) && which(existing))
        .Select(existing => Of(PlanAction.Delete, Components.FromSlug(existing.Label(Labels.Component)) ?? Component.Base, existing.Ref))
        .OrderBy(entry => entry.Component).ThenBy(entry => entry.Kind, StringComparer.Ordinal).ThenBy(entry => entry.Name, StringComparer.Ordinal);

    public static bool IsMadeByController(KubeObject live) => live.At("metadata", "ownerReferences") is not null;
}
