namespace Portal.Provisioning.Sandbox;

/// <summary>A validating webhook that refuses what matches, dry runs and the pods of controllers included; every filter left null matches all.</summary>
/// <remarks>Events pass unless they are named: a cluster that cannot say what is wrong helps nobody.</remarks>
/// <param name="Reason">What the webhook says, after the server's own words.</param>
public sealed record WebhookRefusal(string Reason)
{
    /// <summary>The name of the webhook, which the refusal tells.</summary>
    public string Webhook { get; init; } = "policy.example.com";

    /// <summary>400 or 403: webhooks choose it themselves.</summary>
    public int Status { get; init; } = 400;

    public string? Kind { get; init; }

    public string? Namespace { get; init; }

    public string? NamePrefix { get; init; }

    /// <summary>CREATE, UPDATE or DELETE; null for the first two.</summary>
    public string? Operation { get; init; }

    /// <summary>The webhook does not answer, and what it should have checked is refused as an error of the server.</summary>
    public bool Unreachable { get; init; }

    internal bool Matches(string operation, string kind, string ns, string name) =>
        (Operation is null ? operation is "CREATE" or "UPDATE" : Operation == operation)
        && (Kind is null ? kind != "Event" : Kind == kind)
        && (Namespace is null || Namespace == ns)
        && (NamePrefix is null || name.StartsWith(NamePrefix, StringComparison.Ordinal));
}
