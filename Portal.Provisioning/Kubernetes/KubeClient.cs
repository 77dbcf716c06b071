using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Speaks to one cluster in unstructured objects.</summary>
/// <remarks>
/// Thread-safe; make one per cluster and keep it. Every verb throws only <see cref="KubeException"/>, already classified, or
/// <see cref="OperationCanceledException"/> when its own token was cancelled. Short trouble (429, 503, a broken answer) is
/// tried again inside the call, a few times; lasting trouble is the caller's to wait for.
/// </remarks>
public sealed class KubeClient : IDisposable
{
    private const int LongestEvent = 64 * 1024 * 1024;

    private readonly KubeTransport _transport;
    private readonly ApiDiscovery _discovery;
    private readonly CapabilityProbe _capabilities;
    private readonly KubeClientOptions _options;
    private readonly TimeProvider _time;

    public KubeClient(ClusterConnection connection, TimeProvider time, ILogger<KubeClient> log)
    {
        _transport = new KubeTransport(connection, time, log);
        _discovery = new ApiDiscovery(_transport);
        _capabilities = new CapabilityProbe(this, _transport, log);
        _options = connection.Options;
        _time = time;
    }

    public ClusterConnection Connection => _transport.Connection;

    internal KubeTransport Transport => _transport;

    internal ApiDiscovery Discovery => _discovery;

    internal TimeProvider Time => _time;

    /// <summary>The object, or null when it does not exist.</summary>
    public Task<KubeObject?> GetAsync(ObjectRef reference, CancellationToken ct) => GetAsync(reference, null, ct);

    /// <summary>A subresource of the object, such as "scale" or "status", or null when the object does not exist.</summary>
    public async Task<KubeObject?> GetAsync(ObjectRef reference, string? subresource, CancellationToken ct)
    {
        var path = await PathAsync(reference, subresource, ct);
        try
        {
            return await SendAsync(new KubeCall(HttpMethod.Get, "get", reference.ToString(), path, _options.ReadTimeout) { Object = reference }, ct);
        }
        catch (KubeException e) when (e.Fault == KubeFault.NotFound)
        {
            return null;
        }
    }

    /// <summary>Everything that matches, from as many pages as there are.</summary>
    public async Task<KubeList> ListAsync(ListQuery query, CancellationToken ct)
    {
        var items = new List<KubeObject>();
        var version = "";
        try
        {
            await foreach (var page in ListPagesAsync(query, ct))
            {
                items.AddRange(page.Items);
                version = page.ResourceVersion;
            }

            return new KubeList(items, version);
        }
        catch (KubeException e) when (e.Fault == KubeFault.Gone)
        {
            // The continue token grew too old while we read; one answer without pages cannot.
            return (await PageAsync(query, limit: null, next: null, ct)).List;
        }
    }

    /// <summary>The pages of a list one by one, for readers that keep little of each. Throws Gone when the cluster forgot the list meanwhile.</summary>
    public async IAsyncEnumerable<KubeList> ListPagesAsync(ListQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        string? next = null;
        do
        {
            (var page, next) = await PageAsync(query, _options.ListPageSize, next, ct);
            yield return page;
        }
        while (!string.IsNullOrEmpty(next));
    }

    /// <summary>What happens after a resource version, until the server ends the watch, which it does every few minutes.</summary>
    /// <exception cref="KubeException">Gone: the version is too old, list again. TimedOut: silent for too long. Unavailable: cut.</exception>
    public IAsyncEnumerable<WatchEvent> WatchAsync(ListQuery query, string resourceVersion, CancellationToken ct) => WatchAsync(query, resourceVersion, null, ct);

    internal async IAsyncEnumerable<WatchEvent> WatchAsync(
        ListQuery query, string resourceVersion, Action? opened, [EnumeratorCancellation] CancellationToken ct)
    {
        var resource = await _discovery.FindAsync(query.ApiVersion, query.Kind, ct);
        var lifetime = _options.WatchLifetime * (1 + Random.Shared.NextDouble());
        var text = Selectors(query).Add("watch", true).Add("allowWatchBookmarks", true)
            .Add("resourceVersion", resourceVersion).Add("timeoutSeconds", Math.Max(1, (int)lifetime.TotalSeconds));
        var call = new KubeCall(HttpMethod.Get, "watch", query.ToString(), resource.CollectionPath(query.Namespace) + text, _options.ReadTimeout);
        await foreach (var line in KubeStream.LinesAsync(_transport, call, _options.WatchSilence, LongestEvent, opened, _time, ct))
        {
            if (!line.IsEmpty)
            {
                yield return WatchLine.Read(line, query, call);
            }
        }
    }

    public async Task<KubeObject> CreateAsync(KubeObject manifest, CancellationToken ct)
    {
        var resource = await _discovery.FindAsync(manifest.ApiVersion, manifest.Kind, ct);
        var path = resource.CollectionPath(manifest.Namespace) + new QueryText().Add("fieldManager", new ApplyOptions().FieldManager);
        return await SendAsync(Write(HttpMethod.Post, "create", manifest.Ref, path, manifest.Root), ct);
    }

