namespace Portal.Provisioning.Kubernetes;

/// <summary>Tells a complaint about a field that cannot change after creation from any other complaint.</summary>
/// <remarks>
/// Code that recreates objects relies on it, so it looks at the machine reason, the field, and the server's own words at the place
/// where it puts them: a complaint about a bad value repeats that value, which may say anything.
/// </remarks>
internal static class ImmutableField
{
    // "Invalid value: <the value>: <these words>".
    private static readonly string[] s_endings =
    [
        "is immutable",
        "may not change once set",
        "cannot change roleRef",
    ];

    // "Forbidden: <these words and more>", without a value.
    private static readonly string[] s_refusals =
    [
        "is immutable",
        "may not be changed in an update",
        "updates to statefulset spec for fields other than",
        "pod updates may not change fields other than",
        "updates to parameters are forbidden",
        "updates to provisioner are forbidden",
        "updates to reclaimPolicy are forbidden",
    ];

    public static bool Is(StatusCause cause)
    {
        // A name or a UID is not something that a recreation brings nearer.
        if (cause.Field.Length == 0 || cause.Field.StartsWith("metadata.", StringComparison.Ordinal))
        {
            return false;
        }

        var words = cause.Message.TrimEnd('.', ' ', '\n');
        return cause.Reason switch
        {
            "FieldValueInvalid" => Array.Exists(s_endings, ending => words.EndsWith(ending, StringComparison.Ordinal)),
            "FieldValueForbidden" => Array.Exists(s_refusals, refusal => words.Contains(refusal, StringComparison.Ordinal)),
            _ => false,
        };
    }
}
