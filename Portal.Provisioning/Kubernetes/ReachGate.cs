namespace Portal.Provisioning.Kubernetes;

/// <summary>Keeps calls from waiting one after another for a cluster that nobody can connect to: after one such wait the others fail at once, for a while.</summary>
/// <remarks>
/// Thread-safe. It is for addresses that swallow connections, where each call would hold its worker for the whole connect timeout and
/// so starve the environments of other clusters; a refused connection fails at once by itself. When the rest is over one call tries.
/// </remarks>
internal sealed class ReachGate(TimeProvider time)
{
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private string? _trouble;
    private long _since;

    /// <summary>Passes, or throws what the last call that tried has met.</summary>
    /// <exception cref="KubeException">Unavailable, with the rest of the rest.</exception>
    public void Enter(ObjectRef? reference)
    {
        lock (_lock)
        {
            if (_trouble is null)
            {
                return;
            }

            var left = s_rest - time.GetElapsedTime(_since);
            if (left > TimeSpan.Zero)
            {
                throw new KubeException(KubeFault.Unavailable, _trouble) { Object = reference, RetryAfter = left };
            }

            // This call tries, and the others go on resting meanwhile.
            _since = time.GetTimestamp();
        }
    }

    public void Close(string trouble)
    {
        lock (_lock)
        {
            _trouble = trouble;
            _since = time.GetTimestamp();
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            _trouble = null;
        }
    }
}
