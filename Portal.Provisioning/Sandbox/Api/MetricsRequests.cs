using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Answers metrics.k8s.io: usage of pods and nodes, computed when it is asked for.</summary>
internal sealed class MetricsRequests(ObjectStore store, double loadSwing, TimeProvider time)
{
    private const long NodeMilliCpu = 150;
    private const long NodeMemory = 900L << 20;

    public Task GetAsync(ApiCall call)
    {
        var meter = new UsageMeter(store, loadSwing, time.GetUtcNow());
        if (call.Kind == Kinds.NodeMetrics)
        {
            var node = store.Get(Kinds.Node, "", call.Name!) ?? throw ApiFault.NotFound(call.Kind, call.Name!);
            return ApiResponse.WriteAsync(call.Http, 200, Nodes(meter, [node])[0]);
        }

        var pod = store.Get(Kinds.Pod, call.Namespace ?? "", call.Name!);
        var metrics = pod is null ? null : OfPod(meter, pod);
        return ApiResponse.WriteAsync(call.Http, 200, metrics ?? throw ApiFault.NotFound(call.Kind, $"{call.Namespace}/{call.Name}"));
    }

    public Task ListAsync(ApiCall call)
    {
        var source = call.Kind == Kinds.NodeMetrics ? Kinds.Node : Kinds.Pod;
        var labels = LabelSelector.Parse(call.Query("labelSelector"));
        var fields = FieldSelector.Parse(source, call.Query("fieldSelector"));
        var (all, version) = store.List(source, source.Namespaced ? call.Namespace : null);
        var meter = new UsageMeter(store, loadSwing, time.GetUtcNow());
        var wanted = all.Where(item => labels.Matches(item.Labels) && fields.Matches(item)).ToList();
        var items = call.Kind == Kinds.NodeMetrics ? Nodes(meter, wanted) : [.. wanted.Select(pod => OfPod(meter, pod)).OfType<JsonObject>()];
        return ApiResponse.WriteAsync(call.Http, 200, new JsonObject
        {
            ["kind"] = $"{call.Kind.Kind}List",
            ["apiVersion"] = call.Kind.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
            ["items"] = new JsonArray([.. items]),
        });
    }

    private JsonObject? OfPod(UsageMeter meter, StoredObject pod)
    {
        var containers = meter.Of(pod, pod.Parse());
        if (containers.Count == 0)
        {
            return null;
        }

        var metrics = Head(Kinds.PodMetrics, pod);
        metrics["containers"] = new JsonArray([.. containers.Select(container => container.ToJson())]);
        return metrics;
    }

    private List<JsonObject> Nodes(UsageMeter meter, IReadOnlyList<StoredObject> nodes)
    {
        var used = nodes.ToDictionary(node => node.Name, _ => (Cpu: NodeMilliCpu, Memory: NodeMemory), StringComparer.Ordinal);
        foreach (var pod in store.List(Kinds.Pod, null).Items)
        {
            var root = pod.Parse();
            if (root.Map("spec")?.Text("nodeName") is { } node && used.TryGetValue(node, out var sum))
            {
                var containers = meter.Of(pod, root);
                used[node] = (sum.Cpu + containers.Sum(container => container.MilliCpu), sum.Memory + containers.Sum(container => container.MemoryBytes));
            }
        }

        return [.. nodes.Select(node =>
        {
            var metrics = Head(Kinds.NodeMetrics, node);
            metrics["usage"] = ContainerUsage.Amounts(used[node.Name].Cpu, used[node.Name].Memory);
            return metrics;
        })];
    }

    private JsonObject Head(ResourceKind kind, StoredObject item)
    {
        var now = ObjectWriter.Stamp(time.GetUtcNow());
        var metadata = new JsonObject { ["name"] = item.Name, ["creationTimestamp"] = now };
        if (kind.Namespaced)
        {
            metadata["namespace"] = item.Namespace;
        }

        metadata["labels"] = new JsonObject(item.Labels.Select(label => new KeyValuePair<string, JsonNode?>(label.Key, label.Value)));
        metadata["annotations"] = new JsonObject { [UsageMeter.Annotation] = UsageMeter.AnnotationValue };
        return new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion, ["metadata"] = metadata, ["timestamp"] = now, ["window"] = "30s" };
    }
}
