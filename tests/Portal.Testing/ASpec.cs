using Portal.Core.Environments;
using Portal.Core.Environments.Specs;

namespace Portal.Testing;

/// <summary>Valid specs for tests; change what matters with <c>with</c>.</summary>
public static class ASpec
{
    public const string Host = "shop.payments.portal.example";

    /// <summary>A small one with a host name of its own: two environments of a cluster cannot share one.</summary>
    public static EnvironmentSpec Named(string name) => Named(name, Small());

    /// <summary>The spec with a host name of its own, where it has the usual one.</summary>
    public static EnvironmentSpec Named(string name, EnvironmentSpec spec) =>
        spec.HostName == Host && EnvironmentName.Check(name) is null ? spec with { HostName = $"{name}.payments.portal.example" } : spec;

    public static EnvironmentSpec Small(Purpose purpose = Purpose.Development) => Presets.Create(Preset.Small, purpose, Host);

    public static EnvironmentSpec Medium(Purpose purpose = Purpose.Production) => Presets.Create(Preset.Medium, purpose, Host);

    public static EnvironmentSpec Large(Purpose purpose = Purpose.Production) => Presets.Create(Preset.Large, purpose, Host);
}
