using System.Net;

namespace Portal.Provisioning.Blueprint.LoadBalancer;

/// <summary>Addresses and networks as nginx reads them.</summary>
internal static class AddressText
{
    /// <summary>Written anew from what was understood: the spec's text may have brackets, a port or a zone, which nginx refuses.</summary>
    public static string Canonical(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return Plain(address);
        }

        var network = IPNetwork.Parse(text);
        return $"{Plain(network.BaseAddress)}/{network.PrefixLength}";
    }

    private static string Plain(IPAddress address) => new IPAddress(address.GetAddressBytes()).ToString();
}
