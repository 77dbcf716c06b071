using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;

namespace Portal.Web.Health;

/// <summary>A cluster that does not answer stops rollouts but not the portal: degraded, never down.</summary>
internal sealed partial class ClusterHealth(ClusterRegistry clusters, TimeProvider time, ILogger<ClusterHealth> log) : IHealthCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        // Side by side: a probe waits no longer for many silent clusters than for one.
        var asked = await Task.WhenAll(clusters.All.Select(async cluster => (cluster.Name, Answers: await AnswersAsync(cluster, cancellationToken))));
        var each = asked.ToDictionary(cluster => cluster.Name, object (cluster) => cluster.Answers ? "healthy" : "degraded", StringComparer.Ordinal);
        var silent = asked.Where(cluster => !cluster.Answers).Select(cluster => cluster.Name).ToList();
        return silent.Count == 0
            ? HealthCheckResult.Healthy(asked.Length > 1 ? "The clusters answer." : "The cluster answers.", each)
            : HealthCheckResult.Degraded($"No answer from: {string.Join(", ", silent)}. Rollouts there wait.", data: each);
    }

    private async Task<bool> AnswersAsync(Cluster cluster, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await cluster.CapabilitiesAsync(either.Token);
            return true;
        }
        catch (Exception trouble) when (trouble is KubeException || (trouble is OperationCanceledException && !ct.IsCancellationRequested))
        {
            LogSilent(cluster.Name, trouble.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cluster {Cluster} does not answer: {Reason}")]
    private partial void LogSilent(string cluster, string reason);
}
