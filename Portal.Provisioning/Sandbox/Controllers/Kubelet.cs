using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Plays the kubelets of all nodes: brings scheduled pods through pull, start and readiness, and stops terminating ones.</summary>
/// <remarks>The status is computed from the time since the pod was taken; nothing else is remembered, so a look too many does no harm.</remarks>
internal sealed class Kubelet(ControlContext cluster) : Controller(cluster)
{
    private static readonly TimeSpan s_mountRetry = TimeSpan.FromSeconds(2);

    private readonly Dictionary<Guid, PodProgress> _progress = [];
    private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal);
    private readonly CrashFaults _crashes = new(cluster);
    private int _lastAddress = 1;

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.Pod];

    public override void Observe(Change change)
    {
        if (change.Removed)
        {
            _progress.Remove(change.Now.Id);
        }
        else if (change.Before is null && change.Now.View.Text("status", "startTime") is not null)
        {
            Resume(change.Now);
        }
        else if (change.Now.View.Text("spec", "nodeName") is not null && (change.Before is null || !IsOwnWrite(change)))
        {
            Look(change.Key);
        }
    }

    public override void FaultsChanged()
    {
        foreach (var pod in Cluster.Store.List(Kinds.Pod, null).Items)
        {
            Look(pod.Key);
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { } pod || pod.View.Text("spec", "nodeName") is null)
        {
            return;
        }

        if (!_progress.TryGetValue(pod.Id, out var progress))
        {
            _progress[pod.Id] = progress = Remembered(pod);
        }

        if (pod.IsTerminating)
        {
            Stop(pod, progress);
        }
        else if (!PodState.IsFinished(pod))
        {
            Advance(pod, progress);
        }
    }

    private static bool IsOwnWrite(Change change) =>
        change.Before!.View.Text("spec", "nodeName") is not null && change.Before.IsTerminating == change.Now.IsTerminating
        && (change.Before.BodyVersion == change.Now.BodyVersion || JsonNode.DeepEquals(change.Before.View.At("spec"), change.Now.View.At("spec")));

    /// <summary>Takes over a pod of an earlier run: one that was starting goes on, one at rest is left alone.</summary>
    private void Resume(StoredObject pod)
    {
        if (IPAddress.TryParse(pod.View.Text("status", "podIP"), out var address) && address.GetAddressBytes() is [10, >= 128, var high, var low] bytes)
        {
            _lastAddress = Math.Max(_lastAddress, ((bytes[1] - 128) << 16) | (high << 8) | low);
        }

        if (pod.IsTerminating || !IsAtRest(pod))
        {
            Look(pod.Key);
        }
    }

    /// <summary>What the pod's status says of its progress: nothing else is kept of pods at rest and of those of an earlier run.</summary>
    private PodProgress Remembered(StoredObject pod)
    {
        if (pod.View.Text("status", "startTime") is not { } started)
        {
            return new PodProgress(Cluster.Time.GetUtcNow());
        }

        var since = DateTimeOffset.Parse(started, CultureInfo.InvariantCulture);
        var progress = new PodProgress(since);
        foreach (var container in pod.View.Items("status", "initContainerStatuses").Concat(pod.View.Items("status", "containerStatuses")))
        {
            if (ContainerLife.Of(container, since) is { } life)
            {
                progress.Lives[container.Text("name") ?? ""] = life;
            }

            if (container.Map("state", "waiting") is null)
            {
                progress.Announced.Add($"pull {container.Text("name")}");
                progress.Announced.Add($"start {container.Text("name")}");
            }
        }

        return progress;
    }

    // A pod of a job is ready while it runs, but still has its end before it.
    private static bool IsAtRest(StoredObject pod) =>
        PodState.IsFinished(pod) || (PodState.IsReady(pod) && pod.View.Text("spec", "restartPolicy") == "Always");

    private void Stop(StoredObject pod, PodProgress progress)
    {
        var now = Cluster.Time.GetUtcNow();
        if (progress.StopAt is null)
        {
            var grace = TimeSpan.FromSeconds(pod.View.Number("metadata", "deletionGracePeriodSeconds") ?? 0);
            progress.StopAt = now + (grace < Cluster.Options.StopDelay ? grace : Cluster.Options.StopDelay);
            foreach (var container in pod.View.Items("spec", "containers"))
            {
                Cluster.Events.Normal(pod, "kubelet", "Killing", $"Stopping container {container.Text("name")}");
            }
        }

        if (progress.StopAt > now)
        {
            LookAfter(pod.Key, progress.StopAt.Value - now);
            return;
        }

        // Finalizers of a client still hold it; then it stays, stopped.
        Cluster.Deleter.DeleteIfThere(pod, DeleteChoice.Now);
    }

    private void Advance(StoredObject pod, PodProgress progress)
    {
        var spec = pod.View.At("spec") as JsonObject ?? [];
        var missing = MountCheck.Missing(Cluster.Store, pod);
        if (missing is not null)
        {
            progress.Since = Cluster.Time.GetUtcNow();
            var (reason, message) = missing.Container is null ? ("FailedMount", missing.Message) : ("Failed", $"Error: {missing.Message}");
            Cluster.Events.Warning(pod, "kubelet", reason, message);
            LookAfter(pod.Key, s_mountRetry);
        }

        var failing = spec.Items("initContainers").Concat(spec.Items("containers"))
            .FirstOrDefault(container => Cluster.Faults.Find(WorkloadFaultKind.ImagePull, pod.Namespace, pod.Name, container.Text("image")) is not null)?.Text("image");
        if (failing is not null)
        {
            // The pull starts over once the fault is gone.
            progress.Since = Cluster.Time.GetUtcNow();
        }

        var timeline = PodTimeline.Of(spec, Cluster.Options, times => Cluster.Faults.Find(WorkloadFaultKind.SlowStart, pod.Namespace, pod.Name, times.Image)?.Delay ?? TimeSpan.Zero);
        var elapsed = Cluster.Time.GetUtcNow() - progress.Since;
        var held = missing is not null || failing is not null;
        var crash = held ? null : _crashes.Advance(pod, timeline, progress.Since, progress.Lives);
        var view = new PodStatusView(timeline, held ? TimeSpan.FromTicks(-1) : elapsed, progress.Since)
        {
            Pod = pod,
            FailingImage = failing,
            Missing = missing,
            Lives = progress.Lives,
            NeverReady = Cluster.Faults.Find(WorkloadFaultKind.NeverReady, pod.Namespace, pod.Name) is not null,
            Stamp = Cluster.Now,
            Generation = pod.View.Generation,
        };
        Announce(pod, timeline, progress, held ? TimeSpan.FromTicks(-1) : elapsed, failing);
        var hostAddress = NodeAddress(spec.Text("nodeName")!);
        Cluster.Status.Modify(pod.Key, status =>
        {
            if (status["podIP"] is null && view.HasAddress)
            {
                var address = NextAddress();
                status["podIP"] = address;
                status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address });
            }

            status["hostIP"] = hostAddress;
            status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = hostAddress });
            view.Write(status);
            return true;
        });
        if (!held && view.NextMoment is { } next)
        {
            LookAfter(pod.Key, next - elapsed);
        }

        if (crash is { } wait)
        {
            LookAfter(pod.Key, wait);
        }

        if (!held && view.NextMoment is null && progress.Lives.Count == 0)
        {
            // At rest: its status says all there is to know.
            _progress.Remove(pod.Id);
        }
    }

    private void Announce(StoredObject pod, PodTimeline timeline, PodProgress progress, TimeSpan elapsed, string? failing)
    {
        if (failing is not null)
        {
            Cluster.Events.Warning(pod, "kubelet", "Failed", $"Failed to pull image \"{failing}\": manifest unknown (fault injected by the sandbox)");
            Cluster.Events.Warning(pod, "kubelet", "Failed", "Error: ErrImagePull");
            Cluster.Events.Normal(pod, "kubelet", "BackOff", $"Back-off pulling image \"{failing}\"");
            Cluster.Events.Warning(pod, "kubelet", "Failed", "Error: ImagePullBackOff");
        }

        foreach (var container in timeline.All)
        {
            if (elapsed >= container.PullFrom && progress.Announced.Add($"pull {container.Name}"))
            {
                Cluster.Events.Normal(pod, "kubelet", "Pulling", $"Pulling image \"{container.Image}\"");
            }

            if (elapsed >= container.Started && progress.Announced.Add($"start {container.Name}"))
            {
                var took = string.Create(CultureInfo.InvariantCulture, $"{(container.Started - container.PullFrom).TotalSeconds:0.###}s");
                Cluster.Events.Normal(pod, "kubelet", "Pulled", $"Successfully pulled image \"{container.Image}\" in {took}");
                Cluster.Events.Normal(pod, "kubelet", "Created", $"Created container: {container.Name}");
                Cluster.Events.Normal(pod, "kubelet", "Started", $"Started container {container.Name}");
            }
        }
    }

    private string NextAddress()
    {
        var number = ++_lastAddress;
        return string.Create(CultureInfo.InvariantCulture, $"10.{128 + ((number >> 16) & 63)}.{(number >> 8) & 255}.{number & 255}");
    }

    private string NodeAddress(string node)
    {
        if (!_addresses.TryGetValue(node, out var address))
        {
            _addresses[node] = address = Cluster.Store.Get(Kinds.Node, "", node)?.View.Items("status", "addresses").FirstOrDefault()?.Text("address") ?? "192.0.2.1";
        }

        return address;
    }

    private sealed class PodProgress(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; set; } = since;

        public DateTimeOffset? StopAt { get; set; }

        public Dictionary<string, ContainerLife> Lives { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Announced { get; } = new(StringComparer.Ordinal);
    }
}
