using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.Provisioning.Sandbox;

/// <summary>Answers pod logs with synthetic lines; the first line of every log says so.</summary>
/// <remarks>Lines are a function of the container's start time and the clock, so that two readers see the same log.</remarks>
internal sealed class LogRequests(ObjectStore store, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);
    private static readonly string[] s_started = ["configuration loaded", "listening", "ready to serve"];
    private static readonly string[] s_running = ["health probe answered 200", "metrics scraped", "no work waiting", "connection pool has 4 idle connections"];

    public async Task LogAsync(ApiCall call)
    {
        var pod = (store.Get(call.Key) ?? throw ApiFault.NotFound(Kinds.Pod, call.Name!)).Parse();
        if (call.Query("previous") is "true" or "1")
        {
            throw ApiFault.BadRequest($"previous terminated container in pod \"{call.Name}\" not found");
        }

        var container = Container(call, pod);
        var started = Started(call, pod, container);
        call.Http.Response.ContentType = "text/plain";
        await call.Http.Response.StartAsync(call.Aborted);
        var since = long.TryParse(call.Query("sinceSeconds"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? time.GetUtcNow().AddSeconds(-seconds)
            : DateTimeOffset.MinValue;
        var tail = int.TryParse(call.Query("tailLines"), NumberStyles.None, CultureInfo.InvariantCulture, out var lines) ? lines : 2000;
        var next = CountAt(started);
        var first = Math.Max(0, next - tail);
        for (var line = first; line < next; line++)
        {
            if (WhenOf(started, line) >= since)
            {
                await SendAsync(call, container, started, line);
            }
        }

        await call.Http.Response.Body.FlushAsync(call.Aborted);
        if (call.Query("follow") is "true" or "1")
        {
            await FollowAsync(call, container, started, next);
        }
    }

    private async Task FollowAsync(ApiCall call, string container, DateTimeOffset started, int next)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, stopping);
        try
        {
            // The log of a pod ends with the pod.
            while (store.Get(call.Key) is { IsTerminating: false })
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), time, ending.Token);
                for (; next < CountAt(started); next++)
                {
                    await SendAsync(call, container, started, next);
                    await call.Http.Response.Body.FlushAsync(ending.Token);
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader left or the cluster stops.
        }
    }

    private static string Container(ApiCall call, JsonObject pod)
    {
        var names = pod.Map("spec").Items("containers").Concat(pod.Map("spec").Items("initContainers")).Select(item => item.Text("name")!).ToList();
        if (call.Query("container") is { Length: > 0 } asked)
        {
            return names.Contains(asked) ? asked : throw ApiFault.BadRequest($"container {asked} is not valid for pod {call.Name}");
        }

        return names.Count == 1 || pod.Map("spec").Items("containers").Count() == 1
            ? names[0]
            : throw ApiFault.BadRequest($"a container name must be specified for pod {call.Name}, choose one of: [{string.Join(' ', names)}]");
    }

    private static DateTimeOffset Started(ApiCall call, JsonObject pod, string container)
    {
        var status = pod.Map("status").Items("containerStatuses").Concat(pod.Map("status").Items("initContainerStatuses"))
            .FirstOrDefault(item => item.Text("name") == container);
        var when = status?.Map("state", "running")?.Text("startedAt") ?? status?.Map("state", "terminated")?.Text("startedAt");
        return when is null
            ? throw ApiFault.BadRequest($"container \"{container}\" in pod \"{call.Name}\" is waiting to start: {status?.Map("state", "waiting")?.Text("reason") ?? "ContainerCreating"}")
            : DateTimeOffset.Parse(when, CultureInfo.InvariantCulture);
    }

    private int CountAt(DateTimeOffset started) => 1 + s_started.Length + (int)Math.Max(0, (time.GetUtcNow() - started) / s_every);

    private static DateTimeOffset WhenOf(DateTimeOffset started, int line) =>
        line <= s_started.Length ? started : started + (s_every * (line - s_started.Length));

    private static Task SendAsync(ApiCall call, string container, DateTimeOffset started, int line)
    {
        var text = line == 0
            ? "[sandbox] this log is synthetic: the portal's sandbox cluster runs no containers"
            : line <= s_started.Length
                ? $"level=info component={container} msg=\"{s_started[line - 1]}\""
                : $"level=info component={container} n={line} msg=\"{s_running[(line + container.Length) % s_running.Length]}\"";
        var stamp = call.Query("timestamps") is "true" or "1" ? WhenOf(started, line).UtcDateTime.ToString("O", CultureInfo.InvariantCulture) + " " : "";
        return call.Http.Response.WriteAsync(stamp + text + "\n", call.Aborted);
    }
}
