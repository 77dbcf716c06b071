using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Finishing;

/// <summary>Takes the stack's own images from the platform's registry, pins what is known by its digest, and gives every pod the Secret to pull with.</summary>
/// <remarks>Done for the whole stack at the end, so that no layer can forget it. What a team named is taken from where it is named; a digest that it named stays.</remarks>
internal static class PlatformImages
{
    public static void Apply(StackContext stack)
    {
        var unpinned = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var manifest in stack.Manifests)
        {
            if (PodTemplates.Of(manifest.Object) is { } template)
            {
                Apply(stack.Platform, template, TeamImages(stack, manifest.Component), unpinned);
            }
        }

        if (unpinned.Count > 0)
        {
            stack.Note($"By tag and not by digest, because the platform's list has none for them: {string.Join(", ", unpinned)}. What such a tag stands for may change.");
        }
    }

    /// <summary>The same image below a registry: its own registry, which the first part names when it looks like a host, is replaced.</summary>
    internal static string Mirrored(string registry, string image) =>
        $"{registry}/{(ImageReference.HostOf(image) is { } host ? image[(host.Length + 1)..] : image)}";

    private static void Apply(PlatformSettings platform, JsonObject template, IReadOnlyList<string?> teamImages, SortedSet<string> unpinned)
    {
        foreach (var container in PodTemplates.Containers(template))
        {
            var published = (string)container["image"]!;
            var image = platform.Registry is { } registry && !teamImages.Contains(published) ? Mirrored(registry, published) : published;
            container["image"] = platform.Digests is { } digests ? Pinned(digests, image, published, unpinned) : image;
        }

        if (platform.PullSecret is { } secret)
        {
            ((JsonObject)template["spec"]!)["imagePullSecrets"] = Json.List(Json.Map(("name", secret)));
        }
    }

    /// <summary>The tag stays beside the digest for people to read; who pulls goes by the digest.</summary>
    /// <remarks>A mirror has the same content under the same digest, so that the list may name an image by either place.</remarks>
    private static string Pinned(ImageDigests digests, string image, string published, SortedSet<string> unpinned)
    {
        if (image.Contains('@', StringComparison.Ordinal))
        {
            return image;
        }

        if ((digests.Of(image) ?? digests.Of(published)) is { } digest)
        {
            return $"{image}@{digest}";
        }

        unpinned.Add(image);
        return image;
    }

    private static string?[] TeamImages(StackContext stack, Component component) => component switch
    {
        Component.Frontend => [stack.Spec.Frontend.Image],
        Component.Gateway => [stack.Spec.Gateway.Image, stack.Spec.Gateway.Canary?.Image],
        Component.Publish => [stack.Spec.Publish.Image, stack.Spec.Publish.Canary?.Image],
        Component.Consume => [stack.Spec.Consume.Image],
        _ => [],
    };
}
