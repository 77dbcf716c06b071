namespace Portal.Provisioning.Clusters;

/// <summary>Which cluster the portal serves: the sandbox, a kubeconfig, or the cluster that it runs in.</summary>
/// <param name="DataDirectory">Where the sandbox writes its kubeconfig and keeps its objects.</param>
public sealed record ClusterSettings(bool Sandbox, string? Kubeconfig, string? Context, bool InCluster, string DataDirectory)
{
    public const string SandboxName = "sandbox";

    /// <summary>The name that environments of this cluster carry.</summary>
    public string Name => Sandbox ? SandboxName : "default";
}
