namespace Portal.Provisioning.Sandbox;

/// <summary>Where an object lives in the store; the namespace is empty for cluster-scoped kinds.</summary>
internal readonly record struct ObjectKey(ResourceKind Kind, string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? $"{Kind.Kind}/{Name}" : $"{Kind.Kind}/{Namespace}/{Name}";
}
