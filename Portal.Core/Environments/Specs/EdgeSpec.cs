namespace Portal.Core.Environments.Specs;

/// <summary>CDN edge locations: caching reverse proxies near the user, one Deployment and one address per location.</summary>
/// <param name="Locations">Names of the locations (DNS labels), for example <c>jakarta</c>. A location prefers the zone of its name.</param>
/// <param name="PodsPerLocation">Fixed count: a scaled-out edge would start with an empty cache.</param>
/// <param name="CacheGiB">Disk that one pod may use for cached answers.</param>
public sealed record EdgeSpec(IReadOnlyList<string> Locations, int PodsPerLocation, int CacheGiB);
