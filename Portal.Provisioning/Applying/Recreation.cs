using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>Which objects may be deleted and made again where a change of them is refused because a field is immutable.</summary>
/// <remarks>Kind by kind, never by default: what holds data or credentials, or is not known here, is never recreated.</remarks>
internal static class Recreation
{
    private static readonly HashSet<string> s_replaceable =
    [
        "ConfigMap", "CronJob", "Deployment", "HTTPRoute", "HorizontalPodAutoscaler", "Ingress", "Job", "LimitRange", "NetworkPolicy", "PodDisruptionBudget",
        "PriorityClass", "ResourceQuota", "Role", "RoleBinding", "Service", "ServiceAccount", "VerticalPodAutoscaler",
    ];

    private static readonly HashSet<string> s_runsPods = ["Deployment", "StatefulSet", "Job"];

    /// <summary>Only what carries the same environment's label, and what holds no data either as it is or as it is wanted.</summary>
    public static bool IsAllowed(KubeObject manifest, KubeObject live) =>
        live.Label(Labels.Environment) == manifest.Label(Labels.Environment)
        && (s_replaceable.Contains(live.Kind) || (live.Kind == "StatefulSet" && !HasVolumes(manifest) && !HasVolumes(live)));

    /// <summary>Why the object is made anew, in a sentence for people.</summary>
    public static string Reason(KubeObject manifest, KubeException immutable)
    {
        var fields = immutable.Causes.Select(cause => cause.Field).Where(field => field.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
        var what = fields.Count == 0 ? "What differs" : string.Join(" and ", fields);
        var pods = s_runsPods.Contains(manifest.Kind) ? ", and its pods with it" : "";
        return $"{what} cannot change once a {manifest.Kind} exists. It is deleted and made again{pods}.";
    }

    private static bool HasVolumes(KubeObject set) => set.Items("spec", "volumeClaimTemplates").Any();
}
