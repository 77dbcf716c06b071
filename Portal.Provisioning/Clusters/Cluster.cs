using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Clusters;

/// <summary>One cluster: its client, and what it offers, asked again every minute.</summary>
public sealed class Cluster(string name, KubeClient client, TimeProvider time)
{
    private static readonly TimeSpan s_freshness = TimeSpan.FromMinutes(1);

    private volatile Known? _known;

    public string Name { get; } = name;

    public KubeClient Client { get; } = client;

    public async Task<ClusterCapabilities> CapabilitiesAsync(CancellationToken ct)
    {
        // By elapsed time: a clock that was set back must not keep an old answer alive.
        if (_known is { } known && time.GetElapsedTime(known.At) < s_freshness)
        {
            return known.Capabilities;
        }

        var capabilities = await Client.CapabilitiesAsync(ct);
        _known = new(capabilities, time.GetTimestamp());
        return capabilities;
    }

    private sealed record Known(ClusterCapabilities Capabilities, long At);
}
