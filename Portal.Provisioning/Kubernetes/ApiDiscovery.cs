using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Finds the resource of a kind, by asking the cluster once per API version and again once when a kind is not found.</summary>
/// <remarks>Thread-safe. The second look is what makes a custom kind usable right after its definition was installed.</remarks>
internal sealed class ApiDiscovery(KubeTransport transport)
{
    private readonly ConcurrentDictionary<string, FrozenDictionary<string, ApiResource>> _known = new(StringComparer.Ordinal);

    public async Task<ApiResource> FindAsync(string apiVersion, string kind, CancellationToken ct)
    {
        if (_known.TryGetValue(apiVersion, out var kinds) && kinds.TryGetValue(kind, out var cached))
        {
            return cached;
        }

        kinds = await AskAsync(apiVersion, ct);
        _known[apiVersion] = kinds;
        return kinds.TryGetValue(kind, out var found) ? found : throw Unsupported(apiVersion, kind);
    }

    private async Task<FrozenDictionary<string, ApiResource>> AskAsync(string apiVersion, CancellationToken ct)
    {
        var call = new KubeCall(HttpMethod.Get, "discover", $"API {apiVersion}", ApiResource.GroupPath(apiVersion), transport.Connection.Options.ReadTimeout);
        try
        {
            var list = await transport.SendAsync(call, KubeJson.ReadAsync, ct);
            var kinds = new Dictionary<string, ApiResource>(StringComparer.Ordinal);
            foreach (var entry in list.Items("resources").Select(r => new KubeObject(r)))
            {
                // Subresources are listed too, as "deployments/scale", with kinds of their own.
                if (entry.Text("name") is { } plural && !plural.Contains('/', StringComparison.Ordinal))
                {
                    kinds[entry.Kind] = new ApiResource(apiVersion, entry.Kind, plural, entry.Flag("namespaced") ?? false);
                }
            }

            return kinds.ToFrozenDictionary(StringComparer.Ordinal);
        }
        catch (KubeException e) when (e.Fault is KubeFault.NotFound or KubeFault.Unsupported)
        {
            return FrozenDictionary<string, ApiResource>.Empty;
        }
    }

    private KubeException Unsupported(string apiVersion, string kind) => new(
        KubeFault.Unsupported, $"The cluster {transport.Connection.Name} does not serve the kind {kind} of {apiVersion}; is its add-on installed?");
}
