using System.Buffers;
using System.Diagnostics;
using System.IO.Compression;

namespace Portal.Provisioning.Sandbox;

/// <summary>The bytes of one object: as they are while they are fresh, compressed to a third once nobody has needed them for a while.</summary>
/// <remarks>Safe on every thread. Reading packed bytes makes a copy; it does not keep it.</remarks>
internal sealed class PackedText(byte[] bytes)
{
    // Quality 1 is quick and the rest wins little on texts this short; the window need not be larger than they are.
    private const int Quality = 1;
    private const int Window = 14;
    private const int WorthIt = 256;

    private byte[]? _plain = bytes;
    private byte[]? _packed;

    /// <summary>The number of bytes before packing.</summary>
    public int Length { get; } = bytes.Length;

    public byte[] Bytes => Volatile.Read(ref _plain) ?? Unpack();

    public void Pack()
    {
        if (_plain is not { Length: > WorthIt } plain)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(plain.Length));
        if (BrotliEncoder.TryCompress(plain, buffer, out var written, Quality, Window) && written < plain.Length)
        {
            _packed = buffer.AsSpan(0, written).ToArray();
            Volatile.Write(ref _plain, null);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private byte[] Unpack()
    {
        var plain = new byte[Length];
        return BrotliDecoder.TryDecompress(_packed, plain, out var written) && written == Length
            ? plain
            : throw new UnreachableException("Packed bytes do not unpack.");
    }
}
