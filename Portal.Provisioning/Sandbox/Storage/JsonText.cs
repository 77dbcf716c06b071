using System.Text.Json;

namespace Portal.Provisioning.Sandbox;

/// <summary>Finds and replaces values in the text of a stored object, so that a small change need not read and write all of it.</summary>
internal static class JsonText
{
    /// <summary>Where the value of a field of the outermost object stands; null when it has no such field.</summary>
    public static Range? Find(ReadOnlySpan<byte> json, ReadOnlySpan<byte> field)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(field);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
            {
                return start..(int)reader.BytesConsumed;
            }
        }

        return null;
    }

    /// <summary>Where the status of an object stands; null when it has none. Nearly always it comes last, and then nothing before it is read.</summary>
    public static Range? FindStatus(ReadOnlySpan<byte> json)
    {
        // A quote inside of a text is escaped, so this begins a field; and one whose value is followed by nothing but the end of the object is the object's own.
        var label = ",\"status\":"u8;
        if (json.LastIndexOf(label) is var at and >= 0 && json[at + label.Length] == (byte)'{')
        {
            var reader = new Utf8JsonReader(json[(at + label.Length)..^1]);
            reader.Read();
            if (reader.TrySkip() && at + label.Length + reader.BytesConsumed == json.Length - 1)
            {
                return (at + label.Length)..^1;
            }
        }

        return Find(json, "status"u8);
    }

    /// <summary>The text with another one in a range of it.</summary>
    public static byte[] Replace(ReadOnlySpan<byte> text, Range at, ReadOnlySpan<byte> value)
    {
        var (start, length) = at.GetOffsetAndLength(text.Length);
        var result = new byte[text.Length - length + value.Length];
        text[..start].CopyTo(result);
        value.CopyTo(result.AsSpan(start));
        text[(start + length)..].CopyTo(result.AsSpan(start + value.Length));
        return result;
    }

    /// <summary>The text of an object with one more field at its end.</summary>
    public static byte[] Append(ReadOnlySpan<byte> json, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value) =>
        [.. json[..^1], .. ",\""u8, .. field, .. "\":"u8, .. value, (byte)'}'];
}
