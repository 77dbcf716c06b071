using System.Collections.Concurrent;
using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling;

/// <summary>The stacks of the environments whose rollout is under way: its looks follow each other closely, and all of them ask for the same rendering.</summary>
/// <remarks>Thread-safe. A stack is about a megabyte, so a few are kept: the one that nobody has asked for the longest makes room.</remarks>
internal sealed class RenderedStacks(PlatformSettings platform)
{
    private const int Most = 64;

    private static readonly TimeSpan s_trust = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<EnvironmentId, Kept> _kept = new();
    private long _uses;

    public RenderedStack Of(ReconcileTarget target, ClusterCapabilities capabilities)
    {
        if (_kept.TryGetValue(target.Id, out var kept) && kept.Generation == target.Generation && ReferenceEquals(kept.Capabilities, capabilities))
        {
            kept.LastUse = Interlocked.Increment(ref _uses);
            return kept.Stack;
        }

        var stack = StackBlueprint.Render(
            target.Spec, new StackIdentity(target.Id, target.Team, target.Name, target.Namespace, target.Generation), capabilities, platform);
        while (_kept.Count >= Most && _kept.MinBy(one => one.Value.LastUse) is { Value: not null } oldest)
        {
            _kept.TryRemove(oldest);
        }

        _kept[target.Id] = new(target.Generation, capabilities, stack) { LastUse = Interlocked.Increment(ref _uses) };
        return stack;
    }

    /// <summary>What an earlier look of the same rollout saw or wrote, a little while ago; null when there was none.</summary>
    /// <remarks>It serves for kinds that only their owner changes and for components that are done (<see cref="SeenStack"/>), until the rollout comes to its end.</remarks>
    public SeenLook? Seen(EnvironmentId id, DateTimeOffset now) =>
        _kept.TryGetValue(id, out var kept) && kept.Seen is { } seen && now >= seen.At && now - seen.At < s_trust ? seen : null;

    /// <param name="at">When all of it was read from the cluster.</param>
    /// <param name="done">The reports of the components that are done.</param>
    public void See(EnvironmentId id, LiveStack live, DateTimeOffset at, IReadOnlyDictionary<Component, HealthReport> done)
    {
        if (_kept.TryGetValue(id, out var kept))
        {
            kept.Seen = new(live.Remember(done.Keys.ToHashSet()), live.IsRemembered && kept.Seen is { } before ? before.At : at, done);
        }
    }

    /// <summary>For an environment that has settled: its next look is far away.</summary>
    public void Forget(EnvironmentId id) => _kept.TryRemove(id, out _);

    private sealed class Kept(long generation, ClusterCapabilities capabilities, RenderedStack stack)
    {
        public long Generation => generation;

        public ClusterCapabilities Capabilities => capabilities;

        public RenderedStack Stack => stack;

        public long LastUse { get; set; }

        public SeenLook? Seen { get; set; }
    }
}

/// <summary>What a look saw and found done, and when all of it was last read.</summary>
internal sealed record SeenLook(SeenStack Stack, DateTimeOffset At, IReadOnlyDictionary<Component, HealthReport> Done);
