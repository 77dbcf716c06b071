using Portal.Core.Environments;

namespace Portal.Core.Rollouts;

/// <summary>One object that an environment owns on its cluster.</summary>
/// <param name="Uid">Null until the object was seen: it was intended, and may or may not exist.</param>
public sealed record InventoryEntry(string ApiVersion, string Kind, string? Namespace, string Name, Component Component, string? Uid);
