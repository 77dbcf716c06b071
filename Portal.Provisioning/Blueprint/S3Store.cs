namespace Portal.Provisioning.Blueprint;

/// <summary>A bucket that speaks S3. Its credentials are in a Secret of each environment's namespace, and nowhere in the portal.</summary>
/// <param name="Endpoint">Scheme, host and, where it is not the scheme's own, the port.</param>
/// <param name="Secret">Name of the Secret, with the keys <see cref="AccessKey"/> and <see cref="SecretKey"/>.</param>
public sealed record S3Store(Uri Endpoint, string Region, string Bucket, string Secret)
{
    public const string AccessKey = "access-key-id";
    public const string SecretKey = "secret-access-key";

    /// <summary>What stands before every name in the bucket, without slashes at its ends; null for nothing.</summary>
    public string? Prefix { get; init; }

    /// <summary>The bucket is named in the path, as most stores want it; else in the host name.</summary>
    public bool PathStyle { get; init; } = true;

    /// <summary>The addresses that the endpoint has; null stands for all that are not private.</summary>
    public string? Cidr { get; init; }

    /// <summary>Where pods may copy backups to and fetch them from.</summary>
    public IReadOnlyList<AddressRange> Addresses() => Cidr is null ? AddressRange.Public : [new(Cidr, [])];
}
