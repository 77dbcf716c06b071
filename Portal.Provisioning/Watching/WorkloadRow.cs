using Portal.Core.Environments;
using Portal.Core.Feeds;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Watching;

/// <summary>An object of ours that is not a pod, with its health. A Namespace is in its own scope.</summary>
/// <param name="Wish">Differs when what is wished of the object differs, and not when only its status does: the generation, or a hash where a kind counts none.</param>
public sealed record WorkloadRow(
    ObjectRef Key, string Component, HealthStatus Health, string Message, string Uid, long Wish, DateTimeOffset Created, long Version) : IFeedRow<ObjectRef>
{
    public string Scope => Key.Namespace ?? Key.Name;

    public string Namespace => Scope;

    public string Name => Key.Name;
}
