using Portal.Core.Environments;

namespace Portal.Core.Rollouts;

/// <summary>Wakes the reconciler for one environment. A hint that may be lost: the sweep finds what it missed.</summary>
public interface IReconcileTrigger
{
    void Wake(EnvironmentId id);

    /// <summary>Wakes in a moment, so that a burst of events costs one look; what is calm in a longer one than what is under way.</summary>
    void WakeSoon(EnvironmentId id);
}
