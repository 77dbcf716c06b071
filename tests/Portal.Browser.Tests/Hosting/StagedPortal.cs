using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Environments;
using Portal.Core.Persistence;
using Portal.Core.Rollouts;
using Portal.Testing;

namespace Portal.Browser.Tests.Hosting;

/// <summary>A portal whose environments are in states that take long or go wrong seldom: stuck, in conflict, deleted with volumes kept.</summary>
public sealed class StagedPortal : PortalFixture
{
    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    /// <summary>Generation 1 was ready; generation 2 is stuck.</summary>
    public string Stuck { get; private set; } = "";

    public string Conflicted { get; private set; } = "";

    public string Deleted { get; private set; } = "";

    /// <summary>Ready, to be deleted by a test.</summary>
    public string Ready { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddPortalCore(DatabaseSettings.Sqlite(Database)).BuildServiceProvider();
        var store = services.GetRequiredService<IReconcileStore>();
        using var developer = As("developer");
        using var approver = As("approver");
        Ready = await ReadyAsync("catalogue", store, developer, approver, []);
        Conflicted = await ReadyAsync("search", store, developer, approver,
        [
            new(Component.Gateway, "Deployment", "gateway", "kubectl-edit", [".spec.replicas", ".spec.template.spec.containers[name=gateway].resources.limits.memory"], null),
            new(Component.Ingress, "ConfigMap", "ingress-conf", "argocd-application-controller", [".data.nginx.conf"], OwnershipChoice.Leave),
        ]);
        Stuck = await ReadyAsync("webshop", store, developer, approver, []);
        await GetStuckAsync(store, developer, approver);
        Deleted = await ReadyAsync("campaign", store, developer, approver, []);
        await developer.SendAsync(HttpMethod.Delete, $"environments/{Deleted}?confirm=campaign&data=keep", null);
        await store.StageAsync(Id(Deleted), s_now.AddMinutes(-8), Gone, ProveIt);
    }

    private static async Task<string> ReadyAsync(string name, IReconcileStore store, PortalApi developer, PortalApi approver, IReadOnlyList<OwnershipConflict> conflicts)
    {
        var (id, request) = await developer.RequestAsync(name);
        await store.HoldAsync(Id(id));
        await approver.ApproveAsync(request);
        await store.StageAsync(
            Id(id), s_now.AddHours(-3),
            status => status with
            {
                Phase = EnvironmentPhase.Ready,
                Health = HealthStatus.Healthy,
                Message = $"All 15 components of {name} are healthy.",
                ObservedGeneration = 1,
                Components = [.. Components.All.Select(part => new ComponentStatus(part, HealthStatus.Healthy, "Healthy.", s_now.AddHours(-3)))],
                Conflicts = conflicts,
            },
            rollout => Finish(rollout, RolloutOutcome.Succeeded) with { Changes = new(142, 0, 0, 0) });
        return id;
    }

    private async Task GetStuckAsync(IReconcileStore store, PortalApi developer, PortalApi approver)
    {
        var change = await developer.SendAsync(HttpMethod.Patch, $"environments/{Stuck}", new { spec = new { gateway = new { image = "ghcr.io/stefanprodan/podinfo:6.9.99" } }, reason = "The spring release." });
        await approver.ApproveAsync((long)change.Body["id"]!);
        await store.StageAsync(
            Id(Stuck), s_now.AddMinutes(-20),
            status => status with
            {
                Phase = EnvironmentPhase.Stuck,
                Health = HealthStatus.Degraded,
                Message = "Gateway did not become healthy within 15 minutes; 2 components wait for it.",
                ObservedGeneration = 2,
                Components =
                [
                    .. status.Components.Where(component => component.Component is not (Component.Gateway or Component.Ingress)),
                    new(Component.Gateway, HealthStatus.Degraded, "Pod gateway-6d9f: image ghcr.io/stefanprodan/podinfo:6.9.99 cannot be pulled: not found.", s_now.AddMinutes(-19),
                        "Correct gateway.image in the spec, or push the image; then retry.", s_now.AddMinutes(-4)),
                    new(Component.Ingress, HealthStatus.Unknown, "Its readiness is not known: gateway answers nothing.", s_now.AddMinutes(-12), null, s_now.AddMinutes(9)),
                ],
            },
            rollout => rollout with { Steps = [new(Component.Gateway, 3, s_now.AddMinutes(-20), null)], Changes = new(0, 3, 139, 0), Message = "Gateway did not become healthy within 15 minutes." });
    }

    private static EnvironmentStatus Gone(EnvironmentStatus status) => status with
    {
        Phase = EnvironmentPhase.Deleted,
        Health = HealthStatus.Missing,
        Message = "Deleted: the 120 objects of its inventory and namespace payments-campaign are gone from cluster sandbox. 2 volumes were kept.",
        Components = [],
    };

    private static Rollout ProveIt(Rollout rollout) => Finish(rollout, RolloutOutcome.Succeeded) with
    {
        Changes = new(0, 0, 0, 120),
        Removal = new(
            [.. Enumerable.Range(1, 120).Select(number => new RemovedObject(Component.MySql, "ConfigMap", "payments-campaign", $"mysql-part-{number}", $"1b4e28ba-2fa1-11d2-883f-0016d3cca{number:000}", s_now.AddMinutes(-7)))],
            [new("pvc-1b4e28ba-2fa1-11d2-883f-0016d3cca427", "data-mysql-0", "10Gi"), new("pvc-6fa459ea-ee8a-3ca4-894e-db77e160355e", "data-kafka-broker-0", "10Gi")],
            null, s_now.AddMinutes(-7)),
    };

    private static Rollout Finish(Rollout rollout, RolloutOutcome outcome) => rollout with
    {
        Outcome = outcome,
        FinishedAt = rollout.StartedAt.AddSeconds(47),
        Steps = [.. Components.All.Select((part, wave) => new RolloutStep(part, wave / 4, rollout.StartedAt.AddSeconds(wave), rollout.StartedAt.AddSeconds(20 + wave)))],
    };

    private static EnvironmentId Id(string text) => EnvironmentId.Parse(text)!.Value;
}
