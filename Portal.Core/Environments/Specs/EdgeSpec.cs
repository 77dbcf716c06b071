namespace Portal.Core.Environments.Specs;

/// <summary>CDN edge locations: caching reverse proxies near the user, one Deployment and one address per location.</summary>
/// <param name="Locations">Names of the locations (DNS labels), for example <c>jakarta</c>. A location prefers the zone of its name.</param>
/// <param name="PodsPerLocation">Fixed count: a scaled-out edge would start with an empty cache.</param>
/// <param name="CacheGiB">Disk that one pod may use for cached answers.</param>
public sealed record EdgeSpec(IReadOnlyList<string> Locations, int PodsPerLocation, int CacheGiB)
{
    /// <summary>Host names that the edges answer for besides the one of the environment.</summary>
    public IReadOnlyList<string> OtherHostNames { get; init; } = [];

    /// <summary>What the edges show to the world over TLS, and where it comes from.</summary>
    public CertificateSpec Certificate { get; init; } = new();

    /// <summary>Addresses and networks (CIDR) of proxies before the edges, whose word on the client's address is believed; of nobody else.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>How long an answer is kept that does not say it itself, in seconds; 0 keeps only what says so.</summary>
    public int DefaultTtlSeconds { get; init; } = 60;

    /// <summary>The same for build output below <c>/assets</c> and <c>/static</c>, whose names change with their content; null keeps it as any other answer.</summary>
    public int? AssetTtlSeconds { get; init; }

    /// <summary>Path prefixes, each beginning with <c>/</c>, whose answers are never kept, beside those that never are.</summary>
    public IReadOnlyList<string> PrivatePaths { get; init; } = [];

    /// <summary>Names of cookies, beside the usual ones, that mean "signed in": answers to a request that carries one are private.</summary>
    public IReadOnlyList<string> SessionCookies { get; init; } = [];

    /// <summary>Answer over HTTP/3 (QUIC) as well: UDP beside TCP at the same address, which the cluster's load balancers have to be able to.</summary>
    public bool Http3 { get; init; }

    /// <summary>Keep large files under <c>/media</c> in slices, so that a part of a file is fetched alone.</summary>
    public bool Media { get; init; }
}
