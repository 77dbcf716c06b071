using Microsoft.Extensions.Logging;
using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling.Removal;

namespace Portal.Provisioning.Reconciling;

/// <summary>Looks at desired and actual state of one environment and takes the next step. Level-triggered: it is never told what changed.</summary>
/// <remarks>
/// One activation holds the environment's lease, goes as far as it can and returns; progress is what was written to the cluster and
/// the database, so a process that dies anywhere is continued by the next activation, here or on another node. An activation is
/// shorter than the lease, so two never write at once; the fencing number keeps a late one from writing status. Errors from outside
/// are turned into a result here and nowhere below; anything else is a bug and reaches the host.
/// </remarks>
public sealed partial class StackReconciler(
    IReconcileStore store, ClusterRegistry clusters, NamespaceIndex namespaces, StackApplier applier, PlatformSettings platform, TimeProvider time, ILogger<StackReconciler> log)
{
    private static readonly TimeSpan s_leaseDuration = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_activationLimit = TimeSpan.FromSeconds(15);

    private readonly string _holder = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
    private readonly ProvisionStep _provision = new(applier, platform);
    private readonly KnownTargets _known = new();

    public async Task<ReconcileResult> ReconcileAsync(EnvironmentId id, CancellationToken ct)
    {
        var known = _known.Take(id);
        var resumed = known is { } last ? await store.TryResumeAsync(last.Released, last.Target, ct) : null;
        var lease = resumed ?? await store.TryAcquireAsync(id, _holder, s_leaseDuration, ct);
        if (lease is null)
        {
            return new ReconcileResult.Waiting("Another worker is at it.", s_leaseDuration / 4);
        }

        try
        {
            return await ActivateAsync(lease, resumed is null ? null : known?.Target, ct);
        }
        catch (StaleTargetException)
        {
            return new ReconcileResult.Waiting("The wish changed meanwhile.", TimeSpan.Zero);
        }
        catch (LeaseLostException lost)
        {
            return new ReconcileResult.Waiting(lost.Message, s_leaseDuration / 4);
        }
        finally
        {
            await store.ReleaseAsync(lease, CancellationToken.None);
        }
    }

    private async Task<ReconcileResult> ActivateAsync(Lease lease, ReconcileTarget? known, CancellationToken ct)
    {
        var target = known ?? await store.LoadAsync(lease.Id, ct);
        if (target is null)
        {
            return new ReconcileResult.Ended();
        }

        namespaces.Learn(target.Cluster, target.Namespace, target.Id);
        using var limit = new CancellationTokenSource(s_activationLimit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var session = new ReconcileSession(store, lease, target, time);
        try
        {
            var cluster = clusters.Get(target.Cluster);
            var result = target.Deleting
                ? await RemoveStep.RunAsync(session, cluster, stop.Token)
                : await _provision.RunAsync(session, cluster, stop.Token);
            if (result is ReconcileResult.Waiting)
            {
                _known.Keep(lease, session.Saved);
            }

            return result;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return new ReconcileResult.Waiting("The cluster is slow; going on from where it is.", TimeSpan.Zero);
        }
        catch (KubeException trouble)
        {
            LogTrouble(target.Namespace, trouble.Fault, trouble.Message);
            return await ReportTroubleAsync(session, trouble, ct);
        }
    }

    /// <summary>Says on the environment what is in the way, without claiming anything about the health of what could not be seen.</summary>
    private static async Task<ReconcileResult> ReportTroubleAsync(ReconcileSession session, KubeException trouble, CancellationToken ct)
    {
        if (session.Target.LatestRollout is null && session.Target.Status.Components.Count == 0)
        {
            await session.OpenRolloutAsync(session.Target.Deleting ? RolloutKind.Delete : RolloutKind.Apply, ct);
        }

        var phase = trouble.IsTransient || session.Target.Deleting ? session.Status.Phase : EnvironmentPhase.Stuck;
        var message = session.Target.Deleting ? $"{trouble.Message} The deletion goes on when that is over; the environment stays in the list until nothing of it is left." : trouble.Message;
        await session.SaveAsync(session.Status with { Phase = phase, Health = HealthStatus.Unknown, Message = message }, session.Rollout, ct);
        return trouble.IsTransient ? new ReconcileResult.Failed(trouble.Message, trouble.RetryAfter) : new ReconcileResult.Stuck(trouble.Message);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reconcile of {Namespace} met {Fault}: {Reason}")]
    private partial void LogTrouble(string @namespace, KubeFault fault, string reason);
}
