using Portal.Core.Environments;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>The health of one object, or of a component, with sentences for people.</summary>
/// <param name="Message">What is the case and why, in one sentence.</param>
/// <param name="Cause">The kind of trouble; None for what is healthy or only needs time.</param>
/// <param name="NextStep">What the owner can do, in one sentence; null when there is nothing to do but wait.</param>
public sealed record HealthReport(HealthStatus Status, string Message, HealthCause Cause = HealthCause.None, string? NextStep = null)
{
    /// <summary>True where waiting hardly helps: an update whose new pods fail like this does not succeed.</summary>
    /// <remarks>Room on nodes and volumes may still come, from an autoscaler or a provisioner, and a lost node is replaced: those never count.</remarks>
    public bool IsLasting => Status == HealthStatus.Degraded && !PodsMayRun && Cause is
        HealthCause.Image or HealthCause.Crash or HealthCause.Memory or HealthCause.Quota or HealthCause.Webhook
        or HealthCause.Configuration or HealthCause.Probe or HealthCause.Deadline;

    /// <summary>True when there is nothing to wait for: it is healthy, or was put to rest on purpose.</summary>
    public bool IsSettled => Status is HealthStatus.Healthy or HealthStatus.Suspended;

    /// <summary>
    /// Set where pods run, or may soon, all the same: an autoscaler that is set up wrong, a registry that did not answer once, a program
    /// that ended for the first time (some wait for what they need by crashing).
    /// </summary>
    internal bool PodsMayRun { get; init; }

    /// <summary>Set for a pod that has failed for good: its controller may have started another.</summary>
    internal bool PodFailed { get; init; }

    /// <summary>For an object that should be on the cluster and is not.</summary>
    public static HealthReport Missing(ObjectRef reference) => new(HealthStatus.Missing, $"{reference} does not exist.");

    internal static HealthReport Healthy(string message) => new(HealthStatus.Healthy, message);

    internal static HealthReport Suspended(string message) => new(HealthStatus.Suspended, message);

    internal static HealthReport Progressing(string message) => new(HealthStatus.Progressing, message);

    /// <summary>Progressing, with a cause that is known should it go on for long.</summary>
    internal static HealthReport Waiting(HealthCause cause, string message, string? nextStep = null) =>
        new(HealthStatus.Progressing, message, cause, nextStep ?? NextSteps.For(cause));

    internal static HealthReport Degraded(HealthCause cause, string message, string? nextStep = null) =>
        new(HealthStatus.Degraded, message, cause, nextStep ?? NextSteps.For(cause));
}
