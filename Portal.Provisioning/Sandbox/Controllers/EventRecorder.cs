using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Writes events about objects; the same event again raises the count of the first.</summary>
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

        var hash = StableHash.Of($"{about.Uid}|{reason}|{message}");
        var name = string.Create(CultureInfo.InvariantCulture, $"{(about.Name.Length > 230 ? about.Name[..230] : about.Name)}.{hash:x16}");
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

        cluster.Writer.CreateTrusted(Kinds.Event, new JsonObject
        {
            ["kind"] = "Event",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
            ["involvedObject"] = new JsonObject
            {
                ["kind"] = about.Kind.Kind,
                ["namespace"] = about.Namespace,
                ["name"] = about.Name,
                ["uid"] = about.Uid,
                ["apiVersion"] = about.Kind.ApiVersion,
                ["resourceVersion"] = about.Version.ToString(CultureInfo.InvariantCulture),
            },
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = new JsonObject { ["component"] = component },
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["count"] = 1,
            ["type"] = type,
            ["reportingComponent"] = component,
            ["reportingInstance"] = "sandbox",
        });
    }
}
