namespace Portal.Provisioning.Blueprint;

/// <summary>What the platform's owners decide for every environment alike.</summary>
public sealed record PlatformSettings
{
    public static PlatformSettings Default { get; } = new();

    /// <summary>Where the images of the stack's own parts come from, as a prefix before their name, for example <c>registry.example/mirror</c>; null takes them from where they are published.</summary>
    /// <remarks>Images that a team names are taken as they are named.</remarks>
    public string? Registry { get; init; }

    /// <summary>Name of the Secret that pods pull images with; it has to be in the namespace, or to be put there by the cluster. Null for none.</summary>
    public string? PullSecret { get; init; }

    /// <summary>The namespace of each cluster that holds the Secrets which these settings name: the engine copies them from there into every environment. Null leaves that to the cluster.</summary>
    public string? SecretsNamespace { get; init; }

    /// <summary>The digests that images are pinned to, those of teams too; null pins nothing. One that has none runs by its tag, and the notes say so.</summary>
    public ImageDigests? Digests { get; init; }

    /// <summary>The mail server that alerts are sent by; null sends no mail.</summary>
    public MailServer? Mail { get; init; }

    /// <summary>Where copies of backups go; null leaves them in the environment alone.</summary>
    public S3Store? ObjectStore { get; init; }

    /// <summary>The shared controllers that environments may route through. One whose class is not here is used by none: nothing would lead requests through edge and firewall to it.</summary>
    public IReadOnlyList<IngressController> IngressControllers { get; init; } = [];
}

/// <param name="From">The sender's address.</param>
/// <param name="RequireTls">Refuse to send without STARTTLS.</param>
public sealed record MailServer(string Host, int Port, string From, bool RequireTls);
