using Portal.Core.Environments;
using Portal.Core.Environments.Specs;

namespace Portal.Core.Rollouts;

/// <summary>What the reconciler needs of the database: leases with fencing, the wish, and a place for what it observed.</summary>
/// <remarks>Every save renews the lease in the same transaction and throws <see cref="LeaseLostException"/> when it is no longer ours.</remarks>
public interface IReconcileStore
{
    /// <summary>Every environment that was approved and is not deleted: what the sweep looks at.</summary>
    Task<IReadOnlyList<DueEnvironment>> DueAsync(CancellationToken ct);

    /// <summary>Null when another worker holds it.</summary>
    Task<Lease?> TryAcquireAsync(EnvironmentId id, string holder, TimeSpan duration, CancellationToken ct);

    /// <summary>Takes a released lease again if nobody had it since and no command has changed the environment: then what is known need not be loaded.</summary>
    /// <param name="known">What was loaded under the released lease, with all that was saved under it.</param>
    /// <returns>Null when somebody was there or something changed: acquire and load then.</returns>
    Task<Lease?> TryResumeAsync(Lease released, ReconcileTarget known, CancellationToken ct);

    Task ReleaseAsync(Lease lease, CancellationToken ct);

    /// <summary>Null when there is nothing to reconcile: unknown, never approved, or deleted.</summary>
    Task<ReconcileTarget?> LoadAsync(EnvironmentId id, CancellationToken ct);

    Task SaveInventoryAsync(Lease lease, IReadOnlyList<InventoryEntry> inventory, CancellationToken ct);

    /// <summary>Saves status and rollout of what <paramref name="target"/> says, and the inventory with them; returns the rollout with its id.</summary>
    /// <param name="inventory">Null when it is as it was saved before.</param>
    /// <remarks>Deleted empties the inventory in the same transaction: what is gone owns nothing.</remarks>
    /// <exception cref="StaleTargetException">The wish changed since it was loaded: load again.</exception>
    Task<Rollout> SaveStatusAsync(
        Lease lease, ReconcileTarget target, EnvironmentStatus status, Rollout rollout, IReadOnlyList<InventoryEntry>? inventory, CancellationToken ct);

    /// <summary>Makes the last generation that became Ready the wanted one again, and closes <paramref name="failed"/>.</summary>
    /// <returns>The new generation; null when there is no earlier one that became Ready or this one is such a return itself; then nothing was written.</returns>
    /// <exception cref="StaleTargetException">The wish changed since it was loaded: load again.</exception>
    Task<long?> RollBackAsync(Lease lease, ReconcileTarget target, Rollout failed, string reason, CancellationToken ct);

    /// <summary>Makes the second step of an operation the wish, once the first is rolled out, and closes <paramref name="finished"/>.</summary>
    /// <exception cref="StaleTargetException">The wish changed since it was loaded: load again.</exception>
    Task FollowUpAsync(Lease lease, ReconcileTarget target, Rollout finished, EnvironmentSpec next, string reason, CancellationToken ct);

    /// <summary>Makes the deletion of a first provision that failed the wish, and closes <paramref name="failed"/>.</summary>
    /// <exception cref="StaleTargetException">The wish changed since it was loaded: load again.</exception>
    Task TearDownAsync(Lease lease, ReconcileTarget target, Rollout failed, string reason, CancellationToken ct);
}

/// <param name="IsSettled">Whether it was ready in the generation that is wanted when it was last looked at.</param>
public readonly record struct DueEnvironment(EnvironmentId Id, bool IsSettled);

/// <summary>The right to work on one environment until it expires, fenced by a number that only grows.</summary>
public sealed record Lease(EnvironmentId Id, string Holder, long Token, TimeSpan Duration);

/// <summary>The wish and what is known, as one value.</summary>
public sealed record ReconcileTarget(
    EnvironmentId Id,
    string Team,
    string Name,
    string Cluster,
    string Namespace,
    EnvironmentSpec Spec,
    long Generation,
    bool Deleting,
    EnvironmentStatus Status,
    IReadOnlyList<InventoryEntry> Inventory,
    Rollout? LatestRollout,
    long Version)
{
    /// <summary>What becomes of the data when it is deleted.</summary>
    public DataDisposition Data { get; init; }

    public DateTimeOffset? RetriedAt { get; init; }

    public IReadOnlyList<OwnershipDecision> Ownership { get; init; } = [];
}

/// <summary>Another worker took the environment over; nothing was written.</summary>
public sealed class LeaseLostException : Exception
{
    public LeaseLostException()
        : this("The lease on the environment was lost; another worker holds it.")
    {
    }

    public LeaseLostException(string message)
        : base(message)
    {
    }

    public LeaseLostException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>The wish changed while it was worked on; nothing was written.</summary>
public sealed class StaleTargetException : Exception
{
    public StaleTargetException()
        : this("The environment was changed meanwhile.")
    {
    }

    public StaleTargetException(string message)
        : base(message)
    {
    }

    public StaleTargetException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
