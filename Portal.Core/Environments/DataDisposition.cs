using Portal.Core.Environments.Specs;
using Portal.Core.Results;

namespace Portal.Core.Environments;

/// <summary>What becomes of an environment's data when it is deleted.</summary>
public enum DataDisposition
{
    /// <summary>Volumes are deleted with everything on them.</summary>
    Delete,

    /// <summary>Volumes stay in the cluster, released from their claims; the report names them.</summary>
    Keep,

    /// <summary>A last backup is written first and its volume stays; the other volumes are deleted.</summary>
    BackUp,
}

/// <summary>The words for the choice in the API and in sentences.</summary>
public static class DataDispositions
{
    public static Result<DataDisposition> Parse(string? word) => word?.ToLowerInvariant() switch
    {
        null or "delete" => DataDisposition.Delete,
        "keep" => DataDisposition.Keep,
        "backup" => DataDisposition.BackUp,
        _ => EnvironmentErrors.UnknownDisposition(word),
    };

    /// <summary>Why it cannot be chosen for an environment of this spec, in a sentence; null when it can.</summary>
    public static string? Obstacle(this DataDisposition data, EnvironmentSpec spec) => data != DataDisposition.BackUp ? null
        : spec.MySql.IsExternal() ? "Its MySQL is a database of others, which stays as it is. Its owner can back it up; delete the environment without a backup."
        : spec.MySql.BackupRetentionDays < 1 ? "Its spec makes no MySQL backups, so there is nothing that could write one."
        : spec.DayTwo.Paused ? "It is paused, and only a MySQL that runs can be backed up. Wake it first, or keep its volumes, or delete it without a backup."
        : null;
}
