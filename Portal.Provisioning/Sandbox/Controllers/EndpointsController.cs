using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Keeps the Endpoints and the EndpointSlice of every Service with a selector at its ready pods.</summary>
internal sealed class EndpointsController(ControlContext cluster) : Controller(cluster)
{
    public override TimeSpan Gather { get; } = TimeSpan.FromMilliseconds(30);

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.Service, Kinds.Pod];

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.Service)
        {
            if (!change.Removed)
            {
                Look(change.Key);
            }
        }
        else if (change.Removed || change.Before is null || Standing(change.Before) != Standing(change.Now) || !change.Before.Labels.SequenceEqual(change.Now.Labels))
        {
            foreach (var service in Cluster.Store.List(Kinds.Service, change.Key.Namespace).Items)
            {
                if (service.Selector is { } selector && (selector.Matches(change.Now.Labels) || (change.Before is not null && selector.Matches(change.Before.Labels))))
                {
                    Look(service.Key);
                }
            }
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } service || service.Selector is not { } selector
            || Cluster.Store.Get(Kinds.Namespace, "", key.Namespace) is not { IsTerminating: false })
        {
            return;
        }

        var pods = Cluster.Store.List(Kinds.Pod, key.Namespace).Items
            .Where(pod => selector.Matches(pod.Labels) && PodState.IsActive(pod) && pod.View.Text("status", "podIP") is not null).ToList();
        var ports = service.View.Items("spec", "ports").Select(port => Port(port, pods)).ToList();
        var all = service.View.Flag("spec", "publishNotReadyAddresses") == true;
        var labels = service.Labels.Where(label => label.Key != "kubernetes.io/service-name");
        Put(service, Kinds.EndpointSlice, $"{service.Name}-{StableHash.Name(service.Uid)[..5]}", labels, root =>
        {
            root["addressType"] = "IPv4";
            root["endpoints"] = new JsonArray([.. pods.Select(pod => Endpoint(pod, all || PodState.IsReady(pod)))]);
            root["ports"] = new JsonArray([.. ports.Select(port => port.DeepClone())]);
        });
        Put(service, Kinds.Endpoints, service.Name, labels, root =>
        {
            var ready = pods.Where(pod => all || PodState.IsReady(pod)).Select(Address).ToArray();
            var waiting = pods.Where(pod => !all && !PodState.IsReady(pod)).Select(Address).ToArray();
            var subset = new JsonObject();
            if (ready.Length > 0)
            {
                subset["addresses"] = new JsonArray(ready);
            }

            if (waiting.Length > 0)
            {
                subset["notReadyAddresses"] = new JsonArray(waiting);
            }

            subset["ports"] = new JsonArray([.. ports.Select(port => port.DeepClone())]);
            // The server keeps no empty list.
            root.Remove("subsets");
            if (pods.Count > 0)
            {
                root["subsets"] = new JsonArray(subset);
            }
        });
    }

    private static string Standing(StoredObject pod) => $"{pod.View.Text("status", "podIP")} {PodState.IsReady(pod)} {PodState.IsActive(pod)}";

    // A named target port is looked up in the pods, as it may differ from the service's number.
    private static JsonObject Port(JsonObject port, List<StoredObject> pods)
    {
        var target = port["targetPort"];
        if (target.AsText() is { } name)
        {
            target = pods.SelectMany(pod => pod.View.Items("spec", "containers")).SelectMany(container => container.Items("ports"))
                .FirstOrDefault(candidate => candidate.Text("name") == name)?["containerPort"] ?? port["port"];
        }

        var entry = new JsonObject { ["name"] = port.Text("name") ?? "", ["port"] = target.Copy(), ["protocol"] = port["protocol"].Copy() };
        if (port["appProtocol"] is { } protocol)
        {
            entry["appProtocol"] = protocol.DeepClone();
        }

        return entry;
    }

    private static JsonObject Reference(StoredObject pod) => new() { ["kind"] = "Pod", ["namespace"] = pod.Namespace, ["name"] = pod.Name, ["uid"] = pod.Uid };

    private static JsonObject Address(StoredObject pod) => new()
    {
        ["ip"] = pod.View.Text("status", "podIP"), ["nodeName"] = pod.View.Text("spec", "nodeName"), ["targetRef"] = Reference(pod),
    };

    private static JsonObject Endpoint(StoredObject pod, bool ready) => new()
    {
        ["addresses"] = new JsonArray(pod.View.Text("status", "podIP")),
        ["conditions"] = new JsonObject { ["ready"] = ready, ["serving"] = ready, ["terminating"] = false },
        ["nodeName"] = pod.View.Text("spec", "nodeName"),
        ["targetRef"] = Reference(pod),
    };

    private void Put(StoredObject service, ResourceKind kind, string name, IEnumerable<KeyValuePair<string, string>> labels, Action<JsonObject> fill)
    {
        var key = new ObjectKey(kind, service.Namespace, name);
        var known = Cluster.Writer.Modify(key, root =>
        {
            fill(root);
            return true;
        });
        if (known is not null)
        {
            return;
        }

        var all = new JsonObject(labels.Select(label => new KeyValuePair<string, JsonNode?>(label.Key, label.Value)));
        if (kind == Kinds.EndpointSlice)
        {
            all["kubernetes.io/service-name"] = service.Name;
            all["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io";
        }

        var body = new JsonObject
        {
            ["kind"] = kind.Kind,
            ["apiVersion"] = kind.ApiVersion,
            ["metadata"] = new JsonObject
            {
                ["name"] = name, ["namespace"] = service.Namespace, ["labels"] = all, ["ownerReferences"] = new JsonArray(PodFactory.OwnerReference(service)),
            },
        };
        fill(body);
        Cluster.Writer.CreateTrusted(kind, body);
    }
}
