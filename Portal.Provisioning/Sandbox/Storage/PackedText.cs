using System.Buffers;
using System.Diagnostics;
using System.IO.Compression;

namespace Portal.Provisioning.Sandbox;

/// <summary>The bytes of one object: as they are while they are fresh; once nobody has needed them for a while, as the difference from a model, or compressed.</summary>
/// <remarks>Safe on every thread, with one thread that packs. Reading packed bytes makes a copy; it does not keep it.</remarks>
internal sealed class PackedText(byte[] bytes)
{
    // Quality 1 is quick and the rest wins little on texts this short; the window need not be larger than they are.
    private const int Quality = 1;
    private const int Window = 14;
    private const int WorthIt = 256;

    private byte[]? _plain = bytes;
    private byte[]? _packed;
    private byte[]? _model;

    /// <summary>The number of bytes before packing.</summary>
    public int Length { get; } = bytes.Length;

    public byte[] Bytes => Volatile.Read(ref _plain) ?? Unpack();

    /// <summary>Writes another number of as many digits behind the first occurrence of a label. Only while nobody else has the bytes.</summary>
    public bool TryReplace(ReadOnlySpan<byte> label, ReadOnlySpan<char> value)
    {
        var at = _plain.AsSpan().IndexOf(label) + label.Length;
        if (at < label.Length || at + value.Length >= Length || _plain![at + value.Length] != (byte)'"'
            || _plain.AsSpan(at, value.Length).ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        System.Text.Encoding.ASCII.GetBytes(value, _plain.AsSpan(at));
        return true;
    }

    /// <summary>The text of an object with another resource version, in the same bytes when it has as many digits. Only while nobody else has them.</summary>
    public PackedText WithVersion(long version)
    {
        var metadata = JsonText.Find(_plain, "metadata"u8) ?? throw new UnreachableException("An object has no metadata.");
        var field = JsonText.Find(_plain.AsSpan(metadata), "resourceVersion"u8) ?? throw new UnreachableException("An object has no version.");
        var at = metadata.Start.Value + field.Start.Value;
        Span<byte> text = stackalloc byte[22];
        text[0] = (byte)'"';
        version.TryFormat(text[1..], out var digits, provider: System.Globalization.CultureInfo.InvariantCulture);
        text[digits + 1] = (byte)'"';
        text = text[..(digits + 2)];
        if (text.Length != field.End.Value - field.Start.Value)
        {
            return new PackedText(JsonText.Replace(_plain, at..(metadata.Start.Value + field.End.Value), text));
        }

        text.CopyTo(_plain.AsSpan(at));
        return this;
    }

    public void Pack(TextModels models, ObjectKey key)
    {
        if (_plain is not { Length: > WorthIt } plain)
        {
            return;
        }

        if (models.Find(key, plain) is var (model, delta))
        {
            (_model, _packed) = (model, delta);
        }
        else if (Compress(plain) is { } compressed)
        {
            _packed = compressed;
        }
        else
        {
            return;
        }

        Volatile.Write(ref _plain, null);
    }

    private static byte[]? Compress(byte[] plain)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(plain.Length));
        try
        {
            return BrotliEncoder.TryCompress(plain, buffer, out var written, Quality, Window) && written < plain.Length ? buffer.AsSpan(0, written).ToArray() : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private byte[] Unpack()
    {
        if (_model is { } model)
        {
            return TextDelta.Decode(model, _packed, Length);
        }

        var plain = new byte[Length];
        return BrotliDecoder.TryDecompress(_packed, plain, out var written) && written == Length
            ? plain
            : throw new UnreachableException("Packed bytes do not unpack.");
    }
}
