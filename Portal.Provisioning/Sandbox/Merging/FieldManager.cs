namespace Portal.Provisioning.Sandbox;

/// <summary>The identity under which fields are owned: name, operation (Apply or Update), version and subresource together.</summary>
internal sealed record FieldManager(string Name, string Operation, string ApiVersion, string Subresource)
{
    public static FieldManager Applying(string name, string apiVersion, string subresource) => new(name, "Apply", apiVersion, subresource);

    public static FieldManager Updating(string name, string apiVersion, string subresource) => new(name, "Update", apiVersion, subresource);

    /// <summary>The manager as conflict messages name it, with how it came to own the field when it was not an apply.</summary>
    public string Describe() => (Operation, Subresource) switch
    {
        ("Apply", _) => $"\"{Name}\"",
        (_, "") => $"\"{Name}\" using {ApiVersion}",
        _ => $"\"{Name}\" with subresource \"{Subresource}\" using {ApiVersion}",
    };
}
