using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Changes the status of an object as a controller does, and touches nothing of the rest: most writes are these, and most of an object is not its status.</summary>
internal sealed class StatusWriter(ObjectStore store, ObjectWriter objects)
{
    /// <param name="change">Gets the status and changes it; false means leave it. Called again when the object moved meanwhile.</param>
    /// <returns>The stored object; null when it is gone.</returns>
    public StoredObject? Modify(ObjectKey key, Func<JsonObject, bool> change)
    {
        while (store.Get(key) is { } before)
        {
            if (before.IsTerminating)
            {
                // It may leave with this write.
                return objects.Modify(key, root => change(root.Section("status")));
            }

            var text = before.Utf8;
            var at = JsonText.FindStatus(text);
            var status = Read(text, at) ?? [];
            if (!change(status))
            {
                return before;
            }

            var next = StoredObject.Write(writer => status.WriteTo(writer), written => Lay(text, at, written, status));
            if (next is null)
            {
                return before;
            }

            if (store.TryReplace(before, StoredObject.Follow(before, next)) is { } stored)
            {
                return stored;
            }
        }

        return null;
    }

    private static JsonObject? Read(byte[] text, Range? at) => at is { } range ? JsonNode.Parse(text.AsSpan(range)) as JsonObject : null;

    /// <returns>The object's text with the written status; null when that says what it said before.</returns>
    private static byte[]? Lay(byte[] text, Range? at, ReadOnlySpan<byte> written, JsonObject status)
    {
        if (at is not { } range)
        {
            return JsonText.Append(text, "status"u8, written);
        }

        // What is the same in another order has the same length.
        var before = text.AsSpan(range);
        return before.Length == written.Length && (before.SequenceEqual(written) || JsonNode.DeepEquals(Read(text, at), status))
            ? null
            : JsonText.Replace(text, range, written);
    }
}
