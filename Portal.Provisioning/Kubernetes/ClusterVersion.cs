namespace Portal.Provisioning.Kubernetes;

/// <summary>The version that an API server reports, for example 1.34 (v1.34.2).</summary>
public sealed record ClusterVersion(int Major, int Minor, string GitVersion)
{
    public bool IsAtLeast(int major, int minor) => Major > major || (Major == major && Minor >= minor);

    public override string ToString() => GitVersion;
}
