using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;
using Portal.Core.Rollouts.RetryRollout;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>Rollouts that fail, each with its cause, and what the owner's choice makes of it.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    private const string BadImage = "registry.example/gateway:none";
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private ReconcileWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Update_WhoseNewPodsFail_ReturnsToTheLastGoodGeneration()
    {
        using var fault = _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.ImagePull, Image: BadImage));
        var (id, spec) = await UpdatedAsync(FailedUpdate.RollBack);
        await SeenAsync(id, status => status.Components.Any(item => item is { Component: Component.Gateway, Health: HealthStatus.Degraded }), "the gateway fails");
        Assert.Equal(2, (await _world.EnvironmentAsync(id)).Generation);

        _world.Clock.Jump(3 * s_minute);
        await SeenAsync(id, status => status is { Phase: EnvironmentPhase.Ready, ObservedGeneration: 3 }, "generation 3 is ready");

        var environment = await _world.EnvironmentAsync(id);
        Assert.Equal(SpecJson.Write(spec), SpecJson.Write(environment.Spec));
        var rollouts = await _world.RolloutsAsync(id);
        Assert.Equal([RolloutOutcome.Succeeded, RolloutOutcome.RolledBack, RolloutOutcome.Succeeded], rollouts.Select(rollout => rollout.Outcome));
        Assert.Contains(BadImage, rollouts[1].Message, StringComparison.Ordinal);
        var gateway = await _world.Kube.GetAsync(new ObjectRef("apps/v1", "Deployment", environment.Namespace, "gateway"), CancellationToken.None);
        Assert.DoesNotContain(BadImage, gateway!.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_WhileAPodIsOnItsWay_StaysReadyForTwoMinutesAndIsDegradedThen()
    {
        var id = await _world.ApprovedAsync();
        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);

        using var fault = _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.NeverReady, NamePrefix: "gateway-"));
        var onItsWay = await SeenAsync(id, status => status.Health == HealthStatus.Progressing, "the gateway is on its way");
        Assert.Equal(EnvironmentPhase.Ready, onItsWay.Phase);
        Assert.StartsWith("Gateway: ", onItsWay.Message, StringComparison.Ordinal);

        _world.Clock.Jump(3 * s_minute);
        await SeenAsync(id, status => status is { Phase: EnvironmentPhase.Degraded, Health: not HealthStatus.Healthy }, "degraded");

        fault.Dispose();
        await SeenAsync(id, status => status is { Phase: EnvironmentPhase.Ready, Health: HealthStatus.Healthy }, "well again");
    }

    [Fact]
    public async Task Update_ThatFailsAndIsToBeHeld_IsStuckWithCauseAndNextStepAndCanBeRetried()
    {
        var fault = _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.ImagePull, Image: BadImage));
        var (id, _) = await UpdatedAsync(FailedUpdate.Hold);
        await SeenAsync(id, status => status.Components.Any(item => item is { Component: Component.Gateway, Health: HealthStatus.Degraded }), "the gateway fails");
        _world.Clock.Jump(3 * s_minute);

        var stuck = await SeenAsync(id, status => status.Phase == EnvironmentPhase.Stuck, "stuck");
        Assert.Contains(BadImage, stuck.Message, StringComparison.Ordinal);
        Assert.NotNull(stuck.Components.Single(item => item.Component == Component.Gateway).NextStep);
        Assert.Equal(2, (await _world.EnvironmentAsync(id)).Generation);

        fault.Dispose();
        Assert.True((await _world.Get<RetryRolloutCommand>().ExecuteAsync(_world.Member, id, CancellationToken.None)).IsSuccess);
        await SeenAsync(id, status => status is { Phase: EnvironmentPhase.Ready, ObservedGeneration: 2 }, "generation 2 is ready");
        Assert.Equal([RolloutOutcome.Succeeded, RolloutOutcome.Failed, RolloutOutcome.Succeeded], (await _world.RolloutsAsync(id)).Select(rollout => rollout.Outcome));
    }

    [Fact]
    public async Task Provision_ThatMissesADeadline_IsStuckAndTheDeadlineWasKnown()
    {
        using var fault = _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.NeverReady, NamePrefix: "mysql-"));
        var id = await _world.ApprovedAsync(spec: With(FailedUpdate.RollBack, FailedProvision.Keep));
        // Only MySQL may be late when the clock jumps.
        var waiting = await SeenAsync(
            id, status => status.Components.Where(item => item.Health == HealthStatus.Progressing).Select(item => item.Component).SequenceEqual([Component.MySql]), "MySQL alone is still starting");
        Assert.NotNull(waiting.Components.Single(item => item.Component == Component.MySql).Deadline);

        _world.Clock.Jump(16 * s_minute);

        var stuck = await SeenAsync(id, status => status.Phase == EnvironmentPhase.Stuck, "stuck");
        Assert.StartsWith("MySQL missed its deadline of 15 minutes.", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provision_ThatFailsAndIsToBeTornDown_EndsWithNothingLeft()
    {
        using var fault = _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.NeverReady, NamePrefix: "mysql-"));
        var id = await _world.ApprovedAsync(spec: With(FailedUpdate.RollBack, FailedProvision.TearDown));
        await SeenAsync(id, status => status.Components.Any(item => item is { Component: Component.MySql, Health: HealthStatus.Progressing }), "MySQL starts");

        _world.Clock.Jump(16 * s_minute);
        await SeenAsync(id, status => status.Phase == EnvironmentPhase.Deleted, "torn down");

        var environment = await _world.EnvironmentAsync(id);
        Assert.Empty(await _world.ObjectsAsync(environment));
        Assert.Null(await _world.Kube.GetAsync(new ObjectRef("v1", "Namespace", null, environment.Namespace), CancellationToken.None));
        Assert.Contains("deadline", (await _world.RolloutsAsync(id))[^1].Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Troubles => new()
    {
        { "crash", "crash" },
        { "memory", "memory" },
        { "scheduler", "0/3 nodes are available" },
        { "volume", "volume" },
        { "webhook", "the policy says no" },
        { "quota", "exceeded quota" },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Provision_ThatCannotGoOn_SaysWhyInTheClustersWordsAndWhatToDo(string trouble, string words)
    {
        using var fault = Break(trouble);
        var id = await _world.ApprovedAsync(spec: With(FailedUpdate.Hold, FailedProvision.Keep));
        await _world.NewReconciler().ReconcileAsync(id, CancellationToken.None);
        if (trouble == "quota")
        {
            var small = KubeObject.Parse("""{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"small"},"spec":{"hard":{"pods":"1"}}}""");
            small.Root["metadata"]!["namespace"] = (await _world.EnvironmentAsync(id)).Namespace;
            await _world.Kube.CreateAsync(small, CancellationToken.None);
        }

        // Old enough for events to be asked for, young enough for every deadline.
        _world.Clock.Jump(s_minute / 2);

        var status = await SeenAsync(id, seen => seen.Components.Any(item => item.Message.Contains(words, StringComparison.OrdinalIgnoreCase)), $"somebody says \"{words}\"");

        var told = status.Components.First(item => item.Message.Contains(words, StringComparison.OrdinalIgnoreCase));
        Assert.NotNull(told.NextStep);
        Assert.NotEqual(EnvironmentPhase.Ready, status.Phase);
    }

    private IDisposable? Break(string trouble) => trouble switch
    {
        "crash" => _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.CrashLoop, NamePrefix: "redis")),
        "memory" => _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.OutOfMemory, NamePrefix: "redis")),
        "scheduler" => _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.Unschedulable, NamePrefix: "redis")),
        "volume" => _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.NeverBinds, NamePrefix: "data-redis")),
        "webhook" => _world.Cluster.Faults.Add(new WebhookRefusal("the policy says no") { Kind = "Pod", NamePrefix = "redis" }),
        _ => null,
    };

    private static EnvironmentSpec With(FailedUpdate update, FailedProvision provision)
    {
        var spec = ASpec.Small();
        return spec with { Rollout = spec.Rollout with { OnFailedUpdate = update, OnFailedProvision = provision } };
    }

    /// <summary>Generation 1 is ready, generation 2 with an image that does not exist is approved.</summary>
    private async Task<(EnvironmentId Id, EnvironmentSpec Good)> UpdatedAsync(FailedUpdate rule)
    {
        var spec = With(rule, FailedProvision.Keep);
        var id = await _world.ApprovedAsync(spec: spec);
        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        await _world.ApproveAsync(await _world.RequestChangeAsync(id, spec with { Gateway = spec.Gateway with { Image = BadImage } }));
        return (id, spec);
    }

    private Task<EnvironmentStatus> SeenAsync(EnvironmentId id, Func<EnvironmentStatus, bool> holds, string what) => Eventually.Holds(
        async () =>
        {
            await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
            return (await _world.EnvironmentAsync(id)).Status;
        },
        holds, what);
}
