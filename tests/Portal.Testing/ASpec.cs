using Portal.Core.Environments.Specs;

namespace Portal.Testing;

/// <summary>Valid specs for tests; change what matters with <c>with</c>.</summary>
public static class ASpec
{
    public const string Host = "shop.payments.portal.example";

    public static EnvironmentSpec Small(Purpose purpose = Purpose.Development) => Presets.Create(Preset.Small, purpose, Host);

    public static EnvironmentSpec Medium(Purpose purpose = Purpose.Production) => Presets.Create(Preset.Medium, purpose, Host);

    public static EnvironmentSpec Large(Purpose purpose = Purpose.Production) => Presets.Create(Preset.Large, purpose, Host);
}
