using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Server-side printing: what <c>kubectl get</c> shows, with the columns of the real server for the main kinds.</summary>
internal static class Tables
{
    private static readonly Dictionary<ResourceKind, TableColumn[]> s_columns = new()
    {
        [Kinds.Pod] =
        [
            new("Ready", pod => $"{PodSummary.ReadyContainers(pod)}/{PodSummary.Containers(pod)}"), new("Status", PodSummary.Reason),
            new("Restarts", pod => PodSummary.Restarts(pod).ToString(CultureInfo.InvariantCulture)), TableColumn.Age,
            new("IP", pod => pod.Map("status")?.Text("podIP"), Wide: true), new("Node", pod => pod.Map("spec")?.Text("nodeName"), Wide: true),
        ],
        [Kinds.Deployment] =
        [
            new("Ready", item => $"{Count(item, "status", "readyReplicas")}/{Count(item, "spec", "replicas")}"),
            new("Up-to-date", item => Count(item, "status", "updatedReplicas")), new("Available", item => Count(item, "status", "availableReplicas")), TableColumn.Age,
        ],
        [Kinds.ReplicaSet] =
        [
            new("Desired", item => Count(item, "spec", "replicas")), new("Current", item => Count(item, "status", "replicas")),
            new("Ready", item => Count(item, "status", "readyReplicas")), TableColumn.Age,
        ],
        [Kinds.StatefulSet] = [new("Ready", item => $"{Count(item, "status", "readyReplicas")}/{Count(item, "spec", "replicas")}"), TableColumn.Age],
        [Kinds.DaemonSet] =
        [
            new("Desired", item => Count(item, "status", "desiredNumberScheduled")), new("Current", item => Count(item, "status", "currentNumberScheduled")),
            new("Ready", item => Count(item, "status", "numberReady")), new("Up-to-date", item => Count(item, "status", "updatedNumberScheduled")),
            new("Available", item => Count(item, "status", "numberAvailable")), TableColumn.Age,
        ],
        [Kinds.Job] =
        [
            new("Status", JobStatus), new("Completions", item => $"{Count(item, "status", "succeeded")}/{Count(item, "spec", "completions")}"), TableColumn.Age,
        ],
        [Kinds.CronJob] =
        [
            new("Schedule", item => item.Map("spec")?.Text("schedule")), new("Suspend", item => item.Map("spec")!.Flag("suspend") ? "True" : "False"),
            new("Active", item => item.Map("status").Items("active").Count().ToString(CultureInfo.InvariantCulture)), TableColumn.Age,
        ],
        [Kinds.Service] =
        [
            new("Type", item => item.Map("spec")?.Text("type")), new("Cluster-IP", item => item.Map("spec")?.Text("clusterIP") ?? "<none>"),
            new("External-IP", ExternalAddress), new("Port(s)", Ports), TableColumn.Age,
        ],
        [Kinds.Namespace] = [new("Status", item => item.Map("status")?.Text("phase")), TableColumn.Age],
        [Kinds.Node] = [new("Status", _ => "Ready"), new("Roles", _ => "<none>"), TableColumn.Age, new("Version", item => item.Map("status", "nodeInfo")?.Text("kubeletVersion"))],
        [Kinds.PersistentVolumeClaim] =
        [
            new("Status", item => item.Map("metadata")!["deletionTimestamp"] is null ? item.Map("status")?.Text("phase") : "Terminating"),
            new("Volume", item => item.Map("spec")?.Text("volumeName")), new("Capacity", item => item.Map("status", "capacity")?.Text("storage")),
            new("Access Modes", item => AccessModes(item.Map("spec"))), new("StorageClass", item => item.Map("spec")?.Text("storageClassName")), TableColumn.Age,
        ],
        [Kinds.ConfigMap] = [new("Data", item => DataCount(item)), TableColumn.Age],
        [Kinds.Secret] = [new("Type", item => item.Text("type")), new("Data", item => DataCount(item)), TableColumn.Age],
        [Kinds.Event] =
        [
            new("Type", item => item.Text("type")), new("Reason", item => item.Text("reason")),
            new("Object", item => $"{item.Map("involvedObject")?.Text("kind")?.ToLowerInvariant()}/{item.Map("involvedObject")?.Text("name")}"),
            new("Message", item => item.Text("message")), TableColumn.Age,
        ],
        [Kinds.HorizontalPodAutoscaler] =
        [
            new("Reference", item => $"{item.Map("spec", "scaleTargetRef")?.Text("kind")}/{item.Map("spec", "scaleTargetRef")?.Text("name")}"),
            new("Targets", Targets), new("MinPods", item => Count(item, "spec", "minReplicas")), new("MaxPods", item => Count(item, "spec", "maxReplicas")),
            new("Replicas", item => Count(item, "status", "currentReplicas")), TableColumn.Age,
        ],
        [Kinds.PodDisruptionBudget] =
        [
            new("Min Available", item => item.Map("spec")?["minAvailable"]?.ToString() ?? "N/A"), new("Max Unavailable", item => item.Map("spec")?["maxUnavailable"]?.ToString() ?? "N/A"),
            new("Allowed Disruptions", item => Count(item, "status", "disruptionsAllowed")), TableColumn.Age,
        ],
    };

