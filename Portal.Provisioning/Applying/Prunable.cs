using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>What a change of spec may remove by itself. Data and credentials go only when the whole environment goes.</summary>
internal static class Prunable
{
    /// <remarks>A copy of one of the platform's Secrets is no credential of the environment: what it was made of is still there.</remarks>
    public static bool IsPrunable(KubeObject live) => IsPrunable(live.Kind) || (live.Kind == "Secret" && live.Annotation(Labels.CopiedFrom) is not null);

    public static bool IsPrunable(string kind) => kind is not ("PersistentVolumeClaim" or "Secret" or "Namespace");
}
