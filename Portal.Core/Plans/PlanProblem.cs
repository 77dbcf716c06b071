namespace Portal.Core.Plans;

/// <summary>What the cluster says against an object of a plan, for the people who ask and who decide.</summary>
/// <param name="Object">Spelled <c>Kind/namespace/name</c>.</param>
/// <param name="Message">The cluster's own words.</param>
/// <param name="NextStep">What to do about it, in a sentence.</param>
public sealed record PlanProblem(string Object, string Message, string NextStep);
