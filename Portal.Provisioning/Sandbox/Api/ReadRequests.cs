using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Answers get and list. Objects leave as the bytes they are stored as.</summary>
internal sealed class ReadRequests(ObjectStore store, TimeProvider time)
{
    private readonly ListSnapshots _snapshots = new();

    public Task GetAsync(ApiCall call)
    {
        var item = store.Get(call.Key) ?? throw ApiFault.NotFound(call.Kind, call.Name!);
        if (call.Subresource == "scale")
        {
            return ApiResponse.WriteAsync(call.Http, 200, ScaleView.Of(item));
        }

        return call.WantsTable
            ? ApiResponse.WriteAsync(call.Http, 200, Tables.Of(call.Kind, [item], item.Version, time.GetUtcNow(), withColumns: true))
            : ApiResponse.WriteAsync(call.Http, 200, item.Utf8);
    }

    public Task ListAsync(ApiCall call)
    {
        var labels = LabelSelector.Parse(call.Query("labelSelector"));
        var fields = FieldSelector.Parse(call.Kind, call.Query("fieldSelector"));
        var ns = call.Kind.Namespaced ? call.Namespace : null;
        var limit = int.TryParse(call.Query("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : int.MaxValue;
        var start = ListPosition.Parse(call.Query("continue"));
        var (all, version) = start is null ? store.List(call.Kind, ns) : (Earlier(call.Kind, ns, start.Version), start.Version);
        var page = new List<StoredObject>();
        var left = 0;
        foreach (var item in all)
        {
            if (start is not null && !start.IsBefore(item))
            {
                continue;
            }

            if (!labels.Matches(item.Labels) || !fields.Matches(item))
            {
                continue;
            }

            if (page.Count < limit)
            {
                page.Add(item);
            }
            else
            {
                left++;
            }
        }

        // Later pages keep the first page's version: a watch from it replays what changed between the pages.
        string? next = null;
        if (left > 0)
        {
            _snapshots.Keep(call.Kind, ns, version, all);
            next = new ListPosition(version, page[^1].Namespace, page[^1].Name).ToString();
        }

        if (call.WantsTable)
        {
            var table = Tables.Of(call.Kind, page, version, time.GetUtcNow(), withColumns: true);
            if (next is not null)
            {
                table.Section("metadata")["continue"] = next;
            }

            return ApiResponse.WriteAsync(call.Http, 200, table);
        }

        return ApiResponse.WriteAsync(call.Http, 200, Head(call.Kind, version, next, left), page, "]}"u8.ToArray());
    }

    private IReadOnlyList<StoredObject> Earlier(ResourceKind kind, string? ns, long version) =>
        _snapshots.Find(kind, ns, version)
        ?? throw ApiFault.ContinueExpired();

    private static byte[] Head(ResourceKind kind, long version, string? next, int left)
    {
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        if (next is not null)
        {
            metadata["continue"] = next;
            metadata["remainingItemCount"] = left;
        }

        return Encoding.UTF8.GetBytes($$"""{"kind":"{{kind.Kind}}List","apiVersion":"{{kind.ApiVersion}}","metadata":{{metadata.ToJsonString()}},"items":[""");
    }
}
