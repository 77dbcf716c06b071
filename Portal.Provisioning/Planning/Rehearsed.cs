using Portal.Core.Plans;

namespace Portal.Provisioning.Planning;

/// <summary>What the server answered for one object: what would happen to it, and what was said against it.</summary>
/// <param name="Problem">Shown; the request goes on.</param>
/// <param name="Refusal">Certainly stops the rollout, and so the request.</param>
internal sealed record Rehearsed(PlanEntry Entry, Refusal? Problem = null, Refusal? Refusal = null);
