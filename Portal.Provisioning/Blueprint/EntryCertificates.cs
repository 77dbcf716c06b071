using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint;

/// <summary>Names of the Secrets that hold the certificates of the way in.</summary>
internal static class EntryCertificates
{
    /// <summary>What the edges show to the world.</summary>
    /// <remarks>
    /// A generated Secret is made once and never changed, so that a certificate for another host name is another Secret. The hash tells them
    /// apart, and the edges roll because they name another one. Secrets are not pruned: who returns to a host name finds its certificate again.
    /// </remarks>
    public static string Edge(EnvironmentSpec spec) => $"edge-tls-{Names.Hash(spec.HostName)}";
}
