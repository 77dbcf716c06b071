namespace Portal.Provisioning.Kubernetes;

/// <summary>Which objects to list or watch: one kind, all namespaces when none is named, narrowed by selectors.</summary>
public sealed record ListQuery(string ApiVersion, string Kind, string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null)
{
    public override string ToString() => Namespace is null ? Kind : $"{Kind} in {Namespace}";
}
