using Portal.Core.Persistence;

namespace Portal.Web.Options;

/// <summary>Everything that the configuration says, read once, checked and immutable.</summary>
/// <param name="DataDirectory">Absolute path of the folder for the embedded database and for files that the portal writes.</param>
/// <param name="DemoExposed">Demo sign-in is offered to other machines, because a setting said so.</param>
/// <param name="RequestsPerMinute">How many REST calls one user may make in a minute.</param>
public sealed record PortalSettings(
    DatabaseSettings Database,
    ClusterChoice Cluster,
    string DataDirectory,
    IReadOnlyList<string> Urls,
    bool DemoExposed,
    int RequestsPerMinute);

/// <summary>Which cluster the portal works on: the sandbox, the one of a kubeconfig, or the one it runs in.</summary>
public sealed record ClusterChoice(string? Kubeconfig, string? Context, bool InCluster)
{
    public bool IsSandbox => Kubeconfig is null && !InCluster;
}
