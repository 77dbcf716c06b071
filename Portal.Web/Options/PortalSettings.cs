using Portal.Core.Persistence;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;

namespace Portal.Web.Options;

/// <summary>Everything that the configuration says, read once, checked and immutable.</summary>
/// <param name="DataDirectory">Absolute path of the folder for the embedded database and for files that the portal writes.</param>
/// <param name="DemoExposed">Demo sign-in is offered to other machines, because a setting said so.</param>
/// <param name="RequestsPerMinute">How many REST calls one user may make in a minute.</param>
/// <param name="Platform">What holds for the stacks of all environments.</param>
public sealed record PortalSettings(
    DatabaseSettings Database,
    ClusterChoice Cluster,
    string DataDirectory,
    IReadOnlyList<string> Urls,
    bool DemoExposed,
    int RequestsPerMinute,
    PlatformSettings Platform)
{
    /// <summary>Absolute path of the file that missing digests of images are found out for at the start; null asks no registry.</summary>
    public string? DigestsToComplete { get; init; }
}

/// <summary>Which clusters the portal works on; the sandbox when none is configured.</summary>
/// <param name="Preferred">Where environments go that name no cluster; null means the first.</param>
public sealed record ClusterChoice(IReadOnlyList<ClusterSource> Sources, string? Preferred)
{
    public bool IsSandbox => Sources.Count == 0;
}
