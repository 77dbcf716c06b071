using System.Net;
using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>The rules for the way in: host name, edges, load balancer, firewall, routes, ingress.</summary>
internal static class EntryRules
{
    private const string NoHostName = "is no host name. Write lower-case labels separated by dots, for example shop.apps.example.";

    private const string NoAddress = "is no address and no network. Write one like 203.0.113.7 or 203.0.113.0/24.";

    public static void Check(EnvironmentSpec spec, SpecCheck check)
    {
        check.That(IsHostName(spec.HostName), "hostName", $"{UserText.Quote(spec.HostName)} {NoHostName}");
        check.Each("edge.otherHostNames", spec.Edge.OtherHostNames, 20, IsHostName, NoHostName);
        check.Unique("edge.otherHostNames", spec.Edge.OtherHostNames, "is named twice.");
        check.That(!spec.Edge.OtherHostNames.Contains(spec.HostName), "edge.otherHostNames", $"{UserText.Quote(spec.HostName)} is the host name of the environment already. Leave it out of the others.");
        check.Range("edge.locations", spec.Edge.Locations.Count, 1, 9, "locations");
        foreach (var location in spec.Edge.Locations)
        {
            check.That(location is { Length: <= 20 } && SpecPatterns.Label().IsMatch(location), "edge.locations",
                $"{UserText.Quote(location)} is no location name. Use at most 20 lower-case letters, digits and hyphens, beginning with a letter.");
        }

        check.That(spec.Edge.Locations.Distinct().Count() == spec.Edge.Locations.Count, "edge.locations", "Each edge location may be named once.");
        check.Range("edge.podsPerLocation", spec.Edge.PodsPerLocation, 1, 10, "pods");
        check.Range("edge.cacheGiB", spec.Edge.CacheGiB, 1, 500, "GiB");
        CheckCertificate(spec.Edge.Certificate, check);
        check.Each("edge.trustedProxies", spec.Edge.TrustedProxies, 50, IsAddress, NoAddress);
        check.That(!spec.Edge.TrustedProxies.Any(IsEverybody), "edge.trustedProxies", "A network of length 0 is everybody, who could then name any address as their own. Name the networks of the proxies.");
        check.Range("edge.defaultTtlSeconds", spec.Edge.DefaultTtlSeconds, 0, 86_400, "seconds");
        if (spec.Edge.AssetTtlSeconds is { } assets)
        {
            check.Range("edge.assetTtlSeconds", assets, 0, 31_536_000, "seconds");
        }

        check.Each("edge.privatePaths", spec.Edge.PrivatePaths, 50, path => SpecPatterns.Path().IsMatch(path), "is no path. Write one that begins with / and holds letters, digits and . _ ~ - / only, for example /account.");
        check.Each("edge.sessionCookies", spec.Edge.SessionCookies, 50, name => SpecPatterns.Token().IsMatch(name), "is no cookie name. Use letters, digits and . _ - only.");
        check.Scale("loadBalancer.scale", spec.LoadBalancer.Scale, 50);
        check.Range("loadBalancer.requestsPerSecond", spec.LoadBalancer.RequestsPerSecond, 1, 100_000, "requests per second");
        FirewallRules.Check(spec.LoadBalancer, check);
        check.Range("loadBalancer.maxBodyMiB", spec.LoadBalancer.MaxBodyMiB, 1, 1_024, "MiB");
        check.Each("loadBalancer.blockedAddresses", spec.LoadBalancer.BlockedAddresses, 500, IsAddress, NoAddress);
        CheckRoutes(spec.LoadBalancer.Routes, check);
        check.Scale("ingress.scale", spec.Ingress.Scale, 50);
        check.That(spec.Ingress.ClassName is not { } name || (name.Length <= 63 && SpecPatterns.ObjectName().IsMatch(name)), "ingress.className",
            $"{UserText.Quote(spec.Ingress.ClassName)} is no class name. Leave it empty for the cluster's default.");
    }

    private static bool IsHostName(string name) => name is { Length: <= 253 } && SpecPatterns.HostName().IsMatch(name);

    private static void CheckCertificate(CertificateSpec spec, SpecCheck check)
    {
        check.That((spec.IssuerName is not null) == (spec.Source == CertificateSource.CertManager), "edge.certificate.issuerName",
            "edge.certificate.issuerName is set exactly when edge.certificate.source is certManager. Name the issuer that signs, or leave it empty.");
        check.That(spec.IssuerName is null || (spec.IssuerName.Length <= 253 && SpecPatterns.ObjectName().IsMatch(spec.IssuerName)), "edge.certificate.issuerName",
            $"{UserText.Quote(spec.IssuerName)} is no name of an issuer. Use lower-case letters, digits, dots and hyphens.");
        check.That((spec.SecretName is not null) == (spec.Source == CertificateSource.Provided), "edge.certificate.secretName",
            "edge.certificate.secretName is set exactly when edge.certificate.source is provided. Name the Secret that holds tls.crt and tls.key, or leave it empty.");
        check.That(spec.SecretName is null || (spec.SecretName.Length <= 63 && SpecPatterns.ObjectName().IsMatch(spec.SecretName)), "edge.certificate.secretName",
            $"{UserText.Quote(spec.SecretName)} is no name of a Secret. Use at most 63 lower-case letters, digits and hyphens.");
    }

    private static bool IsEverybody(string text) => IPNetwork.TryParse(text, out var network) && network.PrefixLength == 0;

    private static bool IsAddress(string text) =>
        (text.Contains(':', StringComparison.Ordinal) || text.Count(letter => letter == '.') == 3) && (IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _));

    private static void CheckRoutes(IReadOnlyList<RouteSpec> routes, SpecCheck check)
    {
        check.Range("loadBalancer.routes", routes.Count, 1, 100, "routes");
        foreach (var route in routes)
        {
            check.That(route.Path == "/" || (route.Path is { Length: <= 200 } && SpecPatterns.Path().IsMatch(route.Path)), "loadBalancer.routes",
                $"{UserText.Quote(route.Path)} is no path. Write one that begins with / and holds letters, digits and . _ ~ - / only, for example /api.");
            check.That((route.Header is null) == (route.Value is null), "loadBalancer.routes", $"The route {UserText.Quote(route.Path)} needs a header and its value, or neither.");
            check.That(route.Header is null || SpecPatterns.HeaderName().IsMatch(route.Header), "loadBalancer.routes", $"{UserText.Quote(route.Header)} is no name of a header to route by. Use letters, digits and - only.");
            check.That(route.Value is null || SpecPatterns.HeaderValue().IsMatch(route.Value), "loadBalancer.routes", $"{UserText.Quote(route.Value)} is no value of a header to route by. Use at most 100 letters, digits and . _ - only.");
        }

        foreach (var same in routes.GroupBy(route => (Trim(route.Path), route.Header?.ToLowerInvariant(), route.Value)).Where(same => same.Count() > 1))
        {
            var (path, header, value) = same.Key;
            check.That(false, "loadBalancer.routes",
                $"{same.Count()} routes answer {path}{(header is null ? "" : $" with {header}: {value}")}. Keep one of them: a request goes to one service.");
        }

        check.That(routes.Any(route => route is { Path: "/", Header: null }), "loadBalancer.routes", "No route takes the rest. Add one for / without a header.");

        static string Trim(string path) => path.Length > 1 ? path.TrimEnd('/') : path;
    }
}
