namespace Portal.Provisioning.Clusters;

/// <summary>Where the configuration finds one cluster: a context of a kubeconfig, or the cluster that the portal runs in.</summary>
/// <param name="Name">What environments on it carry.</param>
/// <param name="Context">Null means the kubeconfig's current one.</param>
public sealed record ClusterSource(string Name, string? Kubeconfig, string? Context, bool InCluster)
{
    /// <summary>The name of the cluster that is configured without one.</summary>
    public const string Unnamed = "default";
}