    /// <summary>Server-side apply: what is sent becomes ours, what we sent before and no longer send goes. Repeating it changes nothing.</summary>
    /// <returns>The object as the server has it now, or would have it after a dry run.</returns>
    public async Task<KubeObject> ApplyAsync(KubeObject manifest, ApplyOptions options, CancellationToken ct) =>
        await SendAsync(await ApplyCallAsync(manifest, options, ct), ct);

    /// <summary>Asks the server whether it would take an apply, when what would come of it does not matter.</summary>
    public async Task RehearseAsync(KubeObject manifest, ApplyOptions options, CancellationToken ct) =>
        await _transport.SendAsync(await ApplyCallAsync(manifest, options with { DryRun = true }, ct), KubeJson.SkipAsync, ct);

    /// <summary>Changes single fields by a JSON merge patch, on the object or on a subresource such as "scale" or "status".</summary>
    public async Task<KubeObject> PatchAsync(ObjectRef r, JsonNode mergePatch, string? subresource, CancellationToken ct)
    {
        var path = await PathAsync(r, subresource, ct) + new QueryText().Add("fieldManager", new ApplyOptions().FieldManager);
        return await SendAsync(Write(HttpMethod.Patch, "patch", r, path, mergePatch) with { ContentType = "application/merge-patch+json" }, ct);
    }

    /// <summary>Does the operations of a JSON patch in order, on the object or on a subresource, or none of them.</summary>
    /// <remarks>A failed "test" operation is a <see cref="KubeFault.Invalid"/>. An answer that breaks off is not tried again: adding twice is not adding once.</remarks>
    public async Task<KubeObject> PatchAsync(ObjectRef r, IReadOnlyList<JsonPatchStep> steps, string? subresource, CancellationToken ct)
    {
        var path = await PathAsync(r, subresource, ct) + new QueryText().Add("fieldManager", new ApplyOptions().FieldManager);
        var call = Write(HttpMethod.Patch, "patch", r, path, new JsonArray([.. steps.Select(step => step.ToJson())]));
        return await SendAsync(call with { ContentType = "application/json-patch+json", IsIdempotent = false }, ct);
    }

    /// <summary>Asks for the object to go; it may stay for a while, terminating.</summary>
    /// <returns>False when it was gone already.</returns>
    public async Task<bool> DeleteAsync(ObjectRef r, DeleteOptions options, CancellationToken ct)
    {
        var resource = await _discovery.FindAsync(r.ApiVersion, r.Kind, ct);
        try
        {
            await SendAsync(Write(HttpMethod.Delete, "delete", r, resource.ObjectPath(r), DeleteBody.Of(options)), ct);
            return true;
        }
        catch (KubeException e) when (e.Fault == KubeFault.NotFound)
        {
            return false;
        }
    }

    public Task<ClusterVersion> VersionAsync(CancellationToken ct) => _capabilities.VersionAsync(ct);

    /// <summary>Looks at what the cluster offers now; not cached.</summary>
    public Task<ClusterCapabilities> CapabilitiesAsync(CancellationToken ct) => _capabilities.ProbeAsync(ct);

    public void Dispose() => _transport.Dispose();

    private async Task<KubeCall> ApplyCallAsync(KubeObject manifest, ApplyOptions options, CancellationToken ct)
    {
        var resource = await _discovery.FindAsync(manifest.ApiVersion, manifest.Kind, ct);
        var text = new QueryText().Add("fieldManager", options.FieldManager).Add("force", options.Force).Add("dryRun", options.DryRun ? "All" : null);
        return Write(HttpMethod.Patch, "apply", manifest.Ref, resource.ObjectPath(manifest.Ref) + text, manifest.Root) with { ContentType = "application/apply-patch+yaml" };
    }

    private async Task<string> PathAsync(ObjectRef r, string? subresource, CancellationToken ct)
    {
        var path = (await _discovery.FindAsync(r.ApiVersion, r.Kind, ct)).ObjectPath(r);
        return subresource is null ? path : $"{path}/{subresource}";
    }

    private async Task<(KubeList List, string? Next)> PageAsync(ListQuery query, int? limit, string? next, CancellationToken ct)
    {
        var resource = await _discovery.FindAsync(query.ApiVersion, query.Kind, ct);
        var path = resource.CollectionPath(query.Namespace) + Selectors(query).Add("limit", limit).Add("continue", next);
        var list = await SendAsync(new KubeCall(HttpMethod.Get, "list", query.ToString(), path, _options.ListTimeout), ct);
        var version = list.ResourceVersion ?? throw new KubeException(KubeFault.ServerError, $"Cannot list {query}: the answer is not a list.");
        return (new KubeList(KubeJson.TakeItems(list, query), version), list.Text("metadata", "continue"));
    }

    private static QueryText Selectors(ListQuery query) =>
        new QueryText().Add("labelSelector", query.LabelSelector).Add("fieldSelector", query.FieldSelector);

    private KubeCall Write(HttpMethod method, string verb, ObjectRef reference, string path, JsonNode body) =>
        new(method, verb, reference.ToString(), path, _options.WriteTimeout) { Object = reference, Body = body };

    private Task<KubeObject> SendAsync(KubeCall call, CancellationToken ct) => _transport.SendAsync(call, KubeJson.ReadAsync, ct);
}
