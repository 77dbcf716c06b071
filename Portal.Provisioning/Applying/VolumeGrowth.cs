using System.Text.Json.Nodes;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>Lets the volumes of a StatefulSet grow although its volume claim templates can never change.</summary>
/// <remarks>
/// The server refuses any change of <c>volumeClaimTemplates</c>, and recreating a set that holds data is out of the question. So an
/// existing set is applied with the storage request that its templates already have, and each claim is asked to grow by itself.
/// A claim never shrinks: a smaller wish leaves it as it is. A claim that no pod has used yet, where the class waits for a first user,
/// has no volume to grow: it is asked once it has one.
/// </remarks>
internal static class VolumeGrowth
{
    /// <summary>The wish as far as the server can take it now.</summary>
    /// <remarks>A claim without a volume stays at its present size, and a set starts its pods in the way that it was made with.</remarks>
    public static Manifest Possible(Manifest manifest, KubeObject live) => manifest.Object.Kind switch
    {
        "PersistentVolumeClaim" when IsUnused(live) => Keep(manifest, live, "spec", "resources", "requests", "storage"),
        "StatefulSet" => Keep(manifest, live, "spec", "podManagementPolicy"),
        _ => manifest,
    };

    /// <summary>Whether no volume has been made for the claim yet.</summary>
    public static bool IsUnused(KubeObject claim) => claim.Text("status", "phase") != "Bound";

    /// <summary>The manifest with the storage requests of the live set's templates.</summary>
    public static KubeObject KeepTemplates(KubeObject manifest, KubeObject? live)
    {
        if (manifest.Kind != "StatefulSet" || live is null)
        {
            return manifest;
        }

        var adapted = manifest.Clone();
        foreach (var template in adapted.Items("spec", "volumeClaimTemplates"))
        {
            var present = Storage(live.Items("spec", "volumeClaimTemplates").FirstOrDefault(candidate => NameOf(candidate) == NameOf(template)));
            if (present is not null && template["spec"]?["resources"]?["requests"] is JsonObject requests)
            {
                requests["storage"] = present;
            }
        }

        return adapted;
    }

    /// <summary>Asks every claim of the set that is smaller than its template wants to grow.</summary>
    /// <exception cref="KubeException">The storage class does not allow it.</exception>
    public static async Task GrowAsync(KubeClient kube, LiveStack live, KubeObject manifest, CancellationToken ct)
    {
        foreach (var template in manifest.Items("spec", "volumeClaimTemplates"))
        {
            var wanted = Storage(template)!;
            foreach (var claim in live.OfKind("PersistentVolumeClaim").Where(claim => IsClaimOf(claim, manifest.Name, NameOf(template))))
            {
                if (KubeQuantity.Parse(claim.Text("spec", "resources", "requests", "storage")) < KubeQuantity.Parse(wanted))
                {
                    var patch = new JsonObject { ["spec"] = new JsonObject { ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = wanted } } } };
                    live.Put(await kube.PatchAsync(claim.Ref, patch, null, ct));
                }
            }
        }
    }

    /// <summary>Whether the StatefulSet controller made the claim from this template: it names them TEMPLATE-SET-ORDINAL.</summary>
    public static bool IsClaimOf(KubeObject claim, string set, string? template)
    {
        var prefix = $"{template}-{set}-";
        return claim.Name.StartsWith(prefix, StringComparison.Ordinal) && claim.Name[prefix.Length..].All(char.IsAsciiDigit);
    }

    private static Manifest Keep(Manifest manifest, KubeObject live, params string[] path)
    {
        if (live.Text(path) is not { } present || manifest.Object.Text(path) is not { } wanted || wanted == present)
        {
            return manifest;
        }

        var adapted = manifest.Object.Clone();
        adapted.At(path.AsSpan(..^1))![path[^1]] = present;
        return manifest with { Object = adapted };
    }

    private static string? NameOf(JsonObject template) => template["metadata"]?["name"]?.GetValue<string>();

    private static string? Storage(JsonObject? template) => template?["spec"]?["resources"]?["requests"]?["storage"]?.GetValue<string>();
}
