using Portal.Core.Environments;
using Portal.Core.Feeds;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Watching;

/// <summary>An object of ours that is not a pod, with its health. A Namespace is in its own scope.</summary>
public sealed record WorkloadRow(
    ObjectRef Key, string Component, HealthStatus Health, string Message, string Uid, long Generation, DateTimeOffset Created, long Version) : IFeedRow<ObjectRef>
{
    public string Scope => Key.Namespace ?? Key.Name;

    public string Namespace => Scope;

    public string Name => Key.Name;
}
