using Portal.Core.Environments;

namespace Portal.Provisioning.Applying;

/// <summary>What a look remembers for the next one of the same rollout.</summary>
/// <param name="Live">Of what was there: what only its owner changes, and all of the components that are done.</param>
/// <param name="Done">The components of which nothing has to be read again until the rollout comes to its end.</param>
public sealed record SeenStack(LiveStack Live, IReadOnlySet<Component> Done);
