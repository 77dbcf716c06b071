namespace Portal.Provisioning.Health;

/// <summary>What the owner can do about a cause, where that does not depend on the details of the case.</summary>
public static class NextSteps
{
    public static string? For(HealthCause cause) => cause switch
    {
        HealthCause.None => null,
        HealthCause.Image => "Check the image name and tag, and that the cluster may pull from that registry.",
        HealthCause.Crash => "Read the log of the container's previous run: it says why the program ended.",
        HealthCause.Memory => "Give the container more memory, or look for what uses so much of it.",
        HealthCause.Scheduling => "Ask for smaller or fewer pods, or for a larger cluster; where nodes are added by themselves, it may pass.",
        HealthCause.Volume => "If it lasts, check the storage class and ask the operators of the cluster about its storage.",
        HealthCause.Quota => "Ask for a larger quota, or for smaller or fewer pods.",
        HealthCause.Webhook => "A rule of the cluster refuses this: change what it names, or ask the operators of the cluster for an exception.",
        HealthCause.Configuration => "Correct the setting that the message names, then apply the change.",
        HealthCause.Probe => "If it lasts, read the container's log, and check the path and port of its probe.",
        HealthCause.Eviction => "Ask for memory and storage that match what the pod really uses, so that its node does not run short.",
        HealthCause.Deadline => "Look at the pods and their logs for what takes so long.",
        HealthCause.Node => "The cluster moves pods off a lost node by itself; if it lasts, ask the operators of the cluster.",
        HealthCause.Other => "Look at the events of the object; if they do not help, ask the operators of the cluster.",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "Unknown cause."),
    };
}
