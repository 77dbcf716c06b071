using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>A container that keeps dying: restarted at once the first time, then after a back-off that doubles up to five minutes, as the kubelet does.</summary>
internal sealed class ContainerLife(DateTimeOffset started)
{
    private static readonly TimeSpan s_firstBackOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longestBackOff = TimeSpan.FromMinutes(5);

    public int Restarts { get; private set; }

    /// <summary>How it ended the last time: the <c>terminated</c> part of a container state.</summary>
    public JsonObject? Death { get; private set; }

    public DateTimeOffset RunningSince { get; private set; } = started;

    /// <summary>When it is started again; null while it runs or is dead for good.</summary>
    public DateTimeOffset? RetryAt { get; private set; }

    /// <summary>The policy is never to restart it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether a fault lets it die again soon after each start.</summary>
    public bool IsFailing { get; set; } = true;

    public TimeSpan BackOff => Restarts == 0
        ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Min(s_longestBackOff.Ticks, s_firstBackOff.Ticks << Math.Min(Restarts - 1, 10)));

    /// <summary>What an earlier run of the sandbox wrote into the container's status.</summary>
    public static ContainerLife? Of(JsonObject status, DateTimeOffset since) => status.Number("restartCount") is > 0 and var restarts
        ? new ContainerLife(since) { Restarts = (int)restarts, Death = status.Map("lastState", "terminated").Copy() as JsonObject, IsFailing = false }
        : null;

    public void Die(DateTimeOffset now, int exitCode, string reason, bool restarts)
    {
        Death = new JsonObject
        {
            ["exitCode"] = exitCode,
            ["reason"] = reason,
            ["startedAt"] = ObjectWriter.Stamp(RunningSince),
            ["finishedAt"] = ObjectWriter.Stamp(now),
            ["containerID"] = $"sandbox://{StableHash.Of($"{RunningSince:O}{Restarts}"):x16}",
        };
        IsOver = !restarts;
        RetryAt = restarts ? now + BackOff : null;
    }

    public void Restart(DateTimeOffset now)
    {
        Restarts++;
        RetryAt = null;
        RunningSince = now;
    }
}
