using System.Net;
using System.Net.Sockets;

namespace Portal.Core.Environments.Specs;

/// <summary>Whether an address leads out of the cluster and its networks, as far as its text says; a name is resolved where it is used, and the network policy has the last word.</summary>
internal static class PublicAddress
{
    /// <summary>Ranges of this machine, of the link, of private networks and of nobody: RFC 1122, 1918, 6598, 3927, 4193, 4291.</summary>
    private static readonly IPNetwork[] s_others =
    [
        .. new[] { "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8" }
            .Select(range => IPNetwork.Parse(range)),
    ];

    private static readonly IPNetwork[] s_near =
        [.. new[] { "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/127", "fe80::/10", "ff00::/8" }.Select(range => IPNetwork.Parse(range))];

    public static bool MayBe(Uri uri) => IPAddress.TryParse(uri.DnsSafeHost, out var address) ? IsPublic(address) : !IsLocalName(uri.IdnHost.TrimEnd('.'));

    /// <summary>A host name, or an address as it is usually written, of something else than the pod itself, its link or everybody; private networks are elsewhere too.</summary>
    public static bool IsElsewhere(string host) => IPAddress.TryParse(host, out var address)
        ? address.ToString() == host && !address.IsIPv4MappedToIPv6 && !s_near.Any(range => range.Contains(WithoutScope(address)))
        : host.Length <= 253 && SpecPatterns.HostName().IsMatch(host) && !IsLocalName(host);

    private static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : WithoutScope(address);
        return !s_others.Any(range => range.Contains(plain));
    }

    private static IPAddress WithoutScope(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(address.GetAddressBytes()) : address;

    /// <summary>RFC 6761: this name, and all below it, are always the machine itself.</summary>
    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
