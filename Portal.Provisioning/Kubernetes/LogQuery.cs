namespace Portal.Provisioning.Kubernetes;

/// <summary>Which lines of a pod's log to read.</summary>
public sealed record LogQuery
{
    /// <summary>Needed when the pod has several containers.</summary>
    public string? Container { get; init; }

    /// <summary>Stay and deliver lines as they are written, until the container ends or the reader stops.</summary>
    public bool Follow { get; init; }

    /// <summary>The log of the run before the last restart.</summary>
    public bool Previous { get; init; }

    public bool Timestamps { get; init; }

    public int? TailLines { get; init; }

    public TimeSpan? Since { get; init; }
}
