namespace Portal.Provisioning.Sandbox;

/// <summary>One controller: maps changes to keys, and brings the world of one key closer to what it should be.</summary>
/// <remarks>Runs on the one thread of the control loop. Level triggered: a key says where to look, never what happened.</remarks>
internal abstract class Controller(ControlContext cluster)
{
    /// <summary>Set by the loop: asks for a key to be reconciled, now or after a while.</summary>
    public Action<Controller, ObjectKey, TimeSpan> Enqueue { get; set; } = static (_, _, _) => { };

    protected ControlContext Cluster { get; } = cluster;

    /// <summary>A key waits while an earlier turn has work: so a status is written once, when what it tells of has come to rest.</summary>
    public virtual Turn Turn => Turn.Parts;

    /// <summary>How long a key waits after a change, so that one look sums up many: for controllers whose result nothing waits for.</summary>
    public virtual TimeSpan Gather => TimeSpan.Zero;

    /// <summary>The kinds whose changes are observed.</summary>
    public abstract IReadOnlyList<ResourceKind> Watches { get; }

    public abstract void Observe(Change change);

    public abstract void Reconcile(ObjectKey key);

    /// <summary>Called after a fault rule for workloads came or went.</summary>
    public virtual void FaultsChanged()
    {
    }

    protected void Look(ObjectKey key) => Enqueue(this, key, Gather);

    protected void LookAfter(ObjectKey key, TimeSpan delay) => Enqueue(this, key, delay);

    /// <summary>Looks at the object itself, or at its owner of a kind.</summary>
    protected void LookAtSelfOrOwner(Change change, ResourceKind ownerKind)
    {
        if (change.Key.Kind == ownerKind)
        {
            Look(change.Key);
        }
        else if (Cluster.Owner(change.Now, ownerKind) is { } owner)
        {
            Look(owner.Key);
        }
    }
}
