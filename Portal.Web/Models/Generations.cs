using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Web.Models;

/// <summary>What the history of an environment offers to return to.</summary>
public static class Generations
{
    /// <summary>The last generation before the present one that became Ready; null when none did.</summary>
    public static long? LastGood(AppEnvironment environment, IReadOnlyList<Rollout> rollouts) => rollouts
        .Where(rollout => rollout is { Kind: RolloutKind.Apply, Outcome: RolloutOutcome.Succeeded } && rollout.Generation < environment.Generation)
        .Select(rollout => (long?)rollout.Generation)
        .Max();
}
