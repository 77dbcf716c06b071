namespace Portal.Provisioning.Sandbox;

/// <summary>The faults that pods and volumes can be given.</summary>
public enum WorkloadFaultKind
{
    /// <summary>The image cannot be pulled: ErrImagePull, then ImagePullBackOff.</summary>
    ImagePull,

    /// <summary>Containers run but never become ready.</summary>
    NeverReady,

    /// <summary>The claim stays Pending.</summary>
    NeverBinds,

    /// <summary>No node takes the pod.</summary>
    Unschedulable,

    /// <summary>Containers take longer to start.</summary>
    SlowStart,

    /// <summary>Containers end with exit code 1 soon after each start: CrashLoopBackOff, or a failed pod where the policy is never to restart.</summary>
    CrashLoop,

    /// <summary>As <see cref="CrashLoop"/>, killed for using too much memory: exit code 137, OOMKilled.</summary>
    OutOfMemory,
}
