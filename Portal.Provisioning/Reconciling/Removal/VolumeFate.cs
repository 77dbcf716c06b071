using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling.Removal;

/// <summary>Decides, before anything is deleted, which volumes stay and which go, and sees to it that they do.</summary>
internal static class VolumeFate
{
    /// <summary>Looks at the volume of every claim; those that stay are told so, and survive their claim.</summary>
    /// <exception cref="KubeException">A volume that has to stay cannot be told so: nothing may be deleted.</exception>
    public static async Task<RemovalReport> DecideAsync(KubeClient kube, LiveStack live, DataDisposition data, EnvironmentId id, CancellationToken ct)
    {
        var report = RemovalReport.Empty;
        foreach (var claim in live.OfKind("PersistentVolumeClaim").OrderBy(claim => claim.Name, StringComparer.Ordinal))
        {
            var mustStay = data == DataDisposition.Keep || (data == DataDisposition.BackUp && claim.Name == Names.MySqlDumps);
            if (claim.Text("spec", "volumeName") is not { } name || await FindAsync(kube, name, mustStay, ct) is not { } volume)
            {
                continue;
            }

            var stays = volume.Text("spec", "persistentVolumeReclaimPolicy") == "Retain";
            if (mustStay && !stays)
            {
                await kube.PatchAsync(volume.Ref, Retain(id), null, ct);
            }

            var fate = new KeptVolume(name, claim.Name, volume.Text("spec", "capacity", "storage") ?? "");
            report = mustStay || stays ? report with { Kept = [.. report.Kept, fate] } : report with { Leaving = [.. report.Leaving, fate] };
        }

        return report;
    }

    /// <summary>Those of the volumes that have to go and are still there.</summary>
    public static async Task<IReadOnlyList<KeptVolume>> LeftAsync(KubeClient kube, RemovalReport report, CancellationToken ct)
    {
        var left = new List<KeptVolume>();
        foreach (var volume in report.Leaving)
        {
            if (await FindAsync(kube, volume.Volume, mustKnow: false, ct) is not null)
            {
                left.Add(volume);
            }
        }

        return left;
    }

    /// <param name="mustKnow">Whether not being allowed to look is an error; otherwise the volume is the cluster's business.</param>
    private static async Task<KubeObject?> FindAsync(KubeClient kube, string name, bool mustKnow, CancellationToken ct)
    {
        try
        {
            return await kube.GetAsync(new ObjectRef("v1", "PersistentVolume", null, name), ct);
        }
        catch (KubeException denied) when (denied.Fault == KubeFault.Forbidden && !mustKnow)
        {
            return null;
        }
    }

    private static JsonObject Retain(EnvironmentId id) => new()
    {
        ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [Labels.KeptFor] = id.ToString() } },
        ["spec"] = new JsonObject { ["persistentVolumeReclaimPolicy"] = "Retain" },
    };
}
