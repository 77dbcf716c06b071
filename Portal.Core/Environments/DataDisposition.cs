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
}
