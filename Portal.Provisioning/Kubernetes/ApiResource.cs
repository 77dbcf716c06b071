namespace Portal.Provisioning.Kubernetes;

/// <summary>How a kind is addressed: its plural name and whether its objects live in namespaces.</summary>
internal sealed record ApiResource(string ApiVersion, string Kind, string Plural, bool IsNamespaced)
{
    /// <summary>The path of all objects of the kind, in one namespace or in all.</summary>
    public string CollectionPath(string? ns) => IsNamespaced && ns is not null
        ? $"{GroupPath(ApiVersion)}/namespaces/{Uri.EscapeDataString(ns)}/{Plural}"
        : $"{GroupPath(ApiVersion)}/{Plural}";

    public string ObjectPath(ObjectRef reference) => IsNamespaced && reference.Namespace is null
        ? throw new InvalidOperationException($"{reference} needs a namespace: {Kind} is a namespaced kind.")
        : $"{CollectionPath(reference.Namespace)}/{Uri.EscapeDataString(reference.Name)}";

    public static string GroupPath(string apiVersion) =>
        apiVersion.Contains('/', StringComparison.Ordinal) ? $"/apis/{apiVersion}" : $"/api/{apiVersion}";
}
