using Portal.Core.Environments;

namespace Portal.Provisioning.Applying;

/// <summary>What a look remembers for the next one of the same rollout.</summary>
/// <param name="Live">What is taken as it was.</param>
/// <param name="Done">The components that are passed by until the rollout comes to its end: nothing of them is read.</param>
public sealed record SeenStack(LiveStack Live, IReadOnlySet<Component> Done);
