using Portal.Core.Environments;
using Portal.Core.Feeds;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Watching;

/// <summary>A pod of ours, as much of it as pages show.</summary>
/// <param name="Component">The component label, such as "mysql"; empty when the pod has none.</param>
/// <param name="Phase">The short word that kubectl shows: Running, CrashLoopBackOff, Terminating.</param>
/// <param name="Message">The sentence that says why.</param>
/// <param name="RunVersion">The tag of the first container's image.</param>
public sealed record PodRow(
    ObjectRef Key,
    string Component,
    int ReadyContainers,
    int AllContainers,
    HealthStatus Health,
    string Phase,
    string Message,
    int Restarts,
    DateTimeOffset Created,
    string? Node,
    IReadOnlyList<string> Containers,
    string RunVersion,
    long Version) : IFeedRow<ObjectRef>
{
    public string Scope => Key.Namespace ?? "";

    public string Namespace => Scope;

    public string Name => Key.Name;
}
