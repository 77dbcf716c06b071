using Portal.Core.Environments;
using Portal.Core.Results;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>Whether a stack that does not run yet can get the volumes that it asks for. Pure.</summary>
/// <remarks>
/// Its claims name no class, so they wait without end where no class is the default one. A stack that runs has its volumes and is never
/// judged: it has to be possible to change and to pause it. A portal that may not see the classes knows nothing and refuses nothing.
/// </remarks>
internal static class StorageCheck
{
    public static Error? Of(RenderedStack stack, ClusterCapabilities capabilities, string cluster)
    {
        if (!capabilities.LacksDefaultStorageClass)
        {
            return null;
        }

        var asking = stack.Manifests.Where(manifest => AsksForVolumes(manifest.Object)).Select(manifest => manifest.Component).Distinct().Order().Select(component => component.Title()).ToList();
        return asking.Count == 0 ? null : new("plan.no-storage", ErrorKind.Invalid,
            $"Cluster {cluster} has no default storage class to make volumes from, and these need some: {string.Join(", ", asking)}. Have one StorageClass of it marked as default, or choose another cluster.",
            "preset");
    }

    private static bool AsksForVolumes(KubeObject item) => item.Kind switch
    {
        "PersistentVolumeClaim" => true,
        "StatefulSet" => item.Items("spec", "volumeClaimTemplates").Any(),
        _ => false,
    };
}
