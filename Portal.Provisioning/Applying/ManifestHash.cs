using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>Marks an applied object with the hash of what was rendered, so that the next look sees without a call whether the wish changed.</summary>
public static class ManifestHash
{
    public const string Annotation = "portal/manifest-hash";

    // A rendered object is not changed any more, and is asked for its hash several times in one look.
    private static readonly ConditionalWeakTable<KubeObject, string> s_known = [];

    public static string Of(KubeObject manifest) => s_known.GetValue(manifest, Compute);

    private static string Compute(KubeObject manifest)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(manifest.Root), hash);
        return Convert.ToHexStringLower(hash[..12]);
    }

    /// <summary>A copy that carries its own hash.</summary>
    public static KubeObject Stamp(KubeObject manifest)
    {
        var stamped = manifest.Clone();
        var metadata = stamped.Root["metadata"]!.AsObject();
        if (metadata["annotations"] is not JsonObject annotations)
        {
            metadata["annotations"] = annotations = [];
        }

        annotations[Annotation] = Of(manifest);
        return stamped;
    }

    /// <summary>Whether the live object was applied from this manifest. A create-only object matches by existing.</summary>
    public static bool Matches(Manifest manifest, KubeObject live) =>
        !live.IsTerminating && (manifest.IsCreateOnly || live.Annotation(Annotation) == Of(manifest.Object));
}
