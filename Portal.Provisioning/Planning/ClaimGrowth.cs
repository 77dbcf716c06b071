using System.Text.Json.Nodes;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>The volumes of StatefulSets that a spec makes grow: changes that no manifest shows, because the claims are asked one by one.</summary>
internal sealed record ClaimGrowth(IReadOnlyList<Manifest> Claims, IReadOnlyList<string> Notes)
{
    public static ClaimGrowth Of(IReadOnlyList<Manifest> manifests, LiveStack live)
    {
        var (grows, notes) = (new List<Manifest>(), new List<string>());
        var claims = live.OfKind("PersistentVolumeClaim").OrderBy(claim => claim.Name, StringComparer.Ordinal).ToList();
        foreach (var manifest in manifests.Where(manifest => manifest.Object.Kind == "StatefulSet"))
        {
            foreach (var template in manifest.Object.Items("spec", "volumeClaimTemplates").Select(item => new KubeObject(item)))
            {
                foreach (var claim in claims.Where(claim => VolumeGrowth.IsClaimOf(claim, manifest.Object.Name, template.Name)))
                {
                    Compare(manifest, template.Text("spec", "resources", "requests", "storage")!, claim, grows, notes);
                }
            }
        }

        foreach (var manifest in manifests.Where(manifest => manifest.Object.Kind == "PersistentVolumeClaim"))
        {
            if (live.Find(manifest.Object.Ref) is { } claim && !ReferenceEquals(VolumeGrowth.Possible(manifest, claim), manifest))
            {
                notes.Add($"{claim.Ref} becomes {manifest.Object.Text("spec", "resources", "requests", "storage")} when it is first used: until then it has no volume that could grow.");
            }
        }

        return new(grows, notes);
    }

    private static void Compare(Manifest set, string wanted, KubeObject claim, List<Manifest> grows, List<string> notes)
    {
        var present = claim.Text("spec", "resources", "requests", "storage");
        switch (KubeQuantity.Parse(wanted).CompareTo(KubeQuantity.Parse(present)))
        {
            case > 0:
                grows.Add(new(set.Component, Asking(claim, wanted)));
                break;
            case < 0:
                notes.Add($"{claim.Ref} keeps its {present}: a volume cannot shrink to {wanted}.");
                break;
            default:
                break;
        }
    }

    private static KubeObject Asking(KubeObject claim, string storage) => new(new JsonObject
    {
        ["apiVersion"] = claim.ApiVersion,
        ["kind"] = claim.Kind,
        ["metadata"] = new JsonObject { ["name"] = claim.Name, ["namespace"] = claim.Namespace },
        ["spec"] = new JsonObject { ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = storage } } },
    });
}
