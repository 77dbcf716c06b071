using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Answers watches: a stream of events, one JSON object per line.</summary>
internal sealed class WatchRequests(ObjectStore store, TimeProvider time, CancellationToken stopping)
{
    private const int FlushAt = 64 * 1024;

    private static readonly TimeSpan s_bookmarkEvery = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(45);

    public async Task WatchAsync(ApiCall call)
    {
        if (call.Query("sendInitialEvents") is "true")
        {
            throw ApiFault.Invalid(call.Kind, "", [FieldCause.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled")]);
        }

        var labels = LabelSelector.Parse(call.Query("labelSelector"));
        var name = call.Name is null ? call.Query("fieldSelector") : $"metadata.name={call.Name}";
        var fields = FieldSelector.Parse(call.Kind, name);
        var after = From(call);
        var ns = call.Kind.Namespaced ? call.Namespace : null;
        if (store.Watch(call.Kind, ns, after) is not var (feed, existing, missed))
        {
            await ExpireAsync(call);
            return;
        }

        try
        {
            await StartAsync(call);
            var view = new WatchView(time, call.WantsTable, item => labels.Matches(item.Labels) && fields.Matches(item));
            foreach (var item in existing)
            {
                await SendAsync(call, view.Initial(item));
            }

            foreach (var change in missed)
            {
                await SendAsync(call, view.Event(change));
            }

            await FlushAsync(call);
            await FollowAsync(call, feed, view);
        }
        finally
        {
            store.Unwatch(call.Kind, feed);
        }
    }

    /// <summary>Says that the version to resume from is forgotten. A watch tells it as an event, not as an HTTP error, as the real server does.</summary>
    public static async Task ExpireAsync(ApiCall call)
    {
        if (!call.IsWatch)
        {
            throw ApiFault.ContinueExpired();
        }

        await StartAsync(call);
        await SendAsync(call, "ERROR", StoredObject.Serialize(ApiFault.Expired($"too old resource version: {From(call)}").ToStatus()));
    }

    private async Task FollowAsync(ApiCall call, WatchFeed feed, WatchView view)
    {
        var bookmarks = call.Query("allowWatchBookmarks") is "true" or "1";
        var lasts = int.TryParse(call.Query("timeoutSeconds"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : s_longest;
        using var deadline = new CancellationTokenSource(lasts, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, stopping, deadline.Token);
        try
        {
            while (true)
            {
                var version = store.Version;
                var ready = feed.Changes.WaitToReadAsync(ending.Token).AsTask();
                if (bookmarks && !ready.IsCompleted && !await ReadyWithinAsync(ready, ending.Token))
                {
                    await SendAsync(call, "BOOKMARK", StoredObject.Serialize(new JsonObject
                    {
                        ["kind"] = call.Kind.Kind,
                        ["apiVersion"] = call.Kind.ApiVersion,
                        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null },
                    }));
                }

                if (!await ready)
                {
                    return;
                }

                while (feed.Changes.TryRead(out var change))
                {
                    await SendAsync(call, view.Event(change));
                }

                await FlushAsync(call);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client left, its time is up, or the cluster stops: the stream simply ends.
        }
    }

    private async Task<bool> ReadyWithinAsync(Task ready, CancellationToken cancellation)
    {
        await ready.WaitAsync(s_bookmarkEvery, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return ready.IsCompleted;
    }

    private static long? From(ApiCall call) => call.Query("resourceVersion") switch
    {
        null or "" or "0" => null,
        var text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw ApiFault.BadRequest($"resourceVersion: Invalid value: \"{text}\""),
    };

    private static async Task StartAsync(ApiCall call)
    {
        call.Http.Response.ContentType = "application/json";
        await call.Http.Response.StartAsync(call.Aborted);
        await call.Http.Response.Body.FlushAsync(call.Aborted);
    }

    /// <summary>Writes an event that may leave together with those that follow at once: each that leaves alone wakes its reader.</summary>
    private static async ValueTask SendAsync(ApiCall call, (string Type, byte[] Body)? what)
    {
        if (what is not var (type, body))
        {
            return;
        }

        var pipe = call.Http.Response.BodyWriter;
        Write(pipe, type, body);

        // A fault that cuts a stream counts the events that pass it.
        if (pipe.UnflushedBytes > FlushAt || call.Http.Response.Body is AnswerStream)
        {
            await pipe.FlushAsync(call.Aborted);
        }
    }

    private static async ValueTask FlushAsync(ApiCall call)
    {
        var pipe = call.Http.Response.BodyWriter;
        if (pipe.UnflushedBytes > 0)
        {
            await pipe.FlushAsync(call.Aborted);
        }
    }

    private static async Task SendAsync(ApiCall call, string type, byte[] body)
    {
        var pipe = call.Http.Response.BodyWriter;
        Write(pipe, type, body);
        await pipe.FlushAsync(call.Aborted);
    }

    private static void Write(PipeWriter pipe, string type, byte[] body)
    {
        pipe.Write("{\"type\":\""u8);
        pipe.Write(System.Text.Encoding.ASCII.GetBytes(type));
        pipe.Write("\",\"object\":"u8);
        pipe.Write(body);
        pipe.Write("}\n"u8);
    }
}
