using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;

namespace Portal.Web.Api.Bodies;

/// <summary>A wish for a new environment. Fields of <c>spec</c> replace those of the preset.</summary>
public sealed record NewEnvironmentBody
{
    public required string Team { get; init; }

    public required string Name { get; init; }

    public required string Preset { get; init; }

    public string? Purpose { get; init; }

    public string? HostName { get; init; }

    /// <summary>Where it shall run; without it the portal's default cluster.</summary>
    public string? Cluster { get; init; }

    public string? Reason { get; init; }

    public JsonObject? Spec { get; init; }
}

/// <summary>A wish for another spec. Fields of <c>spec</c> replace those of the present one.</summary>
public sealed record ChangeBody
{
    public required JsonObject Spec { get; init; }

    public string? Reason { get; init; }
}

/// <summary>An environment in a list.</summary>
public record EnvironmentSummary(
    string Id, string Team, string Name, string Cluster, string Namespace, Preset Preset, Purpose Purpose, string HostName,
    EnvironmentPhase Phase, HealthStatus Health, string Message, long Generation, long ObservedGeneration, string CreatedBy, DateTimeOffset CreatedAt)
{
    public static EnvironmentSummary Of(AppEnvironment environment) => new(
        environment.Id.ToString(), environment.Team, environment.Name, environment.Cluster, environment.Namespace,
        environment.Spec.Preset, environment.Spec.Purpose, environment.Spec.HostName,
        environment.Status.Phase, environment.Status.Health, environment.Status.Message,
        environment.Generation, environment.Status.ObservedGeneration, environment.CreatedBy, environment.CreatedAt);
}

/// <summary>One environment with its spec and the health of each component.</summary>
public sealed record EnvironmentBody : EnvironmentSummary
{
    private EnvironmentBody(EnvironmentSummary summary)
        : base(summary)
    {
    }

    /// <summary>Number of the request that waits for a decision, if one does.</summary>
    [JsonPropertyOrder(1)]
    public required long? OpenRequest { get; init; }

    [JsonPropertyOrder(1)]
    public required IReadOnlyList<ComponentBody> Components { get; init; }

    [JsonPropertyOrder(1)]
    public required EnvironmentSpec Spec { get; init; }

    public static EnvironmentBody Of(AppEnvironment environment, long? openRequest) => new(EnvironmentSummary.Of(environment))
    {
        OpenRequest = openRequest,
        Components = environment.Status.Components.Select(ComponentBody.Of).ToList(),
        Spec = environment.Spec,
    };
}

public sealed record ComponentBody(string Component, string Title, HealthStatus Health, string Message, DateTimeOffset Since)
{
    public static ComponentBody Of(ComponentStatus status) =>
        new(status.Component.Slug(), status.Component.Title(), status.Health, status.Message, status.Since);
}
