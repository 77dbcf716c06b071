using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Asks a cluster what it offers.</summary>
internal sealed partial class CapabilityProbe(KubeClient client, KubeTransport transport, ILogger log)
{
    private const string DefaultClass = "storageclass.kubernetes.io/is-default-class";
    private const string DefaultIngressClass = "ingressclass.kubernetes.io/is-default-class";
    private const string GatewayApi = "gateway.networking.k8s.io";

    public async Task<ClusterVersion> VersionAsync(CancellationToken ct)
    {
        var answer = await ReadAsync("/version", "version", ct);
        return new ClusterVersion(Digits(answer.Text("major")), Digits(answer.Text("minor")), answer.Text("gitVersion") ?? "unknown");
    }

    public async Task<ClusterCapabilities> ProbeAsync(CancellationToken ct)
    {
        var version = await VersionAsync(ct);
        var answer = (await ReadAsync("/apis", "API groups", ct)).Items("groups").ToList();
        var groups = answer.Select(g => (string?)g["name"]).ToHashSet(StringComparer.Ordinal);
        // An older one serves beta versions alone, which the blueprint does not speak.
        var hasGatewayApi = ServesV1(answer, GatewayApi);
        var storage = await ClassesAsync("storage.k8s.io/v1", "StorageClass", ct);
        var ingress = await ClassesAsync("networking.k8s.io/v1", "IngressClass", ct) ?? [];
        var gateways = hasGatewayApi ? await ClassesAsync($"{GatewayApi}/v1", "GatewayClass", ct) ?? [] : [];
        return new ClusterCapabilities
        {
            ServerVersion = version,
            HasMetricsApi = groups.Contains("metrics.k8s.io"),
            HasCustomMetrics = groups.Contains("custom.metrics.k8s.io"),
            HasExternalMetrics = groups.Contains("external.metrics.k8s.io"),
            HasVerticalPodAutoscaler = groups.Contains("autoscaling.k8s.io"),
            HasCertManager = ServesV1(answer, "cert-manager.io"),
            HasPrometheusOperator = groups.Contains("monitoring.coreos.com"),
            HasGatewayApi = hasGatewayApi,
            HasSnapshotApi = groups.Contains("snapshot.storage.k8s.io"),
            DefaultStorageClass = storage?.FirstOrDefault(c => c.Annotation(DefaultClass) == "true")?.Name,
            ShowsStorageClasses = storage is not null,
            StorageClasses = Names(storage ?? []),
            Room = await RoomAsync(groups.Contains("karpenter.sh"), ct),
            IngressClasses = Names(ingress),
            DefaultIngressClass = ingress.FirstOrDefault(c => c.Annotation(DefaultIngressClass) == "true")?.Name,
            GatewayClasses = Names(gateways.Where(IsAccepted)),
        };
    }

    private static bool ServesV1(IEnumerable<System.Text.Json.Nodes.JsonObject> groups, string name) =>
        groups.Any(g => (string?)g["name"] == name && new KubeObject(g).Items("versions").Any(v => (string?)v["version"] == "v1"));

    private async Task<ClusterRoom?> RoomAsync(bool hasKarpenter, CancellationToken ct)
    {
        var nodes = (await ClassesAsync("v1", "Node", ct) ?? [])
            .Where(node => node.Flag("spec", "unschedulable") != true && IsReady(node))
            .Select(node => new NodeRoom((long)(KubeQuantity.Parse(node.Text("status", "allocatable", "cpu")) * 1000), (long)(KubeQuantity.Parse(node.Text("status", "allocatable", "memory")) / (1024 * 1024))))
            .ToList();
        return nodes.Count == 0
            ? null
            : new(nodes.Aggregate((sum, node) => sum + node), nodes.MaxBy(node => node.MemoryMiB), hasKarpenter || await HasAutoscalerAsync(ct));
    }

    private static bool IsReady(KubeObject node) =>
        node.Items("status", "conditions").Any(condition => (string?)condition["type"] == "Ready" && (string?)condition["status"] == "True");

    private async Task<bool> HasAutoscalerAsync(CancellationToken ct)
    {
        try
        {
            // The cluster autoscaler says here how it is.
            return await client.GetAsync(new ObjectRef("v1", "ConfigMap", "kube-system", "cluster-autoscaler-status"), ct) is not null;
        }
        catch (KubeException hidden) when (hidden.Fault == KubeFault.Forbidden)
        {
            LogUnseen("ConfigMap kube-system/cluster-autoscaler-status", hidden.Message);
            return false;
        }
    }

    /// <returns>Null when the portal may not see them: nothing is known then, not even that there are none.</returns>
    private async Task<IReadOnlyList<KubeObject>?> ClassesAsync(string apiVersion, string kind, CancellationToken ct)
    {
        try
        {
            return (await client.ListAsync(new ListQuery(apiVersion, kind), ct)).Items;
        }
        catch (KubeException e) when (e.Fault is KubeFault.Forbidden or KubeFault.Unsupported)
        {
            // A portal that may not see classes can still use a cluster: people name the class they want.
            LogUnseen(kind, e.Message);
            return null;
        }
    }

    private static bool IsAccepted(KubeObject gatewayClass) => gatewayClass.Items("status", "conditions")
        .Any(condition => (string?)condition["type"] == "Accepted" && (string?)condition["status"] == "True");

    private Task<KubeObject> ReadAsync(string path, string target, CancellationToken ct) => transport.SendAsync(
        new KubeCall(HttpMethod.Get, "read", target, path, transport.Connection.Options.ReadTimeout), KubeJson.ReadAsync, ct);

    private static List<string> Names(IEnumerable<KubeObject> objects) => [.. objects.Select(o => o.Name).Order(StringComparer.Ordinal)];

    // Some vendors report "31+" as the minor version.
    private static int Digits(string? text) =>
        int.TryParse(string.Concat((text ?? "").TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture, out var number) ? number : 0;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster does not show its {Kind} objects: {Reason}")]
    private partial void LogUnseen(string kind, string reason);
}
