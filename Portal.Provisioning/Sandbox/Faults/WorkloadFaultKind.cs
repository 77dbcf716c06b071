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
}
