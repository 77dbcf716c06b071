namespace Portal.Core.Results;

/// <summary>Which kind of refusal an <see cref="Error"/> is. REST maps each kind to one status code.</summary>
public enum ErrorKind
{
    /// <summary>The input cannot be read: unknown field, unknown word, wrong type. 400.</summary>
    Malformed,

    /// <summary>The input was read and breaks a rule. 422.</summary>
    Invalid,

    /// <summary>The actor may see the thing but not do this to it. 403.</summary>
    Forbidden,

    /// <summary>No such thing, or the actor may not know that it exists. 404.</summary>
    NotFound,

    /// <summary>The state of the world does not allow it now. 409.</summary>
    Conflict,

    /// <summary>Something outside (the cluster) does not answer. 503.</summary>
    Unavailable,
}

/// <summary>One refusal: a stable code, its kind, a sentence for the user, and the field it belongs to when there is one.</summary>
/// <param name="Field">Path of the spec field as the API spells it, for example <c>mySql.storageGiB</c>.</param>
public sealed record Error(string Code, ErrorKind Kind, string Message, string? Field = null);
