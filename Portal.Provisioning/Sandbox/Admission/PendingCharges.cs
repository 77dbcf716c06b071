namespace Portal.Provisioning.Sandbox;

/// <summary>What was charged to the quotas of a namespace for objects that are not counted yet.</summary>
/// <remarks>
/// A charge comes before its object. A count in between, begun because of another object, would take it back, and the next create would
/// be let in without room for it. So whoever counts adds what is pending, and a charge and its note here are one step for the count.
/// Safe on every thread.
/// </remarks>
internal sealed class PendingCharges
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<Guid, IReadOnlyDictionary<string, long>>> _byNamespace = new(StringComparer.Ordinal);

    /// <summary>Notes a charge if it could be written.</summary>
    /// <returns>What the write said.</returns>
    public bool Charge(string ns, Guid uid, IReadOnlyDictionary<string, long> use, Func<bool> write)
    {
        lock (_gate)
        {
            if (!write())
            {
                return false;
            }

            if (!_byNamespace.TryGetValue(ns, out var pending))
            {
                _byNamespace[ns] = pending = [];
            }

            pending[uid] = use;
            return true;
        }
    }

    /// <summary>Writes a count while no charge can come in between; what is pending is asked for by resource.</summary>
    public void Count(string ns, Action<Func<string, long>> write)
    {
        lock (_gate)
        {
            var pending = _byNamespace.GetValueOrDefault(ns);
            write(resource => pending?.Values.Sum(use => use.GetValueOrDefault(resource)) ?? 0);
        }
    }

    /// <summary>The object is counted from now on, or will never be stored.</summary>
    public void Remove(string ns, Guid uid)
    {
        lock (_gate)
        {
            if (_byNamespace.TryGetValue(ns, out var pending) && pending.Remove(uid) && pending.Count == 0)
            {
                _byNamespace.Remove(ns);
            }
        }
    }
}
