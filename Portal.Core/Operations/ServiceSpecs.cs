using Portal.Core.Environments;
using Portal.Core.Environments.Specs;

namespace Portal.Core.Operations;

/// <summary>The four services of a spec by their component.</summary>
internal static class ServiceSpecs
{
    public static IReadOnlyList<Component> Components { get; } = [Component.Frontend, Component.Gateway, Component.Publish, Component.Consume];

    public static ServiceSpec Of(EnvironmentSpec spec, Component component) => component switch
    {
        Component.Frontend => spec.Frontend,
        Component.Gateway => spec.Gateway,
        Component.Publish => spec.Publish,
        Component.Consume => spec.Consume,
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, "It is no service."),
    };

    public static EnvironmentSpec With(EnvironmentSpec spec, Component component, Func<ServiceSpec, ServiceSpec> change) => component switch
    {
        Component.Frontend => spec with { Frontend = change(spec.Frontend) },
        Component.Gateway => spec with { Gateway = change(spec.Gateway) },
        Component.Publish => spec with { Publish = change(spec.Publish) },
        Component.Consume => spec with { Consume = change(spec.Consume) },
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, "It is no service."),
    };
}
