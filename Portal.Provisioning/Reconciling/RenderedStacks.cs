using System.Collections.Concurrent;
using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling;

/// <summary>The stacks of the environments whose rollout is under way: its looks follow each other closely, and all of them ask for the same rendering.</summary>
/// <remarks>Thread-safe. A stack is about a megabyte; when there are too many all are forgotten, which costs one rendering each.</remarks>
internal sealed class RenderedStacks(PlatformSettings platform)
{
    private const int Most = 64;

    private readonly ConcurrentDictionary<EnvironmentId, Kept> _kept = new();

    public RenderedStack Of(ReconcileTarget target, ClusterCapabilities capabilities)
    {
        if (_kept.TryGetValue(target.Id, out var kept) && kept.Generation == target.Generation && ReferenceEquals(kept.Capabilities, capabilities))
        {
            return kept.Stack;
        }

        var stack = StackBlueprint.Render(
            target.Spec, new StackIdentity(target.Id, target.Team, target.Name, target.Namespace, target.Generation), capabilities, platform);
        if (_kept.Count >= Most)
        {
            _kept.Clear();
        }

        _kept[target.Id] = new(target.Generation, capabilities, stack);
        return stack;
    }

    /// <summary>For an environment that has settled: its next look is far away.</summary>
    public void Forget(EnvironmentId id) => _kept.TryRemove(id, out _);

    private sealed record Kept(long Generation, ClusterCapabilities Capabilities, RenderedStack Stack);
}
