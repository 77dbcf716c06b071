namespace Portal.Provisioning.Kubernetes;

/// <summary>A call to a cluster that failed, already classified; the message is one line that a person can read.</summary>
public sealed class KubeException(KubeFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public KubeFault Fault { get; } = fault;

    /// <summary>The HTTP status; null when no answer came.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The object that the call was about, when it was about one.</summary>
    public ObjectRef? Object { get; init; }

    /// <summary>How long the server asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public IReadOnlyList<StatusCause> Causes { get; init; } = [];

    /// <summary>Which fields other managers own, and who they are; for a <see cref="KubeFault.FieldManagerConflict"/>, else empty.</summary>
    public IReadOnlyList<FieldConflict> Conflicts { get; init; } = [];

    /// <summary>Whether looking and trying again later can succeed without anybody changing the spec, the rights or the cluster.</summary>
    public bool IsTransient => Fault is KubeFault.Conflict or KubeFault.NamespaceTerminating or KubeFault.Throttled or KubeFault.DisruptionBudget
        or KubeFault.Unavailable or KubeFault.TimedOut or KubeFault.Gone or KubeFault.ServerError;
}
