using System.Collections.Concurrent;
using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Testing;

/// <summary>Remembers which environments somebody wanted reconciled.</summary>
public sealed class RecordingTrigger : IReconcileTrigger
{
    private readonly ConcurrentQueue<EnvironmentId> _woken = new();

    public IReadOnlyCollection<EnvironmentId> Woken => _woken;

    public void Wake(EnvironmentId id) => _woken.Enqueue(id);

    public void WakeSoon(EnvironmentId id) => Wake(id);
}
