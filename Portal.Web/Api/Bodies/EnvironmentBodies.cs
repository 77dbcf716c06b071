using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Web.Models;

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

/// <summary>A wish to return to the spec of an earlier generation.</summary>
public sealed record ReturnBody
{
    public required long Generation { get; init; }

    public string? Reason { get; init; }
}

/// <summary>A choice about one object and one other field manager.</summary>
public sealed record OwnershipBody
{
    public required string Kind { get; init; }

    public required string Name { get; init; }

    public required string Manager { get; init; }

    /// <summary>takeOver or leave.</summary>
    public required string Choice { get; init; }
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

    /// <summary>Fields that the spec renders and others have set to something else.</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyList<ConflictBody> Conflicts { get; init; }

    [JsonPropertyOrder(1)]
    public required EnvironmentSpec Spec { get; init; }

    public static EnvironmentBody Of(AppEnvironment environment, long? openRequest) => new(EnvironmentSummary.Of(environment))
    {
        OpenRequest = openRequest,
        Components = environment.Status.Components.Select(ComponentBody.Of).ToList(),
        Conflicts = ConflictView.Of(environment).Select(ConflictBody.Of).ToList(),
        Spec = environment.Spec,
    };
}

/// <param name="NextStep">What the owner can do about it; null when nothing is to be done.</param>
/// <param name="Deadline">Until when it has to be healthy; null when nothing is under way.</param>
public sealed record ComponentBody(
    string Component, string Title, HealthStatus Health, string Message, DateTimeOffset Since, string? NextStep, DateTimeOffset? Deadline)
{
    public static ComponentBody Of(ComponentStatus status) => new(
        status.Component.Slug(), status.Component.Title(), status.Health, status.Message, status.Since, status.NextStep, status.Deadline);
}

/// <param name="Choice">What stands: what a person chose, else what the spec says; null while a person has to choose.</param>
/// <param name="DecidedBy">Who chose it; null when nobody did.</param>
public sealed record ConflictBody(
    string Component, string Kind, string Name, string Manager, IReadOnlyList<string> Fields, OwnershipChoice? Choice, string? DecidedBy, DateTimeOffset? DecidedAt)
{
    public static ConflictBody Of(ConflictView view) => new(
        view.Conflict.Component.Slug(), view.Conflict.Kind, view.Conflict.Name, view.Conflict.Manager, view.Conflict.Fields,
        view.Choice, view.Decision?.DecidedBy, view.Decision?.DecidedAt);
}
