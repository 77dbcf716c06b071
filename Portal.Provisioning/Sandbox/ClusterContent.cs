using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>What every cluster has from the start: nodes, system namespaces, the default storage class.</summary>
internal static class ClusterContent
{
    private const string NodePrefix = "sandbox-";

    public static void Add(ObjectWriter writer, SandboxOptions options)
    {
        foreach (var name in (ReadOnlySpan<string>)["default", "kube-system", "kube-public"])
        {
            Create(writer, Kinds.Namespace, name, []);
        }

        Create(writer, Kinds.StorageClass, "standard", new JsonObject
        {
            ["provisioner"] = "sandbox.portal/volumes",
            ["allowVolumeExpansion"] = true,
        }, new JsonObject { ["storageclass.kubernetes.io/is-default-class"] = "true" });
        foreach (var (name, value) in (ReadOnlySpan<(string, int)>)[("system-cluster-critical", 2000000000), ("system-node-critical", 2000001000)])
        {
            Create(writer, Kinds.PriorityClass, name, new JsonObject { ["value"] = value });
        }

        if (options.MaxNodes > options.Nodes)
        {
            // Where the cluster autoscaler says how it is, and how others know that there is one.
            Create(writer, Kinds.ConfigMap, "cluster-autoscaler-status", new JsonObject { ["data"] = new JsonObject { ["status"] = "autoscalerStatus: Running" } }, ns: "kube-system");
        }

        for (var i = 1; i <= options.Nodes; i++)
        {
            AddNode(writer, options, i);
        }
    }

    private static JsonObject Capacity(SandboxOptions options) => new()
    {
        ["cpu"] = options.NodeCpu,
        ["memory"] = options.NodeMemory,
        ["ephemeral-storage"] = "1Ti",
        ["pods"] = options.PodsPerNode.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The number in the name of one of our nodes; 0 for another node.</summary>
    public static int NumberOf(string node) =>
        node.StartsWith(NodePrefix, StringComparison.Ordinal) && int.TryParse(node.AsSpan(NodePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>What an empty node has for pods.</summary>
    public static NodeLoad Offer(SandboxOptions options) => NodeLoad.OfNode(Capacity(options));

    public static void AddNode(ObjectWriter writer, SandboxOptions options, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{NodePrefix}{number}");
        var zone = $"ap-southeast-3{(char)('a' + ((number - 1) % 3))}";
        var node = Create(writer, Kinds.Node, name, [], labels: new JsonObject
        {
            ["kubernetes.io/hostname"] = name,
            ["kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = "amd64",
            ["topology.kubernetes.io/region"] = "ap-southeast-3",
            ["topology.kubernetes.io/zone"] = zone,
        });
        if (node is null)
        {
            return;
        }

        writer.Modify(node.Key, root =>
        {
            var capacity = Capacity(options);
            root["status"] = new JsonObject
            {
                ["capacity"] = capacity,
                ["allocatable"] = capacity.DeepClone(),
                ["conditions"] = new JsonArray(new JsonObject
                {
                    ["type"] = "Ready",
                    ["status"] = "True",
                    ["reason"] = "KubeletReady",
                    ["message"] = "the sandbox node is simulated",
                    ["lastHeartbeatTime"] = writer.Now,
                    ["lastTransitionTime"] = writer.Now,
                }),
                ["addresses"] = new JsonArray(
                    new JsonObject { ["type"] = "InternalIP", ["address"] = string.Create(CultureInfo.InvariantCulture, $"192.0.2.{10 + number}") },
                    new JsonObject { ["type"] = "Hostname", ["address"] = name }),
                ["nodeInfo"] = new JsonObject
                {
                    ["kubeletVersion"] = Discovery.Version().Text("gitVersion"),
                    ["osImage"] = "Portal sandbox",
                    ["operatingSystem"] = "linux",
                    ["architecture"] = "amd64",
                    ["containerRuntimeVersion"] = "sandbox://1",
                    ["kernelVersion"] = "none",
                    ["machineID"] = "",
                    ["systemUUID"] = "",
                    ["bootID"] = "",
                    ["kubeProxyVersion"] = "",
                },
            };
            return true;
        });
    }

    // What an earlier run left is kept as it is.
    private static StoredObject? Create(ObjectWriter writer, ResourceKind kind, string name, JsonObject body, JsonObject? annotations = null, JsonObject? labels = null, string ns = "")
    {
        if (writer.Store.Get(kind, ns, name) is not null)
        {
            return null;
        }

        var metadata = new JsonObject { ["name"] = name };
        if (ns.Length > 0)
        {
            metadata["namespace"] = ns;
        }

        if (annotations is not null)
        {
            metadata["annotations"] = annotations;
        }

        if (labels is not null)
        {
            metadata["labels"] = labels;
        }

        var root = new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion, ["metadata"] = metadata };
        foreach (var (key, value) in body)
        {
            root[key] = value.Copy();
        }

        return writer.Create(kind, root, manager: null, dryRun: false);
    }
}
