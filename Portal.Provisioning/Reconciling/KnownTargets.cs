using System.Collections.Concurrent;
using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Provisioning.Reconciling;

/// <summary>What the last look of this process left of environments that are under way, so that the next one need not load what was just saved.</summary>
/// <remarks>
/// Thread-safe. The store says whether it is still true (<see cref="IReconcileStore.TryResumeAsync"/>). It is given away when it is asked for and is
/// known again only after a look that came to its end: whatever else happens, an error, a lost lease, a save whose fate is unknown, forgets it. A few
/// are kept: the one that has waited the longest makes room.
/// </remarks>
internal sealed class KnownTargets
{
    private const int Most = 64;

    private readonly ConcurrentDictionary<EnvironmentId, Known> _known = new();
    private long _looks;

    /// <summary>The lease of the last look and what that look left; null when it is not known. Nobody gets it twice.</summary>
    public (Lease Released, ReconcileTarget Target)? Take(EnvironmentId id) => _known.TryRemove(id, out var known) ? (known.Lease, known.Target) : null;

    /// <param name="lease">The look's lease, which is released after it.</param>
    /// <param name="target">What a load would return now.</param>
    public void Keep(Lease lease, ReconcileTarget target)
    {
        while (_known.Count >= Most && _known.MinBy(one => one.Value.Look) is { Value: not null } oldest)
        {
            _known.TryRemove(oldest);
        }

        _known[target.Id] = new(lease, target, Interlocked.Increment(ref _looks));
    }

    private sealed record Known(Lease Lease, ReconcileTarget Target, long Look);
}
