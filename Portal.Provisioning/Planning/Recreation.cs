using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>Whether an object may be deleted and made again when a field of it cannot change.</summary>
internal static class Recreation
{
    private static readonly HashSet<string> s_runsPods = ["Deployment", "StatefulSet", "Job"];

    /// <summary>Never what holds data or credentials, and never what everything else lives in.</summary>
    public static bool IsAllowed(KubeObject manifest, KubeObject live) => manifest.Kind switch
    {
        "PersistentVolumeClaim" or "Namespace" or "Secret" => false,
        "StatefulSet" => !manifest.Items("spec", "volumeClaimTemplates").Any() && !live.Items("spec", "volumeClaimTemplates").Any(),
        _ => true,
    };

    public static string Reason(KubeObject manifest, KubeException immutable)
    {
        var fields = immutable.Causes.Select(cause => cause.Field).Where(field => field.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
        var what = fields.Count == 0 ? "What differs" : string.Join(" and ", fields);
        var pods = s_runsPods.Contains(manifest.Kind) ? ", and its pods with it" : "";
        return $"{what} cannot change once a {manifest.Kind} exists. It is deleted and made again{pods}.";
    }
}
