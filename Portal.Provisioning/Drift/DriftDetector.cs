using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Drift;

/// <summary>Tells whether a live object still is what we rendered.</summary>
/// <remarks>
/// Pure, and cheap enough for every look at every environment: it asks nobody and allocates little when there is nothing to tell.
/// It tells exactly what the next apply would repair. What others added is theirs: replicas under an autoscaler, annotations, status,
/// injected containers. Inside of what the API replaces as a whole (rules of a NetworkPolicy, subjects of a RoleBinding, selectors) an
/// addition counts, for there it is us whom it changes.
/// </remarks>
public static class DriftDetector
{
    /// <summary>Ordered as rendered. A create-only object never drifts: its values are in use, and it is not applied again.</summary>
    public static IReadOnlyList<FieldDrift> Detect(Manifest manifest, KubeObject live)
    {
        if (manifest.IsCreateOnly)
        {
            return [];
        }

        List<FieldDrift>? found = null;
        new FieldWalk(subset: true, (path, wanted, actual) =>
        {
            // The templates of a set's volumes never change after creation; their sizes are the claims' business.
            if (path.Steps is [{ Field: "spec" }, { Field: "volumeClaimTemplates" }, ..])
            {
                return;
            }

            var (spelledActual, spelledWanted) = FieldText.Of(live.Kind, path, actual, wanted);
            (found ??= []).Add(new(path.ToString(), spelledWanted, spelledActual, actual is null ? null : FieldOwners.Of(live, path.Steps)));
        }).Run(manifest.Object, live);
        return found ?? [];
    }
}
