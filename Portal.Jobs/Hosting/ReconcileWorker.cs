using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core.Environments;
using Portal.Provisioning.Reconciling;

namespace Portal.Jobs.Hosting;

/// <summary>Takes environments from the queue and reconciles them, several at a time, one key never twice at once.</summary>
/// <remarks>A bug in one environment is logged and that environment backs off; the others go on. A dead loop stops the process.</remarks>
public sealed partial class ReconcileWorker(ReconcileQueue queue, StackReconciler reconciler, JobSettings settings, ILogger<ReconcileWorker> log) : BackgroundService
{
    private static readonly TimeSpan s_firstBackOff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestBackOff = TimeSpan.FromMinutes(2);
    // Half as often as the queue lets such looks begin, so that a hint about one of very many does not wait behind them.
    private static readonly TimeSpan s_calmLook = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_stuckLook = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<EnvironmentId, int> _failures = new();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, settings.Workers).Select(_ => Task.Run(() => RunAsync(stoppingToken), stoppingToken)));

    private async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            EnvironmentId id;
            try
            {
                id = await queue.TakeAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await ReconcileAsync(id, ct);
            }
            finally
            {
                queue.Done(id);
            }
        }
    }

    private async Task ReconcileAsync(EnvironmentId id, CancellationToken ct)
    {
        try
        {
            Plan(id, await reconciler.ReconcileAsync(id, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The process stops; the next start goes on where this one was.
        }
#pragma warning disable CA1031 // One poisoned environment must not stop the others: whatever it throws is logged and backed off.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogBug(bug, id);
            BackOff(id, null);
        }
    }

    private void Plan(EnvironmentId id, ReconcileResult result)
    {
        switch (result)
        {
            case ReconcileResult.Failed failed:
                BackOff(id, failed.RetryAfter);
                break;
            case ReconcileResult.Stuck:
                queue.RetryAfter(id, s_stuckLook);
                break;
            case ReconcileResult.Waiting waiting:
                _failures.TryRemove(id, out _);
                queue.WakeAfter(id, waiting.LookAgain);
                break;
            case ReconcileResult.Settled:
                _failures.TryRemove(id, out _);
                queue.WakeSettledAfter(id, CalmLook());
                break;
            case ReconcileResult.Ended:
                _failures.TryRemove(id, out _);
                queue.Forget(id);
                break;
        }
    }

    /// <summary>When to look again at what was settled: the more there are the later, so that looks cost the same share whatever their number.</summary>
    private TimeSpan CalmLook()
    {
        var interval = TimeSpan.FromTicks(Math.Max(settings.SweepInterval.Ticks, queue.Planned * s_calmLook.Ticks));
        return interval * (0.75 + (Random.Shared.NextDouble() / 2));
    }

    private void BackOff(EnvironmentId id, TimeSpan? asked)
    {
        var failures = _failures.AddOrUpdate(id, 1, (_, count) => count + 1);
        var pause = TimeSpan.FromTicks(Math.Min(s_longestBackOff.Ticks, s_firstBackOff.Ticks << Math.Min(failures - 1, 10)));
        queue.RetryAfter(id, asked > pause ? asked.Value : pause);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reconcile of environment {Environment} failed with a bug; the others go on")]
    private partial void LogBug(Exception bug, EnvironmentId environment);
}
