using Portal.Core.Environments;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint;

/// <summary>One rendered object and the component that it belongs to.</summary>
/// <param name="Generated">
/// For a Secret only: what the engine generates when the object does not exist yet. Such a Secret is created once and never
/// applied again; its values exist in the cluster alone, never in the database, a plan, a log or the audit.
/// </param>
/// <param name="Early">
/// Applied with the base whatever its component waits for. True for everything that runs nothing (accounts, secrets, configuration,
/// services, network policies): others name it when they start, and nginx refuses to start on a Service name that does not resolve.
/// Health and pruning still count it to its component.
/// </param>
public sealed record Manifest(Component Component, KubeObject Object, IReadOnlyList<GeneratedValue>? Generated = null, bool Early = false)
{
    /// <summary>For a Secret only: the namespace that holds the one of the same name which it is a copy of. The values are no part of what is rendered.</summary>
    public string? CopiedFrom { get; init; }

    /// <summary>Whether its values are not what was rendered, so that it matches by being there.</summary>
    public bool IsCreateOnly => Generated is not null || CopiedFrom is not null;
}

/// <summary>A value that the engine makes with a cryptographic random source, by kind.</summary>
public abstract record GeneratedValue
{
    private GeneratedValue()
    {
    }

    /// <summary>32 characters of [A-Za-z0-9]: no quoting trouble in SQL, ACL files, JAAS or URLs.</summary>
    public sealed record Password(string Key) : GeneratedValue;

    /// <summary>16 random bytes in base64url without padding, 22 characters: a Kafka cluster id.</summary>
    public sealed record KafkaClusterId(string Key) : GeneratedValue;

    /// <summary>A certificate authority and a leaf signed by it, as <c>ca.crt</c>, <c>tls.crt</c> and <c>tls.key</c>.</summary>
    public sealed record Certificate(IReadOnlyList<string> DnsNames) : GeneratedValue;
}
