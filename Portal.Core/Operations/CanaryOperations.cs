using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Results;

namespace Portal.Core.Operations;

/// <summary>What tries a new image on part of the requests, and what follows. Pure.</summary>
internal static class CanaryOperations
{
    /// <summary>The services that can have a canary: those whose requests can be divided, and are not kept by the edges.</summary>
    public static IReadOnlyList<Component> Components { get; } = [Component.Gateway, Component.Publish];

    public static Result<EnvironmentSpec> Start(Operation.StartCanary start, EnvironmentSpec spec) =>
        ServiceSpecs.Of(spec, start.Component).Canary is { } running
            ? OperationErrors.NotNow($"{start.Component.Title()} has a canary, {running.Image}. Promote it or end it first.")
            : ServiceSpecs.With(spec, start.Component, service => service with { Canary = new(start.Image, start.WeightPercent, start.Pods) });

    /// <remarks>One change does both: the canary goes on answering until the stable pods run its image, because what is no longer wanted is removed last.</remarks>
    public static Result<EnvironmentSpec> Promote(Component component, EnvironmentSpec spec) =>
        ServiceSpecs.Of(spec, component).Canary is { } running
            ? ServiceSpecs.With(spec, component, service => service with { Image = running.Image, Canary = null })
            : None(component);

    public static Result<EnvironmentSpec> End(Component component, EnvironmentSpec spec) =>
        ServiceSpecs.Of(spec, component).Canary is null ? None(component) : ServiceSpecs.With(spec, component, service => service with { Canary = null });

    private static Error None(Component component) => OperationErrors.NotNow($"{component.Title()} has no canary. Start one first.");
}
