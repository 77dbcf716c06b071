using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>Remembers which versions of live objects were found to be what was rendered, so that the next look does not compare them again.</summary>
/// <remarks>
/// Comparing is a function of the manifest and of the live version alone, so a remembered answer stays true until one of the two is another. Thread-safe.
/// About 60 bytes for each object. When there are too many all of it is forgotten: that costs one comparison each.
/// </remarks>
internal sealed class KnownInSync
{
    private const int Most = 1_000_000;

    // Its size is asked for with each that is added, for which a concurrent dictionary would take all of its locks.
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, ulong> _known = [];

    public bool Contains(Manifest manifest, KubeObject live)
    {
        if (!Guid.TryParse(live.Uid, out var uid))
        {
            return false;
        }

        ulong pair;
        lock (_lock)
        {
            if (!_known.TryGetValue(uid, out pair))
            {
                return false;
            }
        }

        return pair == Pair(manifest, live);
    }

    public void Add(Manifest manifest, KubeObject live)
    {
        if (live.ResourceVersion is null || !Guid.TryParse(live.Uid, out var uid))
        {
            return;
        }

        var pair = Pair(manifest, live);
        lock (_lock)
        {
            if (_known.Count >= Most)
            {
                _known.Clear();
            }

            _known[uid] = pair;
        }
    }

    private static ulong Pair(Manifest manifest, KubeObject live)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes($"{ManifestHash.Of(manifest.Object)}/{live.ResourceVersion}".AsSpan()), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
