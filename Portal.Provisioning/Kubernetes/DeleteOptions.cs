namespace Portal.Provisioning.Kubernetes;

/// <summary>How a delete is done.</summary>
public sealed record DeleteOptions
{
    /// <summary>Delete only the object with this UID; another one of the same name is a <see cref="KubeFault.Conflict"/>.</summary>
    public string? Uid { get; init; }

    /// <summary>Delete only what is as it was when it was read; an object that changed since is a <see cref="KubeFault.Conflict"/>.</summary>
    public string? ResourceVersion { get; init; }

    public DeletePropagation Propagation { get; init; } = DeletePropagation.Background;

    /// <summary>Time for pods to stop; null leaves it to the object.</summary>
    public TimeSpan? GracePeriod { get; init; }

    public bool DryRun { get; init; }
}

/// <summary>What happens to the objects that the deleted one owns.</summary>
public enum DeletePropagation
{
    Background,
    Foreground,
    Orphan,
}
