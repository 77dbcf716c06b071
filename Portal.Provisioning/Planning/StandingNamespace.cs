using System.Text.Json.Nodes;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Drift;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>An empty namespace, one per cluster, in which the objects of an environment that does not exist yet are rehearsed.</summary>
/// <remarks>
/// A dry run into a missing namespace is refused, and a plan may not leave a namespace behind for a request that nobody approved. This
/// one has the Pod Security level of the real ones, and no quota. Nothing is ever stored in it.
/// </remarks>
internal static class StandingNamespace
{
    public const string Name = "portal-planning";

    private const string PodSecurity = "pod-security.kubernetes.io/";

    /// <summary>Makes it when it is missing, and gives it the Pod Security level of an environment's namespace.</summary>
    /// <returns>False when there is one of that name that is not ours; it is left alone.</returns>
    public static async Task<bool> EnsureAsync(KubeClient kube, KubeObject environmentNamespace, CancellationToken ct)
    {
        var wanted = Like(environmentNamespace);
        var existing = await kube.GetAsync(wanted.Ref, ct);
        if (existing is not null && existing.Label(Labels.ManagedBy) != Labels.Manager)
        {
            return false;
        }

        if (existing is null || FieldDifferences.Towards(wanted, existing).Count > 0)
        {
            await kube.ApplyAsync(wanted, new ApplyOptions { Force = true }, ct);
        }

        return true;
    }

    /// <summary>The manifest as it is rehearsed here. What it refers to keeps the name of the real namespace: the server does not look.</summary>
    public static KubeObject Into(KubeObject manifest)
    {
        if (manifest.Namespace is null)
        {
            return manifest;
        }

        var moved = manifest.Clone();
        moved.Root["metadata"]!["namespace"] = Name;
        return moved;
    }

    private static KubeObject Like(KubeObject environmentNamespace)
    {
        var labels = new JsonObject { [Labels.ManagedBy] = Labels.Manager };
        foreach (var (key, level) in environmentNamespace.At("metadata", "labels")!.AsObject())
        {
            if (key.StartsWith(PodSecurity, StringComparison.Ordinal))
            {
                labels[key] = level!.DeepClone();
            }
        }

        return new(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = Name, ["labels"] = labels } });
    }
}
