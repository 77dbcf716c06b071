namespace Portal.Provisioning.Drift;

/// <summary>Who wrote a field last, as the server recorded it in <c>metadata.managedFields</c>.</summary>
/// <param name="Operation">Apply or Update.</param>
public sealed record FieldOwner(string Name, string Operation, DateTimeOffset? At);
