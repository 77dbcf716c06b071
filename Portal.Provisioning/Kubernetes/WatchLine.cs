using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Reads one line of a watch.</summary>
internal static class WatchLine
{
    public static WatchEvent Read(ReadOnlySequence<byte> line, ListQuery query, KubeCall call)
    {
        try
        {
            var parsed = KubeJson.ReadLine(line);
            var type = parsed.Text("type") ?? "";
            var content = parsed.At("object") as JsonObject ?? throw new JsonException("A watch line without an object.");
            parsed.Root.Remove("object");
            return type == "ERROR"
                ? throw FaultClassifier.FromStatus(content, null, call.Verb, call.Target, null, 500)
                : new WatchEvent(TypeOf(type), Complete(content, query));
        }
        catch (JsonException e)
        {
            // A connection that was cut in the middle of a line looks like this too.
            throw new KubeException(KubeFault.Unavailable, $"Cannot watch {query}: the server sent half a line or something that is not a watch event.", e);
        }
    }

    private static KubeObject Complete(JsonObject content, ListQuery query)
    {
        content.TryAdd("apiVersion", query.ApiVersion);
        content.TryAdd("kind", query.Kind);
        return new KubeObject(content);
    }

    private static WatchEventType TypeOf(string type) => type switch
    {
        "ADDED" => WatchEventType.Added,
        "MODIFIED" => WatchEventType.Modified,
        "DELETED" => WatchEventType.Deleted,
        "BOOKMARK" => WatchEventType.Bookmark,
        _ => throw new JsonException($"Unknown watch event type {type}."),
    };
}
