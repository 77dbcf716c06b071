using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>What pods would use at one moment: slow waves around a share of their requests. Invented, and fixed by names and the clock.</summary>
/// <remarks>
/// The load belongs to the workload and starts low when it is created, so that a new stack first settles; the replicas that an autoscaler adds share it.
/// One meter is one look: it remembers what it read about owners and is not for several threads.
/// </remarks>
internal sealed class UsageMeter(ObjectStore store, double swing, DateTimeOffset now)
{
    /// <summary>Carried by every object of metrics.k8s.io, so that nobody takes the numbers for measured ones.</summary>
    public const string Annotation = "sandbox.portal/usage";

    public const string AnnotationValue = "synthetic: waves around a share of the requests, nothing is measured";

    private const double Middle = 0.5;
    private const long UnaskedMilliCpu = 10;
    private const long UnaskedMemory = 32L << 20;

    private static readonly TimeSpan s_shortestWave = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_waveRange = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, double> _loads = new(StringComparer.Ordinal);

    /// <summary>How far the load swings around its middle unless an option says otherwise.</summary>
    public const double UsualSwing = 0.35;

    /// <summary>The highest share of its CPU request that a container usually uses.</summary>
    public const double Peak = Middle + UsualSwing;

    /// <summary>The usual share of its memory request that a container uses.</summary>
    public const double MemoryShare = 0.6;

    /// <summary>The usage of the running containers of a pod; empty while none runs.</summary>
    /// <param name="root">The pod's tree, which the caller may read.</param>
    public IReadOnlyList<ContainerUsage> Of(StoredObject pod, JsonObject root)
    {
        var running = root.Map("status").Items("containerStatuses").Where(status => status.Map("state", "running") is not null)
            .Select(status => status.Text("name")).ToHashSet();
        if (running.Count == 0)
        {
            return [];
        }

        var load = Load(pod) * (0.96 + (0.08 * StableHash.Share(pod.Name)));
        return [.. root.Map("spec").Items("containers").Where(container => running.Contains(container.Text("name"))).Select(container => Of(container, load))];
    }

    private static ContainerUsage Of(JsonObject container, double load)
    {
        var requests = container.Map("resources", "requests");
        var cpu = Quantity.Milli(requests?.Text("cpu")) ?? 0;
        var memory = (Quantity.Milli(requests?.Text("memory")) ?? 0) / 1000;
        // Memory follows the load only a little, as it does in real services.
        var share = MemoryShare + (0.1 * (load - Middle));
        return new ContainerUsage(
            container.Text("name") ?? "",
            Math.Max(1, (long)((cpu > 0 ? cpu : UnaskedMilliCpu) * load)),
            (long)((memory > 0 ? memory : UnaskedMemory) * share),
            cpu,
            memory);
    }

    /// <summary>The share of its CPU request that each pod of the same workload uses now.</summary>
    private double Load(StoredObject pod)
    {
        var workload = Workload(pod);
        if (!_loads.TryGetValue(workload.Uid, out var load))
        {
            _loads[workload.Uid] = load = Wave(workload) * Spread(workload);
        }

        return load;
    }

    private StoredObject Workload(StoredObject item)
    {
        var owner = item.Owners.Select(store.ByUid).FirstOrDefault(found => found is not null);
        return owner is null ? item : Workload(owner);
    }

    private double Wave(StoredObject workload)
    {
        var created = workload.Parse().Section("metadata").Text("creationTimestamp");
        var age = created is null ? TimeSpan.Zero : now - DateTimeOffset.Parse(created, CultureInfo.InvariantCulture);
        var period = s_shortestWave + (s_waveRange * StableHash.Share(workload.Name));
        return Middle - (swing * Math.Cos(2 * Math.PI * (age / period)));
    }

    // Without this, more replicas would each be as busy as before, and an autoscaler would always run to its maximum.
    private double Spread(StoredObject workload)
    {
        if (!workload.Kind.HasScale)
        {
            return 1;
        }

        var least = store.List(Kinds.HorizontalPodAutoscaler, workload.Namespace).Items
            .Select(scaler => scaler.Parse().Section("spec"))
            .FirstOrDefault(spec => spec.Map("scaleTargetRef") is { } target && target.Text("name") == workload.Name && target.Text("kind") == workload.Kind.Kind)
            ?.Number("minReplicas");
        var replicas = workload.Parse().Section("spec").Number("replicas") ?? 1;
        return least is { } few && replicas > few ? (double)few / replicas : 1;
    }
}
