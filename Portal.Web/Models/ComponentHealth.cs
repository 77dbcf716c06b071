using Portal.Core.Environments;
using Parts = Portal.Core.Environments.Components;

namespace Portal.Web.Models;

/// <summary>What is known of one component; a component that the reconciler has not looked at yet is Missing.</summary>
public sealed record ComponentHealth(
    Component Component, HealthStatus Health, string Message, DateTimeOffset? Since, string? NextStep = null, DateTimeOffset? Deadline = null)
{
    public Badge Badge => StateBadges.Of(Health);

    public static ComponentHealth Of(EnvironmentStatus status, Component component) =>
        status.Components.FirstOrDefault(one => one.Component == component) is { } known
            ? new(component, known.Health, known.Message, known.Since, known.NextStep, known.Deadline)
            : new(component, HealthStatus.Missing, "Not made yet.", null);

    public static IReadOnlyList<ComponentHealth> All(EnvironmentStatus status) => [.. Parts.All.Select(component => Of(status, component))];
}
