namespace Portal.Provisioning.Sandbox;

/// <summary>One kind that the sandbox serves: its names, scope, schema and subresources.</summary>
internal sealed class ResourceKind
{
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public required string SchemaType { get; init; }

    public bool Namespaced { get; init; } = true;

    public string[] ShortNames { get; init; } = [];

    public string[] Subresources { get; init; } = [];

    /// <summary>Listed by <c>kubectl get all</c>.</summary>
    public bool InAll { get; init; }

    /// <summary>Has a <c>metadata.generation</c> that rises with every change of the spec.</summary>
    public bool HasGeneration { get; init; }

    /// <summary>Made when it is asked for, never stored: it can be got and listed and nothing else.</summary>
    public bool Computed { get; init; }

    public SchemaNode Schema => field ??= KubeSchema.Root(SchemaType);

    public string Singular => Kind.ToLowerInvariant();

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The spelling that error messages use: <c>deployments.apps</c>.</summary>
    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public bool HasStatus => Subresources.Contains("status");

    public bool HasScale => Subresources.Contains("scale");

    public override string ToString() => GroupResource;
}
