namespace Portal.Provisioning.Sandbox;

/// <summary>Lets the containers that a fault hits die and start again.</summary>
internal sealed class CrashFaults(ControlContext cluster)
{
    /// <summary>Brings the lives of a pod's started containers up to now.</summary>
    /// <returns>How long until the next of them starts or dies; null when nothing is to come.</returns>
    public TimeSpan? Advance(StoredObject pod, PodTimeline timeline, DateTimeOffset since, Dictionary<string, ContainerLife> lives)
    {
        var now = cluster.Time.GetUtcNow();
        var waits = timeline.Mains.Where(container => since + container.Started <= now).Select(container => Advance(pod, container, since, now, lives)).ToList();
        return waits.Min();
    }

    private TimeSpan? Advance(StoredObject pod, ContainerTimes container, DateTimeOffset since, DateTimeOffset now, Dictionary<string, ContainerLife> lives)
    {
        var (exitCode, reason) = Fault(pod, container);
        var life = lives.GetValueOrDefault(container.Name);
        if (exitCode == 0)
        {
            if (life is { IsOver: false })
            {
                life.IsFailing = false;
                if (life.RetryAt is not null)
                {
                    life.Restart(now);
                }
            }

            return null;
        }

        if (life is null)
        {
            lives[container.Name] = life = new ContainerLife(since + container.Started);
        }

        life.IsFailing = true;
        while (!life.IsOver)
        {
            if (life.RetryAt is { } retry)
            {
                if (retry > now)
                {
                    return retry - now;
                }

                life.Restart(now);
                cluster.Events.Normal(pod, "kubelet", "Started", $"Started container {container.Name}");
            }

            var dies = life.RunningSince + (cluster.Options.StartDelay / 2);
            if (dies > now)
            {
                return dies - now;
            }

            life.Die(now, exitCode, reason, restarts: pod.View.Text("spec", "restartPolicy") != "Never");
            if (life.RetryAt > now)
            {
                cluster.Events.Warning(pod, "kubelet", "BackOff", $"Back-off restarting failed container {container.Name} in pod {pod.Name}_{pod.Namespace}({pod.Uid})");
            }
        }

        return null;
    }

    private (int ExitCode, string Reason) Fault(StoredObject pod, ContainerTimes container) =>
        cluster.Faults.Find(WorkloadFaultKind.OutOfMemory, pod.Namespace, pod.Name, container.Image) is not null ? (137, "OOMKilled")
        : cluster.Faults.Find(WorkloadFaultKind.CrashLoop, pod.Namespace, pod.Name, container.Image) is not null ? (1, "Error")
        : (0, "");
}
