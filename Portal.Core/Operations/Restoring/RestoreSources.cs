using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Core.Results;

namespace Portal.Core.Operations.Restoring;

/// <summary>Which environments' backups may be restored into another one: what the object store has of environments that the actor operates.</summary>
/// <remarks>A deleted environment qualifies: its copies are in the store as long as the bucket keeps them.</remarks>
public static class RestoreSources
{
    /// <summary>Field of the operation, and of the spec, that names the environment.</summary>
    internal const string Value = "from";
    internal const string SpecField = "dayTwo.restore.from";

    public static BackupOwner OwnerOf(AppEnvironment source) => new(source.Namespace, source.Id.ToString());

    /// <summary>Why the backups of an environment may not be restored into another one; null when they may. Pure.</summary>
    /// <param name="source">Null when there is none of the id that was named.</param>
    public static Error? Check(Actor actor, AppEnvironment target, AppEnvironment? source, PlatformOffers platform, string field)
    {
        if (!platform.ObjectStore)
        {
            return OperationErrors.NoObjectStore(field);
        }

        if (source is null || !AccessPolicy.Allows(actor, Permission.ViewEnvironment, new Resource(source.Team)))
        {
            return OperationErrors.NoSource(field);
        }

        if (AccessPolicy.Check(actor, Permission.OperateEnvironment, new Resource(source.Team)) is { } denied)
        {
            return denied with { Field = field };
        }

        if (source.Id == target.Id)
        {
            return OperationErrors.SourceIsItself(field);
        }

        if (source.Spec.MySql.IsExternal())
        {
            return OperationErrors.SourceIsElsewhere(source.Name, field);
        }

        return source.Generation == 0 ? OperationErrors.SourceHasNoBackups(source.Name, field) : null;
    }

    /// <summary>The environment of an id, when its backups may be restored into the other.</summary>
    internal static async Task<Result<AppEnvironment>> FindAsync(
        PortalSession session, Actor actor, AppEnvironment target, EnvironmentId id, PlatformOffers platform, string field, CancellationToken ct)
    {
        var source = await session.FindEnvironmentAsync(id, ct);
        return Check(actor, target, source, platform, field) is { } refused ? refused : source!;
    }

    /// <summary>The same for a spec that somebody wrote: a restore that it begins reads another environment's data.</summary>
    internal static async Task<Error?> CheckSpecAsync(
        PortalSession session, Actor actor, AppEnvironment target, EnvironmentSpec wanted, PlatformOffers platform, CancellationToken ct)
    {
        var restore = wanted.DayTwo.Restore;
        if (restore.From is not { } owner || restore == target.Spec.DayTwo.Restore)
        {
            return null;
        }

        if (EnvironmentId.Parse(owner.Environment) is not { } id)
        {
            return OperationErrors.NoSource(SpecField);
        }

        var source = await FindAsync(session, actor, target, id, platform, SpecField, ct);
        // The pair is what the store is asked for: a namespace of one environment with the id of another is nobody's.
        return !source.IsSuccess ? source.Errors[0] : owner == OwnerOf(source.Value) ? null : OperationErrors.NoSource(SpecField);
    }
}
