using Portal.Core.Environments.Specs;
using Portal.Core.Requests;
using Portal.Core.Results;
using Portal.Core.Rollouts;

namespace Portal.Core.Environments;

/// <summary>What a team requests and lives with: one stack in one namespace of one cluster. Desired state, and the last status observed.</summary>
/// <remarks>
/// Commands change desired state and raise <see cref="Version"/>; the reconciler writes <see cref="Status"/> only while the
/// version is the one that it read, so a status about an older wish never lands on a newer one.
/// </remarks>
public sealed class AppEnvironment
{
    private AppEnvironment()
    {
    }

    public EnvironmentId Id { get; private set; }

    public string Team { get; private set; } = "";

    public string Name { get; private set; } = "";

    public string Cluster { get; private set; } = "";

    public string Namespace { get; private set; } = "";

    /// <summary>The approved spec; before the first approval the requested one.</summary>
    public EnvironmentSpec Spec { get; private set; } = null!;

    /// <summary>0 until the first approval, then +1 for each approved change.</summary>
    public long Generation { get; private set; }

    public string CreatedBy { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? DeletionApprovedAt { get; private set; }

    /// <summary>What becomes of the data; speaks only once a deletion is approved.</summary>
    public DataDisposition DataOnDeletion { get; private set; }

    /// <summary>When somebody asked for another try of a rollout that failed: deadlines count from here.</summary>
    public DateTimeOffset? RetriedAt { get; private set; }

    /// <summary>Who keeps fields that others have set, as people chose.</summary>
    public IReadOnlyList<OwnershipDecision> Ownership { get; private set; } = [];

    public EnvironmentStatus Status { get; private set; } = EnvironmentStatus.Requested;

    /// <summary>Optimistic concurrency: raised by every command that changes this environment.</summary>
    public long Version { get; private set; }

    public bool IsDeleted => Status.Phase == EnvironmentPhase.Deleted;

    public bool IsDeleting => DeletionApprovedAt is not null && !IsDeleted;

    public static AppEnvironment Request(EnvironmentId id, string team, string name, string cluster, EnvironmentSpec spec, string createdBy, DateTimeOffset now) => new()
    {
        Id = id,
        Team = team,
        Name = name,
        Cluster = cluster,
        Namespace = EnvironmentName.Namespace(team, name),
        Spec = spec,
        CreatedBy = createdBy,
        CreatedAt = now,
    };

    /// <summary>Makes the spec of an approved request the wanted one: the next generation.</summary>
    public GenerationRecord Approve(EnvironmentSpec spec, RequestId request, string approvedBy, DateTimeOffset now)
    {
        Status = Status with
        {
            Phase = Generation == 0 ? EnvironmentPhase.Provisioning : EnvironmentPhase.Updating,
            Message = "Approved; provisioning starts in a moment.",
        };
        return Advance(spec, GenerationOrigin.Request, request, null, approvedBy, now);
    }

    /// <summary>Takes up the spec of an earlier generation again, as the next generation: an update failed.</summary>
    public GenerationRecord RollBack(GenerationRecord earlier, string reason, DateTimeOffset now)
    {
        Status = Status with { Phase = EnvironmentPhase.Updating, Message = $"Generation {Generation} failed; returning to generation {earlier.Number}. {reason}" };
        return Advance(SpecGrowth.Return(earlier.Spec, Spec), GenerationOrigin.Rollback, null, earlier.Number, "portal", now);
    }

    /// <summary>Takes the second step of an operation, as the next generation.</summary>
    public GenerationRecord FollowUp(EnvironmentSpec spec, string reason, DateTimeOffset now)
    {
        Status = Status with { Phase = EnvironmentPhase.Updating, Message = reason };
        return Advance(spec, GenerationOrigin.FollowUp, null, null, "portal", now);
    }

    public void ApproveDeletion(DataDisposition data, DateTimeOffset now)
    {
        DeletionApprovedAt = now;
        DataOnDeletion = data;
        Version++;
        Status = Status with { Phase = EnvironmentPhase.Deleting, Message = "Deletion starts in a moment." };
    }

    /// <summary>Gives a rollout that failed or is stuck another try with fresh deadlines.</summary>
    public void Retry(DateTimeOffset now)
    {
        RetriedAt = now;
        Version++;
        var phase = IsDeleting ? EnvironmentPhase.Deleting : Generation > 1 ? EnvironmentPhase.Updating : EnvironmentPhase.Provisioning;
        Status = Status with { Phase = phase, Message = "Trying again in a moment." };
    }

    /// <summary>Replaces what was chosen before about the same object and manager.</summary>
    public void Decide(OwnershipDecision decision)
    {
        Ownership = [.. Ownership.Where(known => (known.Kind, known.Name, known.Manager) != (decision.Kind, decision.Name, decision.Manager)), decision];
        Version++;
    }

    private GenerationRecord Advance(EnvironmentSpec spec, GenerationOrigin origin, RequestId? request, long? returnsTo, string madeBy, DateTimeOffset now)
    {
        Spec = spec;
        Generation++;
        Version++;
        return new(Id, Generation, spec, origin, request, returnsTo, madeBy, now);
    }

    /// <summary>Ends an environment that was never provisioned; its name is free again.</summary>
    public void Abandon(string reason)
    {
        if (Generation > 0)
        {
            throw new InvalidOperationException($"{Namespace} was provisioned; it is deleted through a rollout.");
        }

        Version++;
        Status = Status with { Phase = EnvironmentPhase.Deleted, Message = reason };
    }

    /// <summary>Whether nobody has decided yet about making it.</summary>
    public bool AwaitsFirstDecision() => Generation == 0 && !IsDeleted;

    /// <summary>Why it cannot be deleted now; null when it can. A deletion that is stuck before it removed anything may be chosen anew, with other words about the data.</summary>
    /// <param name="latest">The latest rollout.</param>
    /// <param name="data">What is wanted; null asks whether anything else than now can be.</param>
    public Error? CheckDeletable(Rollout? latest, DataDisposition? data)
    {
        var isChosenAnew = IsDeleting && Status.Phase == EnvironmentPhase.Stuck && latest is { Kind: RolloutKind.Delete, Removal: null } && data != DataOnDeletion;
        return (isChosenAnew ? null : CheckAlive()) ?? (data?.Obstacle(Spec) is { } obstacle ? EnvironmentErrors.NoLastBackup(obstacle) : null);
    }

    /// <summary>Why the environment cannot be changed or deleted now; null when it can.</summary>
    public Error? CheckAlive() =>
        IsDeleted ? EnvironmentErrors.Deleted(Name) : IsDeleting ? EnvironmentErrors.AlreadyDeleting(Name) : null;
}
