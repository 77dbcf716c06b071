using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.DataPath.Tests.Programs;

/// <summary>A configuration file exactly as the blueprint renders it, and the few places that must differ outside of a pod.</summary>
/// <param name="Name">What it is, for messages.</param>
internal sealed record RenderedText(string Name, string Text)
{
    private static readonly StackIdentity s_identity = new(new EnvironmentId(new Guid("01990000-0000-7000-8000-000000000001")), "payments", "shop", "shop", 1);

    public static RenderedStack Stack(EnvironmentSpec spec, ClusterCapabilities? capabilities = null, PlatformSettings? platform = null) =>
        StackBlueprint.Render(spec, s_identity, capabilities ?? ClusterCapabilities.Basic, platform);

    /// <summary>A key of a ConfigMap.</summary>
    public static RenderedText Of(RenderedStack stack, string configMap, string key) => new(
        $"{configMap}/{key}",
        stack.Manifests.Single(manifest => manifest.Object.Kind == "ConfigMap" && manifest.Object.Name == configMap).Object.Text("data", key)
            ?? throw new InvalidOperationException($"ConfigMap {configMap} has no key {key}."));

    /// <summary>Replaces a path, a port or a host name that belongs to the pod. What is not there is a mistake of the test.</summary>
    public RenderedText With(string podText, string here) => Text.Contains(podText, StringComparison.Ordinal)
        ? this with { Text = Text.Replace(podText, here, StringComparison.Ordinal) }
        : throw new InvalidOperationException($"{Name} does not contain \"{podText}\".");

    public string Save(string directory, string file)
    {
        var path = Path.Combine(directory, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Text);
        return path;
    }
}
