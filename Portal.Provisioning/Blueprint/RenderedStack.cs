using Portal.Core.Environments;

namespace Portal.Provisioning.Blueprint;

/// <summary>Whose stack is rendered: the names and ids that go into labels and host names.</summary>
public sealed record StackIdentity(EnvironmentId Id, string Team, string Name, string Namespace, long Generation);

/// <summary>A spec rendered for one cluster.</summary>
/// <param name="Manifests">In apply order: by wave of the graph (early ones with wave 0), then by kind, then by name.</param>
/// <param name="Notes">Sentences on what was left out or replaced because the cluster lacks a capability.</param>
public sealed record RenderedStack(StackGraph Graph, IReadOnlyList<Manifest> Manifests, IReadOnlyList<string> Notes);
