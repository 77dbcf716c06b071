namespace Portal.Provisioning.Clusters;

/// <summary>Which clusters the portal serves: the sandbox, or one that has no name of its own and any number that have.</summary>
/// <param name="DataDirectory">Where the sandbox writes its kubeconfig and keeps its objects.</param>
public sealed record ClusterSettings(bool Sandbox, string? Kubeconfig, string? Context, bool InCluster, string DataDirectory)
{
    public const string SandboxName = "sandbox";

    /// <summary>Clusters that the configuration names, beside the unnamed one.</summary>
    public IReadOnlyList<ClusterSource> Named { get; init; } = [];

    /// <summary>The cluster of environments that name none; null means the unnamed one, or else the first.</summary>
    public string? Preferred { get; init; }

    /// <summary>The clusters to connect to; none when the sandbox is served.</summary>
    public IReadOnlyList<ClusterSource> Sources =>
        Sandbox ? [] : Kubeconfig is null && !InCluster ? Named : [new(ClusterSource.Unnamed, Kubeconfig, Context, InCluster), .. Named];

    /// <summary>What environments of these clusters carry, the default first.</summary>
    public IReadOnlyList<string> Names =>
        Sandbox ? [SandboxName] : [.. Sources.Select(source => source.Name).OrderBy(name => name == Preferred ? 0 : 1)];
}
