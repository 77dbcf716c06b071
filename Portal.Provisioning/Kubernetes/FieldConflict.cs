namespace Portal.Provisioning.Kubernetes;

/// <summary>One field that an apply without force did not get, and who owns it.</summary>
/// <param name="Manager">The name of the other field manager.</param>
/// <param name="Operation">"Apply" or "Update"; null when the server's words do not tell.</param>
/// <param name="ApiVersion">The version that the other manager wrote in; the server names it for updates only.</param>
/// <param name="Field">The path in the server's notation, for example <c>.spec.replicas</c>.</param>
public sealed record FieldConflict(string Manager, string? Operation, string? ApiVersion, string Field)
{
    /// <summary>The subresource that the other manager wrote through, such as "scale" or "status".</summary>
    public string? Subresource { get; init; }
}
