using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Finishing;

/// <summary>Takes the stack's own images from the platform's registry and gives every pod the Secret to pull with.</summary>
/// <remarks>Done for the whole stack at the end, so that no layer can forget it. What a team named is taken as it is named.</remarks>
internal static class PlatformImages
{
    public static void Apply(StackContext stack)
    {
        foreach (var manifest in stack.Manifests)
        {
            if (PodTemplates.Of(manifest.Object) is { } template)
            {
                Apply(stack.Platform, template, TeamImage(stack, manifest.Component));
            }
        }
    }

    /// <summary>The same image below a registry: its own registry, which the first part names when it looks like a host, is replaced.</summary>
    internal static string Mirrored(string registry, string image)
    {
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : image[..slash];
        var isHost = first == "localhost" || first.AsSpan().ContainsAny('.', ':');
        return $"{registry}/{(isHost ? image[(slash + 1)..] : image)}";
    }

    private static void Apply(PlatformSettings platform, JsonObject template, string? teamImage)
    {
        if (platform.Registry is { } registry)
        {
            foreach (var container in PodTemplates.Containers(template).Where(container => (string?)container["image"] != teamImage))
            {
                container["image"] = Mirrored(registry, (string)container["image"]!);
            }
        }

        if (platform.PullSecret is { } secret)
        {
            ((JsonObject)template["spec"]!)["imagePullSecrets"] = Json.List(Json.Map(("name", secret)));
        }
    }

    private static string? TeamImage(StackContext stack, Component component) => component switch
    {
        Component.Frontend => stack.Spec.Frontend.Image,
        Component.Gateway => stack.Spec.Gateway.Image,
        Component.Publish => stack.Spec.Publish.Image,
        Component.Consume => stack.Spec.Consume.Image,
        _ => null,
    };
}
