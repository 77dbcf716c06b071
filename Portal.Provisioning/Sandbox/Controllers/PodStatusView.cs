using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The status of a pod at one moment of its timeline.</summary>
internal sealed class PodStatusView(PodTimeline timeline, TimeSpan elapsed, DateTimeOffset since)
{
    public string? FailingImage { get; init; }

    public bool NeverReady { get; init; }

    public required string Stamp { get; init; }

    public long Generation { get; init; }

    public bool HasAddress => elapsed >= TimeSpan.Zero;

    /// <summary>When the status changes next; null when it has come to rest.</summary>
    public TimeSpan? NextMoment => timeline.All.SelectMany(container => container.Moments).Where(moment => moment > elapsed).Select(moment => (TimeSpan?)moment).Min();

    private bool Initialized => elapsed >= timeline.Initialized;

    public void Write(JsonObject status)
    {
        var ended = timeline.Mains.All(container => container.Ended <= elapsed);
        var running = Initialized && timeline.Mains.Any(container => elapsed >= container.Started);
        status["phase"] = ended ? "Succeeded" : running ? "Running" : "Pending";
        status.Default("startTime", ObjectWriter.Stamp(since));
        status["observedGeneration"] = Generation;
        var ready = !ended && timeline.Mains.All(IsReady);
        Conditions.Set(status, "PodReadyToStartContainers", HasAddress && !ended, Stamp);
        Conditions.Set(status, "Initialized", Initialized, Stamp, Initialized ? ended ? "PodCompleted" : null : "ContainersNotInitialized");
        var waiting = $"containers with unready status: [{string.Join(' ', timeline.Mains.Where(container => !IsReady(container)).Select(container => container.Name))}]";
        var reason = ended ? "PodCompleted" : ready ? null : "ContainersNotReady";
        Conditions.Set(status, "Ready", ready, Stamp, reason, ready || ended ? null : waiting);
        Conditions.Set(status, "ContainersReady", ready, Stamp, reason, ready || ended ? null : waiting);
        Conditions.Set(status, "PodScheduled", true, Stamp);
        if (timeline.Inits.Count > 0)
        {
            status["initContainerStatuses"] = new JsonArray([.. timeline.Inits.Select(container => Container(container, "PodInitializing"))]);
        }

        status["containerStatuses"] = new JsonArray([.. timeline.Mains.Select(container => Container(container, timeline.Inits.Count > 0 ? "PodInitializing" : "ContainerCreating"))]);
    }

    private bool IsReady(ContainerTimes container) => !NeverReady && elapsed >= container.Ready && !(container.Ended <= elapsed);

    private JsonObject Container(ContainerTimes container, string waitingReason)
    {
        var started = elapsed >= container.Started;
        var ended = container.Ended <= elapsed;
        return new JsonObject
        {
            ["name"] = container.Name,
            ["image"] = container.Image,
            ["imageID"] = started ? $"sandbox://{container.Image}" : "",
            ["containerID"] = started ? $"sandbox://{StableHash.Of($"{since:O}{container.Name}"):x16}" : "",
            ["ready"] = timeline.Mains.Contains(container) ? IsReady(container) : ended || IsReady(container),
            ["restartCount"] = 0,
            ["started"] = started && !ended,
            ["state"] = ended ? Ended(container) : started ? new JsonObject { ["running"] = new JsonObject { ["startedAt"] = ObjectWriter.Stamp(since + container.Started) } } : Waiting(container, waitingReason),
            ["lastState"] = new JsonObject(),
        };
    }

    private JsonObject Waiting(ContainerTimes container, string reason)
    {
        var waiting = new JsonObject { ["reason"] = reason };
        if (FailingImage == container.Image)
        {
            waiting["reason"] = "ImagePullBackOff";
            waiting["message"] = $"Back-off pulling image \"{container.Image}\": ErrImagePull: manifest unknown (fault injected by the sandbox)";
        }

        return new JsonObject { ["waiting"] = waiting };
    }

    private JsonObject Ended(ContainerTimes container) => new()
    {
        ["terminated"] = new JsonObject
        {
            ["exitCode"] = 0,
            ["reason"] = "Completed",
            ["startedAt"] = ObjectWriter.Stamp(since + container.Started),
            ["finishedAt"] = ObjectWriter.Stamp(since + container.Ended!.Value),
            ["containerID"] = $"sandbox://{StableHash.Of($"{since:O}{container.Name}"):x16}",
        },
    };
}
