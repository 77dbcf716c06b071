using System.Globalization;
using System.Text.Json;

namespace Portal.Provisioning.Sandbox;

/// <summary>Writes events about objects; the same event again raises the count of the first.</summary>
/// <remarks>A third of all writes of the cluster are events, so a new one is written as the text that is stored, field by field in the order of the others.</remarks>
internal sealed class EventRecorder(ControlContext cluster)
{
    public void Normal(StoredObject about, string component, string reason, string message) => Record(about, component, "Normal", reason, message);

    public void Warning(StoredObject about, string component, string reason, string message) => Record(about, component, "Warning", reason, message);

    private void Record(StoredObject about, string component, string type, string reason, string message)
    {
        var ns = about.Namespace.Length == 0 ? "default" : about.Namespace;
        if (cluster.Store.Get(Kinds.Namespace, "", ns) is not { IsTerminating: false })
        {
            return;
        }

        var uid = about.Uid;
        var hash = StableHash.Of($"{uid}|{reason}|{message}");
        var name = string.Create(CultureInfo.InvariantCulture, $"{(about.Name.Length > 230 ? about.Name.AsSpan(0, 230) : about.Name)}.{hash:x16}");
        var key = new ObjectKey(Kinds.Event, ns, name);
        var now = cluster.Now;
        var seen = cluster.Store.Get(key) is null ? null : cluster.Writer.Modify(key, root =>
        {
            root["count"] = (root.Number("count") ?? 0) + 1;
            root["lastTimestamp"] = now;
            return true;
        });
        if (seen is not null)
        {
            return;
        }

        var id = Guid.NewGuid();
        cluster.Writer.CreateWritten(key, id, StoredObject.Write(Text, written => written.ToArray()));

        void Text(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, "Event"u8);
            json.WriteString("apiVersion"u8, "v1"u8);
            json.WriteStartObject("metadata"u8);
            json.WriteString("name"u8, name);
            json.WriteString("namespace"u8, ns);
            json.WriteString("uid"u8, id);
            json.WriteString("creationTimestamp"u8, now);
            json.WriteString("resourceVersion"u8, cluster.Store.Version.ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteStartObject("involvedObject"u8);
            json.WriteString("kind"u8, about.Kind.Kind);
            json.WriteString("namespace"u8, about.Namespace);
            json.WriteString("name"u8, about.Name);
            json.WriteString("uid"u8, uid);
            json.WriteString("apiVersion"u8, about.Kind.ApiVersion);
            json.WriteString("resourceVersion"u8, about.Version.ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteString("reason"u8, reason);
            json.WriteString("message"u8, message);
            json.WriteStartObject("source"u8);
            json.WriteString("component"u8, component);
            json.WriteEndObject();
            json.WriteString("firstTimestamp"u8, now);
            json.WriteString("lastTimestamp"u8, now);
            json.WriteNumber("count"u8, 1);
            json.WriteString("type"u8, type);
            json.WriteString("reportingComponent"u8, component);
            json.WriteString("reportingInstance"u8, "sandbox"u8);
            json.WriteEndObject();
        }
    }
}
