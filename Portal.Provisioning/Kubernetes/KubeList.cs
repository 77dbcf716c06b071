namespace Portal.Provisioning.Kubernetes;

/// <summary>The objects of a list and the version at which it was true: watch from there.</summary>
public sealed record KubeList(IReadOnlyList<KubeObject> Items, string ResourceVersion);
