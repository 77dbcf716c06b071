using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>When each container of a pod is pulled, started, ready and done, counted from the moment the kubelet took the pod. Pure.</summary>
/// <remarks>Delays are a share of the options' maximum, fixed by the image and the container's name, so that a demo looks alive and a test repeats itself.</remarks>
internal sealed class PodTimeline
{
    private PodTimeline(IReadOnlyList<ContainerTimes> inits, IReadOnlyList<ContainerTimes> mains)
    {
        Inits = inits;
        Mains = mains;
    }

    public IReadOnlyList<ContainerTimes> Inits { get; }

    public IReadOnlyList<ContainerTimes> Mains { get; }

    public IEnumerable<ContainerTimes> All => Inits.Concat(Mains);

    /// <summary>All init containers have ended, or run beside as sidecars.</summary>
    public TimeSpan Initialized => Inits.Count == 0 ? TimeSpan.Zero : Inits[^1].Passed;

    public static PodTimeline Of(JsonObject spec, SandboxOptions options, Func<ContainerTimes, TimeSpan> extraStart)
    {
        var ends = spec.Text("restartPolicy") != "Always";
        var at = TimeSpan.Zero;
        var inits = new List<ContainerTimes>();
        foreach (var container in spec.Items("initContainers"))
        {
            var sidecar = container.Text("restartPolicy") == "Always";
            var times = Times(container, at, options, extraStart, ends: !sidecar, options.StartDelay / 2);
            inits.Add(times);
            at = times.Passed;
        }

        return new PodTimeline(inits, [.. spec.Items("containers").Select(container => Times(container, at, options, extraStart, ends, options.JobDuration))]);
    }

    private static ContainerTimes Times(JsonObject container, TimeSpan from, SandboxOptions options, Func<ContainerTimes, TimeSpan> extraStart, bool ends, TimeSpan run)
    {
        var (name, image) = (container.Text("name") ?? "", container.Text("image") ?? "");
        var started = from + (options.PullDelay * StableHash.Share(image));
        var draft = new ContainerTimes(name, image, from, started, started, null);
        var ready = started + (options.StartDelay * StableHash.Share($"{name}|{image}")) + extraStart(draft);
        return ends ? draft with { Ready = started, Ended = started + run } : draft with { Ready = ready };
    }
}
