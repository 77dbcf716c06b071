using System.Threading.Channels;

namespace Portal.Web.Live;

/// <summary>The only code that runs a subscription for a component: waits for hints, gathers them for a moment, reads and renders inside one dispatch.</summary>
/// <remarks>
/// Hints carry no data and may be lost; ten of them cost one reading. A reading never overlaps itself. A reading that fails is logged
/// and tried again with a growing delay, and <see cref="IsBehind"/> says so meanwhile. Disposal stops listening, cancels and waits.
/// </remarks>
public sealed partial class LiveView : IAsyncDisposable
{
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(15);

    private readonly Func<Func<Task>, Task> _dispatch;
    private readonly Action _render;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _leaving = new();
    private readonly List<IDisposable> _subscriptions = [];
    private readonly List<Task> _loops = [];

    /// <param name="dispatch">The component's InvokeAsync.</param>
    /// <param name="render">The component's StateHasChanged.</param>
    public LiveView(Func<Func<Task>, Task> dispatch, Action render, TimeProvider time, ILogger logger)
    {
        _dispatch = dispatch;
        _render = render;
        _time = time;
        _logger = logger;
    }

    /// <summary>Whether the last reading failed, so that what is shown may be old.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>Reads again after each hint. Call on the component's dispatcher.</summary>
    /// <param name="listen">Subscribes a hint; disposing what it returns unsubscribes.</param>
    /// <param name="read">Reads the present state and puts it into the component; runs on the dispatcher.</param>
    public void Follow(Func<Action, IDisposable> listen, Func<CancellationToken, Task> read)
    {
        var hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        _subscriptions.Add(listen(() => hints.Writer.TryWrite(true)));

        // Something may have changed between the first reading and now.
        hints.Writer.TryWrite(true);
        _loops.Add(RunAsync(hints.Reader, read, _leaving.Token));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }

        _subscriptions.Clear();
        await _leaving.CancelAsync();
        await Task.WhenAll(_loops);
        _leaving.Dispose();
    }

    private async Task RunAsync(ChannelReader<bool> hints, Func<CancellationToken, Task> read, CancellationToken ct)
    {
        // Off the dispatcher: a reading that completes at once must not run inside the caller's rendering.
        await Task.Yield();
        var failures = 0;
        try
        {
            while (await hints.WaitToReadAsync(ct).ConfigureAwait(false))
            {
                await Task.Delay(s_gather, _time, ct).ConfigureAwait(false);
                while (hints.TryRead(out _))
                {
                }

                while (!await TryReadAsync(read, ct).ConfigureAwait(false))
                {
                    failures++;
                    await Task.Delay(TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures), s_longestDelay.TotalSeconds)), _time, ct).ConfigureAwait(false);
                }

                failures = 0;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            LogLeft(_logger);
        }
    }

    private async Task<bool> TryReadAsync(Func<CancellationToken, Task> read, CancellationToken ct)
    {
        var succeeded = false;
        await _dispatch(async () =>
        {
            try
            {
                await read(ct);
                succeeded = true;
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                LogFault(_logger, fault);
            }

            ct.ThrowIfCancellationRequested();
            IsBehind = !succeeded;
            _render();
        }).ConfigureAwait(false);
        return succeeded;
    }

    [LoggerMessage(LogLevel.Warning, "Live updates lost; reading again in a moment.")]
    private static partial void LogFault(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Trace, "The page was left.")]
    private static partial void LogLeft(ILogger logger);
}
