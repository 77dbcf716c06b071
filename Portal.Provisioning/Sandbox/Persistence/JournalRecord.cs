using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Portal.Provisioning.Sandbox;

/// <summary>One record of the journal: an object as it was stored, the removal of one, or only the version that was reached.</summary>
/// <remarks>
/// On disk: length of the payload (4 bytes), its FNV-1a hash (8 bytes), the payload. The payload is the version (8 bytes), the length
/// of the key (2 bytes), the key as <c>group/kind/namespace/name</c>, and the JSON of the object, empty for a removal. Little endian.
/// </remarks>
internal readonly record struct JournalRecord(long Version, string Key, ReadOnlyMemory<byte> Body)
{
    private const int Head = 12;
    private const int Fixed = 10;
    private const int Largest = 64 * 1024 * 1024;

    /// <summary>Says which version the store had reached, about no object.</summary>
    public static JournalRecord Reached(long version) => new(version, "", default);

    public static JournalRecord Of(StoredObject item) => new(item.Version, KeyOf(item.Key), item.Utf8);

    public static JournalRecord Of(Change change) =>
        change.Removed ? new JournalRecord(change.Version, KeyOf(change.Key), default) : Of(change.Now);

    /// <summary>The kind that the key names; null when this version of the sandbox does not know it.</summary>
    public ResourceKind? Kind => Key.Split('/') is [var group, var kind, ..] ? Kinds.ByName(group.Length == 0 ? "v1" : $"{group}/", kind) : null;

    public void WriteTo(IBufferWriter<byte> target)
    {
        var key = Encoding.UTF8.GetBytes(Key);
        var length = Fixed + key.Length + Body.Length;
        var span = target.GetSpan(Head + length);
        var payload = span.Slice(Head, length);
        BinaryPrimitives.WriteInt64LittleEndian(payload, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[8..], (ushort)key.Length);
        key.CopyTo(payload[Fixed..]);
        Body.Span.CopyTo(payload[(Fixed + key.Length)..]);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        BinaryPrimitives.WriteUInt64LittleEndian(span[4..], StableHash.Of(payload));
        target.Advance(Head + length);
    }

    /// <summary>Reads the record at the start; null when there is no whole and sound one.</summary>
    public static (JournalRecord Record, int Length)? Read(ReadOnlyMemory<byte> from)
    {
        var span = from.Span;
        var length = span.Length < Head + Fixed ? 0 : BinaryPrimitives.ReadInt32LittleEndian(span);
        if (length is < Fixed or > Largest || span.Length < Head + length)
        {
            return null;
        }

        var payload = span.Slice(Head, length);
        var key = BinaryPrimitives.ReadUInt16LittleEndian(payload[8..]);
        if (StableHash.Of(payload) != BinaryPrimitives.ReadUInt64LittleEndian(span[4..]) || Fixed + key > length)
        {
            return null;
        }

        var record = new JournalRecord(
            BinaryPrimitives.ReadInt64LittleEndian(payload), Encoding.UTF8.GetString(payload.Slice(Fixed, key)), from.Slice(Head + Fixed + key, length - Fixed - key));
        return (record, Head + length);
    }

    private static string KeyOf(ObjectKey key) => $"{key.Kind.Group}/{key.Kind.Kind}/{key.Namespace}/{key.Name}";
}
