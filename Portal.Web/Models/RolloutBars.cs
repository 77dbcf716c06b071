using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Web.Models;

/// <summary>One component's bar on the timeline of a rollout, in percent of the whole.</summary>
public sealed record RolloutBar(Component Component, double Left, double Width, TimeSpan Took, bool Running);

/// <summary>A rollout as bars on a common time axis.</summary>
public static class RolloutBars
{
    public static TimeSpan Elapsed(Rollout rollout, DateTimeOffset now) => (rollout.FinishedAt ?? now) - rollout.StartedAt;

    public static IReadOnlyList<RolloutBar> Of(Rollout rollout, DateTimeOffset now)
    {
        var end = rollout.FinishedAt ?? now;
        var whole = Math.Max(0.001, (end - rollout.StartedAt).TotalSeconds);
        return [.. rollout.Steps.OrderBy(step => step.StartedAt).ThenBy(step => step.Component).Select(step =>
        {
            var running = step.SettledAt is null && rollout.Outcome == RolloutOutcome.Running;
            var took = (step.SettledAt ?? end) - step.StartedAt;
            var left = Math.Clamp((step.StartedAt - rollout.StartedAt).TotalSeconds / whole * 100, 0, 100);
            return new RolloutBar(step.Component, left, Math.Clamp(took.TotalSeconds / whole * 100, 0.5, 100 - Math.Min(left, 99.5)), took, running);
        })];
    }
}
