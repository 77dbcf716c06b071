using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Portal.Provisioning.Sandbox;

/// <summary>Writes a text as its difference from another one: pieces of the text itself, and copies from the other or from what came before. Pure.</summary>
/// <remarks>
/// The same object of two environments differs in names, ids and times only, so its difference is a fraction of what compressing it
/// alone can reach. A step is: the length of a literal, the literal, the length of a copy, where that begins in model and text together.
/// </remarks>
internal static class TextDelta
{
    private const int Shortest = 8;
    private const int TableBits = 13;

    [ThreadStatic]
    private static int[]? s_table;

    public static byte[] Encode(ReadOnlySpan<byte> model, ReadOnlySpan<byte> text)
    {
        var table = s_table ??= new int[1 << TableBits];
        Array.Clear(table);
        for (var at = 0; at + Shortest <= model.Length; at++)
        {
            table[Slot(model[at..])] = at + 1;
        }

        var output = new ArrayBufferWriter<byte>(256);
        var (written, expected, next) = (0, 0, 0);
        while (next + Shortest <= text.Length)
        {
            // Behind a difference the two usually go on side by side, so that place is tried before any other.
            var from = expected + (next - written);
            var length = Match(model, text, from, next);
            if (length < Shortest)
            {
                from = table[Slot(text[next..])] - 1;
                length = from < 0 ? 0 : Match(model, text, from, next);
            }

            table[Slot(text[next..])] = model.Length + next + 1;
            if (length < Shortest)
            {
                next++;
                continue;
            }

            Step(output, text[written..next], length, from);
            next += length;
            written = next;
            expected = from + length;
        }

        Step(output, text[written..], 0, 0);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Decode(ReadOnlySpan<byte> model, ReadOnlySpan<byte> delta, int length)
    {
        var text = new byte[length];
        var (at, written) = (0, 0);
        while (at < delta.Length)
        {
            var literal = Read(delta, ref at);
            delta.Slice(at, literal).CopyTo(text.AsSpan(written));
            at += literal;
            written += literal;
            var copy = Read(delta, ref at);
            var from = Read(delta, ref at);
            if (from < model.Length)
            {
                model.Slice(from, copy).CopyTo(text.AsSpan(written));
                written += copy;
                continue;
            }

            // One by one: the piece may reach into what it writes itself.
            for (var end = written + copy; written < end; written++)
            {
                text[written] = text[from++ - model.Length];
            }
        }

        return written == length ? text : throw new UnreachableException("A difference does not give the text that it was made from.");
    }

    private static int Match(ReadOnlySpan<byte> model, ReadOnlySpan<byte> text, int from, int to) => from < model.Length
        ? model[from..].CommonPrefixLength(text[to..])
        : from - model.Length < to ? text[(from - model.Length)..].CommonPrefixLength(text[to..]) : 0;

    private static int Slot(ReadOnlySpan<byte> bytes) => (int)((BinaryPrimitives.ReadUInt64LittleEndian(bytes) * 0x9E3779B97F4A7C15UL) >> (64 - TableBits));

    private static void Step(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> literal, int copy, int from)
    {
        Write(output, literal.Length);
        output.Write(literal);
        Write(output, copy);
        Write(output, from);
    }

    private static void Write(ArrayBufferWriter<byte> output, int number)
    {
        var span = output.GetSpan(5);
        var used = 0;
        for (var rest = (uint)number; ; rest >>= 7)
        {
            span[used++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
            if (rest < 0x80)
            {
                break;
            }
        }

        output.Advance(used);
    }

    private static int Read(ReadOnlySpan<byte> delta, ref int at)
    {
        var number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = delta[at++];
            number |= (part & 0x7F) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }
    }
}
