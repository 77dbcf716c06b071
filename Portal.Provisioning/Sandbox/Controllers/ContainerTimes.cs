namespace Portal.Provisioning.Sandbox;

/// <summary>The times of one container on the timeline of its pod.</summary>
/// <param name="Ended">When it ends well; null for a container that runs on.</param>
internal sealed record ContainerTimes(string Name, string Image, TimeSpan PullFrom, TimeSpan Started, TimeSpan Ready, TimeSpan? Ended)
{
    /// <summary>When the next container of an init sequence may go.</summary>
    public TimeSpan Passed => Ended ?? Ready;

    public IEnumerable<TimeSpan> Moments => Ended is { } ended ? [PullFrom, Started, Ready, ended] : [PullFrom, Started, Ready];
}