    public static JsonObject Of(ResourceKind kind, IReadOnlyList<StoredObject> items, long version, DateTimeOffset now, bool withColumns)
    {
        var columns = s_columns.GetValueOrDefault(kind) ?? [TableColumn.Age];
        var heads = columns.Select(column => column.Describe()).Prepend(TableColumn.NameHead()).ToArray();
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
            ["columnDefinitions"] = withColumns ? new JsonArray(heads) : null,
            ["rows"] = new JsonArray([.. items.Select(item => Row(columns, item, now))]),
        };
    }

    private static JsonObject Row(TableColumn[] columns, StoredObject item, DateTimeOffset now)
    {
        var root = item.Parse();
        var metadata = root.Section("metadata").DeepClone();
        ((JsonObject)metadata).Remove("managedFields");
        return new JsonObject
        {
            ["cells"] = new JsonArray([.. columns.Select(column => JsonValue.Create(column.Print(root, now))).Prepend(JsonValue.Create(item.Name))]),
            ["object"] = new JsonObject { ["kind"] = "PartialObjectMetadata", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = metadata },
        };
    }

    private static string Count(JsonObject item, string part, string field) =>
        ((item[part] as JsonObject)?.Number(field) ?? 0).ToString(CultureInfo.InvariantCulture);

    private static string DataCount(JsonObject item) =>
        (((item["data"] as JsonObject)?.Count ?? 0) + ((item["binaryData"] as JsonObject)?.Count ?? 0)).ToString(CultureInfo.InvariantCulture);

    private static string Targets(JsonObject item)
    {
        var now = item.Map("status").Items("currentMetrics").ToList();
        var shown = item.Map("spec").Items("metrics").Select((metric, i) =>
        {
            var (wanted, current) = (Source(metric), i < now.Count ? Source(now[i])?.Map("current") : null);
            return wanted?.Map("target")?.Number("averageUtilization") is { } percent
                ? string.Create(CultureInfo.InvariantCulture, $"{wanted.Text("name")}: {current?.Number("averageUtilization")?.ToString(CultureInfo.InvariantCulture) ?? "<unknown>"}%/{percent}%")
                : $"{wanted?.Text("name")}: {current?.Text("averageValue") ?? "<unknown>"}/{wanted?.Map("target")?.Text("averageValue") ?? "<none>"}";
        });
        return string.Join(", ", shown);

        static JsonObject? Source(JsonObject metric) => metric.Map("containerResource") ?? metric.Map("resource");
    }

    private static string JobStatus(JsonObject item)
    {
        var held = item.Map("status").Items("conditions").Where(condition => condition.Text("status") == "True").Select(condition => condition.Text("type")).ToList();
        return held.Contains("Complete") ? "Complete" : held.Contains("Failed") ? "Failed" : held.Contains("Suspended") ? "Suspended" : "Running";
    }

    private static string ExternalAddress(JsonObject item)
    {
        var addresses = item.Map("status", "loadBalancer").Items("ingress").Select(entry => entry.Text("ip") ?? entry.Text("hostname")).ToList();
        return addresses.Count > 0 ? string.Join(',', addresses) : item.Map("spec")?.Text("type") == "LoadBalancer" ? "<pending>" : "<none>";
    }

    private static string Ports(JsonObject item) => string.Join(',', item.Map("spec").Items("ports").Select(port =>
        port["nodePort"] is { } node ? $"{port["port"]}:{node}/{port.Text("protocol")}" : $"{port["port"]}/{port.Text("protocol")}"));

    private static string AccessModes(JsonObject? spec) => string.Join(',', spec.Texts("accessModes").Select(mode => mode switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        _ => "RWOP",
    }));
}
