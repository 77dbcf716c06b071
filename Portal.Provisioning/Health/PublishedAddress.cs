using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>The addresses that a load balancer or an ingress controller wrote into a status.</summary>
internal static class PublishedAddress
{
    /// <summary>All of them, or null while there is none.</summary>
    public static string? Of(KubeObject live)
    {
        var addresses = string.Join(", ", live.Items("status", "loadBalancer", "ingress").Select(i => (string?)i["hostname"] ?? (string?)i["ip"]).OfType<string>());
        return addresses.Length == 0 ? null : addresses;
    }
}
