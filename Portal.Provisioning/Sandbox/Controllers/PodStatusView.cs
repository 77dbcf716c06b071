using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The status of a pod at one moment of its timeline.</summary>
internal sealed class PodStatusView(PodTimeline timeline, TimeSpan elapsed, DateTimeOffset since)
{
    public required StoredObject Pod { get; init; }

    public string? FailingImage { get; init; }

    public MissingInput? Missing { get; init; }

    /// <summary>The containers that died at least once.</summary>
    public required IReadOnlyDictionary<string, ContainerLife> Lives { get; init; }

    public bool NeverReady { get; init; }

    public required string Stamp { get; init; }

    public long Generation { get; init; }

    public bool HasAddress => elapsed >= TimeSpan.Zero;

    /// <summary>When the status changes next; null when it has come to rest.</summary>
    public TimeSpan? NextMoment => timeline.All.SelectMany(container => container.Moments).Where(moment => moment > elapsed).Select(moment => (TimeSpan?)moment).Min();

    private bool Initialized => elapsed >= timeline.Initialized;

    public void Write(JsonObject status)
    {
        var failed = Initialized && timeline.Mains.Any(container => Life(container)?.IsOver == true);
        var ended = failed || timeline.Mains.All(HasEnded);
        var running = Initialized && timeline.Mains.Any(container => elapsed >= container.Started);
        status["phase"] = failed ? "Failed" : ended ? "Succeeded" : running ? "Running" : "Pending";
        status.Default("startTime", ObjectWriter.Stamp(since));
        status["observedGeneration"] = Generation;
        var ready = !ended && timeline.Mains.All(IsReady);
        Conditions.Set(status, "PodReadyToStartContainers", HasAddress && !ended, Stamp);
        Conditions.Set(status, "Initialized", Initialized, Stamp, Initialized ? ended && !failed ? "PodCompleted" : null : "ContainersNotInitialized");
        var waiting = $"containers with unready status: [{string.Join(' ', timeline.Mains.Where(container => !IsReady(container)).Select(container => container.Name))}]";
        var reason = failed ? "PodFailed" : ended ? "PodCompleted" : ready ? null : "ContainersNotReady";
        Conditions.Set(status, "Ready", ready, Stamp, reason, ready || ended ? null : waiting);
        Conditions.Set(status, "ContainersReady", ready, Stamp, reason, ready || ended ? null : waiting);
        Conditions.Set(status, "PodScheduled", true, Stamp);
        if (timeline.Inits.Count > 0)
        {
            status["initContainerStatuses"] = new JsonArray([.. timeline.Inits.Select(container => Container(container, "PodInitializing"))]);
        }

        status["containerStatuses"] = new JsonArray([.. timeline.Mains.Select(container => Container(container, timeline.Inits.Count > 0 ? "PodInitializing" : "ContainerCreating"))]);
    }

    private bool IsReady(ContainerTimes container) =>
        !NeverReady && elapsed >= container.Ready && !(container.Ended <= elapsed) && Life(container) is not { IsFailing: true };

    private bool HasEnded(ContainerTimes container) => container.Ended <= elapsed && Life(container) is not { IsFailing: true };

    private ContainerLife? Life(ContainerTimes container) => Lives.GetValueOrDefault(container.Name);

    private JsonObject Container(ContainerTimes container, string waitingReason)
    {
        var life = timeline.Mains.Contains(container) ? Life(container) : null;
        var dead = life is { IsOver: true } or { RetryAt: not null };
        var started = elapsed >= container.Started;
        var ended = !dead && container.Ended <= elapsed && life is not { IsFailing: true };
        return new JsonObject
        {
            ["name"] = container.Name,
            ["image"] = container.Image,
            ["imageID"] = started ? $"sandbox://{container.Image}" : "",
            ["containerID"] = started ? $"sandbox://{StableHash.Of($"{since:O}{container.Name}"):x16}" : "",
            ["ready"] = timeline.Mains.Contains(container) ? IsReady(container) : ended || IsReady(container),
            ["restartCount"] = life?.Restarts ?? 0,
            ["started"] = started && !ended && !dead,
            ["state"] = dead ? Dead(container, life!) : ended ? Ended(container) : started ? Running(container, life) : Waiting(container, waitingReason),
            ["lastState"] = life is { IsOver: false, Death: { } death } ? new JsonObject { ["terminated"] = death.DeepClone() } : new JsonObject(),
        };
    }

    private JsonObject Running(ContainerTimes container, ContainerLife? life) =>
        new() { ["running"] = new JsonObject { ["startedAt"] = ObjectWriter.Stamp(life?.RunningSince ?? (since + container.Started)) } };

    private JsonObject Dead(ContainerTimes container, ContainerLife life) => life.IsOver
        ? new JsonObject { ["terminated"] = life.Death.Copy() }
        : new JsonObject
        {
            ["waiting"] = new JsonObject
            {
                ["reason"] = "CrashLoopBackOff",
                ["message"] = string.Create(CultureInfo.InvariantCulture, $"back-off {Spell(life.BackOff)} restarting failed container={container.Name} pod={Pod.Name}_{Pod.Namespace}({Pod.Uid})"),
            },
        };

    private static string Spell(TimeSpan time) => time.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m{time.Seconds}s");

    private JsonObject Waiting(ContainerTimes container, string reason)
    {
        var waiting = new JsonObject { ["reason"] = reason };
        if (FailingImage == container.Image)
        {
            waiting["reason"] = "ImagePullBackOff";
            waiting["message"] = $"Back-off pulling image \"{container.Image}\": ErrImagePull: manifest unknown (fault injected by the sandbox)";
        }

        if (Missing?.Container == container.Name)
        {
            waiting["reason"] = "CreateContainerConfigError";
            waiting["message"] = Missing.Message;
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
