namespace Portal.Provisioning.Kubernetes;

/// <summary>The program that a kubeconfig user names to obtain credentials.</summary>
/// <param name="ClusterInfo">JSON about the cluster, for a plugin that asks for it.</param>
internal sealed record ExecPlugin(
    string ApiVersion,
    string Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string Folder,
    string InstallHint,
    string? ClusterInfo);
