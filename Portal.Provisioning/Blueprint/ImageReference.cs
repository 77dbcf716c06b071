namespace Portal.Provisioning.Blueprint;

/// <summary>A reference to an image, taken apart as container tools do: without a host it is one of Docker Hub, without a folder one of its library.</summary>
public sealed record ImageReference(string Registry, string Repository, string? Tag, string? Digest)
{
    private const string DefaultRegistry = "docker.io";

    public static ImageReference Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var (named, digest) = at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
        var host = HostOf(named);
        var path = host is null ? named : named[(host.Length + 1)..];
        var colon = path.LastIndexOf(':');
        var repository = colon < 0 ? path : path[..colon];
        var registry = host ?? DefaultRegistry;
        return new(
            registry,
            registry == DefaultRegistry && !repository.Contains('/', StringComparison.Ordinal) ? $"library/{repository}" : repository,
            colon < 0 ? null : path[(colon + 1)..],
            digest);
    }

    /// <summary>The first part, when it looks like a host; null when it is a folder.</summary>
    public static string? HostOf(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : text[..slash];
        return first == "localhost" || first.AsSpan().ContainsAny('.', ':') ? first : null;
    }

    /// <summary>Its full name with the tag: the same for every way to write it.</summary>
    public string Tagged => $"{Registry}/{Repository}:{Tag}";
}
