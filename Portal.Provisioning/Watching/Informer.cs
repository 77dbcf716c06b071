using Microsoft.Extensions.Logging;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Watching;

/// <summary>Follows one kind: a list, then a watch from there, for as long as it runs, whatever the cluster does.</summary>
/// <remarks>
/// A watch that ends is opened again where it stopped. When the cluster has forgotten that version (410), everything is listed again
/// and the target works out the differences. A watch that was cut is tried again soon and the link counts as down only when that
/// fails. Pauses grow and are jittered. Losing the cluster is a state, never an exception; a mistake in the target is one.
/// </remarks>
public sealed partial class Informer(
    KubeClient client, ListQuery query, IInformerTarget target, InformerOptions options, Action<LinkState> changed, TimeProvider time, ILogger log)
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile LinkState _link = new(false, null, time.GetUtcNow());
    private string? _version;
    private int _failures;

    /// <summary>Completes after the first list, or when the cluster turns out not to offer the kind.</summary>
    public Task Ready => _ready.Task;

    public LinkState Link => _link;

    public ListQuery Query => query;

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(await TurnAsync(ct), time, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>One list if needed and one watch to its end.</summary>
    /// <returns>How long to pause before the next.</returns>
    private async Task<TimeSpan> TurnAsync(CancellationToken ct)
    {
        var opened = false;
        try
        {
            if (_version is null)
            {
                await ListAsync(ct);
            }

            void Opened()
            {
                opened = true;
                Connected();
            }

            await foreach (var seen in client.WatchAsync(query, _version!, Opened, ct))
            {
                Apply(seen);
                _failures = 0;
            }

            // A server that closes every watch at once must not make this a tight loop.
            return Jittered(options.FirstPause);
        }
        catch (KubeException e) when (e.Fault == KubeFault.Gone)
        {
            LogListAgain(query, e.Message);
            _version = null;
            return Backoff();
        }
        catch (KubeException e) when (e.Fault is KubeFault.Unsupported or KubeFault.Forbidden)
        {
            return Absent(e);
        }
        catch (KubeException e)
        {
            LogFailed(query, e.Message);
            if (!opened)
            {
                Disconnected(e.Message);
            }

            return Backoff();
        }
    }

    private async Task ListAsync(CancellationToken ct)
    {
        var list = await client.ListAsync(query, ct);
        target.Replace(list.Items);
        _version = list.ResourceVersion;
        _failures = 0;
        Connected();
        _ready.TrySetResult();
    }

    private void Apply(WatchEvent seen)
    {
        switch (seen.Type)
        {
            case WatchEventType.Added or WatchEventType.Modified:
                target.Upsert(seen.Object);
                break;
            case WatchEventType.Deleted:
                target.Delete(seen.Object);
                break;
            default:
                break;
        }

        _version = seen.Object.ResourceVersion ?? _version;
    }

    private TimeSpan Absent(KubeException e)
    {
        LogAbsent(query, e.Message);
        _version = null;
        target.Replace([]);
        Connected();
        _ready.TrySetResult();
        return Jittered(options.AbsentKindPause);
    }

    private TimeSpan Backoff()
    {
        var grown = options.FirstPause * Math.Pow(2, Math.Min(_failures++, 16));
        return Jittered(grown < options.LongestPause ? grown : options.LongestPause);
    }

    // Many informers lose the same cluster at the same moment and should not come back as one.
    private static TimeSpan Jittered(TimeSpan pause) => pause * (0.5 + Random.Shared.NextDouble());

    private void Connected() => Change(new LinkState(true, null, time.GetUtcNow()));

    private void Disconnected(string error) => Change(new LinkState(false, error, time.GetUtcNow()));

    private void Change(LinkState next)
    {
        var before = _link;
        if (before.IsConnected == next.IsConnected && before.Error == next.Error)
        {
            return;
        }

        _link = before.IsConnected == next.IsConnected ? next with { Since = before.Since } : next;
        changed(_link);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Listing {Query} again: {Reason}")]
    private partial void LogListAgain(ListQuery query, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Following {Query} failed: {Reason}")]
    private partial void LogFailed(ListQuery query, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Not following {Query}: {Reason}")]
    private partial void LogAbsent(ListQuery query, string reason);
}
