namespace Portal.Provisioning.Kubernetes;

/// <summary>The identity of an object on a cluster: API version, kind, namespace (null when cluster-scoped) and name.</summary>
/// <remarks>Objects are spelled <c>Kind/namespace/name</c> everywhere (logs, errors, plans, pages), by <see cref="ToString"/> alone.</remarks>
public sealed record ObjectRef(string ApiVersion, string Kind, string? Namespace, string Name)
{
    /// <summary>The API group: empty for the core group ("v1").</summary>
    public string Group => ApiVersion.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? ApiVersion[..slash] : "";

    public string Version => ApiVersion[(ApiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];

    public override string ToString() => Namespace is null ? $"{Kind}/{Name}" : $"{Kind}/{Namespace}/{Name}";
}
