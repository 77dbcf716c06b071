namespace Portal.Provisioning.Sandbox;

/// <summary>Answers matching API requests with a fault instead of serving them.</summary>
/// <param name="Verb">get, list, watch, create, update, patch, delete or deletecollection; null for all.</param>
/// <param name="Kind">Such as <c>Deployment</c>; null for all.</param>
/// <param name="Status">409, 429, 500, 503 or 504; unused when the connection is dropped.</param>
/// <param name="Times">After so many hits the rule is spent; null for ever.</param>
public sealed record RequestFault(string? Verb, string? Kind, int Status = 500, int? RetryAfterSeconds = null, bool Drop = false, int? Times = null)
{
    /// <summary>Only requests in this namespace; null for all.</summary>
    public string? Namespace { get; init; }
}
