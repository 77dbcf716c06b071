using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>Which controller an environment routes through: one that its cluster has and the platform's owners describe, or its own tier.</summary>
public sealed class IngressChoiceTests
{
    private static readonly PlatformSettings s_platform = new()
    {
        IngressControllers =
        [
            Of("inner"), Of("outer"), Of("elsewhere"), Of("shared", gateway: true),
            // One name for both kinds of class, as some controllers have it.
            Of("both"), Of("both", gateway: true),
        ],
    };

    [Theory]
    [InlineData(IngressMode.IngressClass, null, "inner outer", "outer", "Ingress outer", "")]
    [InlineData(IngressMode.IngressClass, null, "inner outer", null, "Ingress inner", "first of several, inner, outer")]
    [InlineData(IngressMode.IngressClass, "inner", "inner outer", "outer", "Ingress inner", "")]
    [InlineData(IngressMode.IngressClass, "none", "inner outer", "outer", "Deployment", "no ingress class \"none\"")]
    [InlineData(IngressMode.IngressClass, "elsewhere", "inner outer", null, "Deployment", "no ingress class \"elsewhere\"")]
    [InlineData(IngressMode.IngressClass, null, "", null, "Deployment", "the cluster has no ingress class.")]
    [InlineData(IngressMode.IngressClass, "unknown", "inner unknown", null, "Deployment", "the ingress class \"unknown\" is not one whose controller the portal knows. The platform's owners describe it with the setting Platform:IngressControllers (Class and Service).")]
    [InlineData(IngressMode.IngressClass, null, "foreign unknown", "unknown", "Deployment", "no ingress class of the cluster (foreign, unknown) is one whose controller the portal knows")]
    // The default may be the one that is open to the world; the owners have described another.
    [InlineData(IngressMode.IngressClass, null, "inner unknown", "unknown", "Ingress inner", "")]
    [InlineData(IngressMode.IngressClass, "shared", "shared", null, "Deployment", "\"shared\" is not one whose controller the portal knows")]
    [InlineData(IngressMode.IngressClass, "both", "both", null, "Ingress both", "")]
    [InlineData(IngressMode.Gateway, null, "shared", null, "HTTPRoute", "")]
    [InlineData(IngressMode.Gateway, "both", "both shared", null, "HTTPRoute", "")]
    [InlineData(IngressMode.Gateway, "other", "shared", null, "Deployment", "no gateway class \"other\"")]
    [InlineData(IngressMode.Gateway, null, "inner", null, "Deployment", "no gateway class of the cluster (inner) is one whose controller the portal knows. The platform's owners describe it with the setting Platform:IngressControllers (Class, Service and Gateway).")]
    [InlineData(IngressMode.Gateway, null, "", null, "Deployment", "no gateway class.")]
    [InlineData(IngressMode.Gateway, null, null, null, "Deployment", "no Gateway API")]
    public void Ingress_OfAClass_IsWhatClusterAndPlatformCanGive(IngressMode mode, string? wanted, string? classes, string? standard, string expected, string note)
    {
        var list = classes?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var capabilities = mode == IngressMode.IngressClass
            ? ClusterCapabilities.Basic with { IngressClasses = list ?? [], DefaultIngressClass = standard }
            : ClusterCapabilities.Basic with { HasGatewayApi = list is not null, GatewayClasses = list ?? [] };

        var stack = Render(mode, wanted, capabilities, s_platform);
        var items = stack.Manifests.Where(manifest => manifest.Component == Component.Ingress).Select(manifest => manifest.Object).ToList();

        Assert.Contains(expected, items.Select(item => $"{item.Kind} {item.Text("spec", "ingressClassName")}".TrimEnd()));
        Assert.Equal(note.Length > 0, stack.Notes.Any(each => each.Contains("own ingress tier", StringComparison.Ordinal) || each.Contains("first of several", StringComparison.Ordinal)));
        Assert.Contains(stack.Notes.Append(""), each => each.Contains(note, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(IngressMode.IngressClass)]
    [InlineData(IngressMode.Gateway)]
    public void Stack_OfAClassThatThePlatformDoesNotDescribe_IsThatOfItsOwnTier(IngressMode mode)
    {
        var capabilities = ClusterCapabilities.Basic with { HasGatewayApi = true, GatewayClasses = ["shared"] };

        var shared = Render(mode, null, capabilities, PlatformSettings.Default);
        var own = Render(IngressMode.Dedicated, null, capabilities, PlatformSettings.Default);

        Assert.Equal(own.Manifests.Select(manifest => manifest.Object.ToJson()), shared.Manifests.Select(manifest => manifest.Object.ToJson()));
        Assert.Contains("Platform:IngressControllers", Assert.Single(shared.Notes.Except(own.Notes)), StringComparison.Ordinal);
    }

    private static IngressController Of(string name, bool gateway = false) => new(name, new("system", name), 80, 80, gateway ? new("system", "gateway") : null);

    private static RenderedStack Render(IngressMode mode, string? className, ClusterCapabilities capabilities, PlatformSettings platform)
    {
        var spec = Presets.Create(Preset.Small, Purpose.Production, "shop.apps.example");
        return StackBlueprint.Render(spec with { Ingress = spec.Ingress with { Mode = mode, ClassName = className } }, StackCase.Identity, capabilities, platform);
    }
}
