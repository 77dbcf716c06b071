using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>What a workload is judged by besides itself.</summary>
internal sealed record Surroundings(
    IReadOnlyList<KubeObject> Pods, IReadOnlyList<KubeObject> ReplicaSets, IReadOnlyList<KubeObject> Claims, EventBook Events);
