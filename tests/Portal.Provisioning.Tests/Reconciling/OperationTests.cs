using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Operations;
using Portal.Core.Operations.RequestOperation;
using Portal.Core.Plans;
using Portal.Core.Requests;
using Portal.Core.Rollouts;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>Day-2 operations, from the wish to what the cluster has.</summary>
public sealed class OperationTests : IAsyncLifetime
{
    private ReconcileWorld _world = null!;
    private EnvironmentId _id;

    public async ValueTask InitializeAsync()
    {
        _world = await ReconcileWorld.StartAsync();
        _id = await _world.ApprovedAsync();
        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Ready);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Pause_StopsFromTheEdgeToTheDataAndWakeBringsItBack()
    {
        var volumes = await NamesAsync("v1", "PersistentVolumeClaim");
        var plan = await DoAsync(new Operation.Pause());
        // The gateway's autoscaler owns its number of pods, and is not asked.
        Assert.Contains(plan.Entries, entry => entry is { Kind: "Deployment", Name: "gateway" } && entry.Changes.Any(change => change.Path.EndsWith("replicas", StringComparison.Ordinal)));
        var paused = await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Paused);

        Assert.Equal(HealthStatus.Suspended, paused.Status.Health);
        Assert.Empty(await PodsAsync());
        Assert.Equal(volumes, await NamesAsync("v1", "PersistentVolumeClaim"));
        Assert.All(await AllAsync("batch/v1", "CronJob"), job => Assert.True(job.Flag("spec", "suspend")));
        var steps = (await _world.RolloutsAsync(_id))[0].Steps.ToDictionary(step => step.Component);
        AssertInOrder(steps, Component.Edge, Component.LoadBalancer, Component.Ingress, Component.Gateway, Component.MySql);
        AssertInOrder(steps, Component.Publish, Component.PubSub);

        await DoAsync(new Operation.Wake());
        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Ready);
        Assert.NotEmpty(await PodsAsync());
        Assert.All(await AllAsync("batch/v1", "CronJob"), job => Assert.NotEqual(true, job.Flag("spec", "suspend")));
        AssertInOrder((await _world.RolloutsAsync(_id))[0].Steps.ToDictionary(step => step.Component), Component.MySql, Component.Gateway, Component.Ingress, Component.LoadBalancer, Component.Edge);
    }

    [Fact]
    public async Task Pause_OfKafkaWithControllersOfItsOwn_StopsTheBrokersFirst()
    {
        await using var world = await ReconcileWorld.StartAsync(SandboxOptions.Instant with { StopDelay = TimeSpan.FromSeconds(1) });
        var spec = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        var id = await world.ApprovedAsync(spec: spec with { PubSub = spec.PubSub with { Brokers = 3 } });
        var ready = await world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        await world.ApproveAsync(await world.RequestChangeAsync(id, ready.Spec with { DayTwo = ready.Spec.DayTwo with { Paused = true } }));

        var looks = 0;
        await Eventually.Holds(
            async () =>
            {
                await world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
                var live = await world.LiveAsync(ready);
                var brokers = live.OfKind("Pod").Count(pod => pod.Label(Labels.Role) == Roles.Broker);
                var controllers = live.Find(new ObjectRef("apps/v1", "StatefulSet", ready.Namespace, "kafka-controller"))!.Number("spec", "replicas");
                looks += brokers > 0 && live.Find(new ObjectRef("apps/v1", "StatefulSet", ready.Namespace, "kafka-broker"))!.Number("spec", "replicas") == 0 ? 1 : 0;
                Assert.True(brokers == 0 || controllers == 3, $"{brokers} brokers run while {controllers} controllers shall.");
                return (await world.EnvironmentAsync(id)).Status;
            },
            status => status.Phase == EnvironmentPhase.Paused,
            "it is paused",
            every: ReconcileWorld.Pace);

        Assert.True(looks > 0, "No look met brokers on their way out.");
        Assert.DoesNotContain((await world.LiveAsync(ready)).OfKind("Pod"), pod => pod.Label(Labels.Role) is Roles.Broker or Roles.Controller);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Pause_OfMySqlWithReplicas_StopsThePrimaryLastWhateverItsNumber(int primary)
    {
        await using var world = await ReconcileWorld.StartAsync(SandboxOptions.Instant with { StopDelay = TimeSpan.FromSeconds(1) });
        var spec = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        var id = await world.ApprovedAsync(spec: spec with { MySql = spec.MySql with { ReadReplicas = 2 } });
        var ready = await world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        if (primary > 0)
        {
            await world.ApproveAsync(await world.RequestChangeAsync(id, ready.Spec with { DayTwo = ready.Spec.DayTwo with { MySqlPrimary = primary } }));
            ready = await world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        }

        await world.ApproveAsync(await world.RequestChangeAsync(id, ready.Spec with { DayTwo = ready.Spec.DayTwo with { Paused = true } }));
        var before = 0;
        await Eventually.Holds(
            async () =>
            {
                await world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
                var servers = (await world.LiveAsync(ready)).OfKind("Pod").Where(pod => pod.Label(Labels.Component) == "mysql" && pod.Label(Labels.Role) == Roles.Server).ToList();
                before += servers.Count > 1 && servers.Exists(pod => pod.IsTerminating) && servers.Exists(pod => !pod.IsTerminating) ? 1 : 0;
                Assert.True(
                    servers.Count == 0 || servers.Exists(pod => pod.Name == $"mysql-{primary}" && (!pod.IsTerminating || servers.Count == 1)),
                    $"mysql-{primary} ends beside {string.Join(", ", servers.Select(pod => pod.Name))}.");
                return (await world.EnvironmentAsync(id)).Status;
            },
            status => status.Phase == EnvironmentPhase.Paused,
            "it is paused",
            every: ReconcileWorld.Pace);

        Assert.True(before > 0, "No look met replicas on their way out before the primary.");
        await world.ApproveAsync(await world.RequestChangeAsync(id, ready.Spec with { DayTwo = ready.Spec.DayTwo with { Paused = false } }));
        await world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        Assert.Equal(3, (await world.LiveAsync(ready)).OfKind("Pod").Count(pod => pod.Label(Labels.Component) == "mysql" && pod.Label(Labels.Role) == Roles.Server));
    }

    [Fact]
    public async Task Restart_ReplacesThePodsOfOneComponentAndNoOther()
    {
        var before = await PodsAsync();

        await DoAsync(new Operation.Restart(Component.Gateway));
        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Ready);

        var after = await PodsAsync();
        Assert.Empty(Uids(before, Component.Gateway).Intersect(Uids(after, Component.Gateway)));
        Assert.Equal(Uids(before, Component.Publish), Uids(after, Component.Publish));
        Assert.Equal(Uids(before, Component.MySql), Uids(after, Component.MySql));
    }

    [Fact]
    public async Task Scale_OfAService_IsWhatRuns()
    {
        await DoAsync(new Operation.Scale(Component.Publish, 3, 3), approve: true);
        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Ready);

        Assert.Equal(3, Uids(await PodsAsync(), Component.Publish).Count());
    }

    [Theory]
    [InlineData(Component.LoadBalancer)]
    [InlineData(Component.MySql)]
    [InlineData(Component.Redis)]
    [InlineData(Component.PubSub)]
    public async Task RotateCredential_EndsByItselfWithOnlyTheNewEdition(Component component)
    {
        await DoAsync(new Operation.RotateCredential(component));
        var first = (await _world.EnvironmentAsync(_id)).Generation;
        await SettledAsync(first + 1);

        var dayTwo = (await _world.EnvironmentAsync(_id)).Spec.DayTwo;
        var credential = component switch { Component.LoadBalancer => dayTwo.LoadBalancerCertificate, Component.MySql => dayTwo.MySqlCredential, Component.Redis => dayTwo.RedisCredential, _ => dayTwo.PubSubCredential };
        Assert.Equal(new CredentialVersion(2), credential);
        var rollouts = await _world.RolloutsAsync(_id);
        Assert.All(rollouts.Take(2), rollout => Assert.Equal(RolloutOutcome.Succeeded, rollout.Outcome));
        // The edges forget the certificate before only when no load balancer shows it any more.
        AssertInOrder(rollouts[0].Steps.ToDictionary(step => step.Component), Component.LoadBalancer, Component.Edge);
    }

    [Fact]
    public async Task BackUp_IsDoneOnceAndNothingOfItStays()
    {
        await DoAsync(new Operation.BackUp());
        await SettledAsync((await _world.EnvironmentAsync(_id)).Generation + 1);

        var dayTwo = (await _world.EnvironmentAsync(_id)).Spec.DayTwo;
        Assert.Equal((1, false), (dayTwo.Backups, dayTwo.IsBackingUp));
    }

    [Fact]
    public async Task Restore_WithoutTheName_IsRefusedAndWithItIsDoneOnce()
    {
        var command = _world.Get<RequestOperationCommand>();
        var refused = await command.ExecuteAsync(_world.Member, _id, new Operation.Restore(null), "other", null, CancellationToken.None);
        Assert.Equal("operation.confirmation", Assert.Single(refused.Errors).Code);

        Assert.True((await command.ExecuteAsync(_world.Member, _id, new Operation.Restore(null), "shop", null, CancellationToken.None)).IsSuccess);
        await SettledAsync((await _world.EnvironmentAsync(_id)).Generation + 1);

        Assert.Equal(new RestoreSpec(1, null), (await _world.EnvironmentAsync(_id)).Spec.DayTwo.Restore);
    }

    private async Task<Plan> DoAsync(Operation operation, bool approve = false)
    {
        var request = (await _world.Get<RequestOperationCommand>().ExecuteAsync(_world.Member, _id, operation, null, null, CancellationToken.None)).Value;
        Assert.Equal(approve ? RequestState.Pending : RequestState.Approved, request.State);
        if (approve)
        {
            await _world.ApproveAsync(request);
        }

        return request.Plan;
    }

    private Task<EnvironmentStatus> SettledAsync(long generation) => Eventually.Holds(
        async () =>
        {
            await _world.Get<StackReconciler>().ReconcileAsync(_id, CancellationToken.None);
            return (await _world.EnvironmentAsync(_id)).Status;
        },
        status => status.Phase == EnvironmentPhase.Ready && status.ObservedGeneration == generation, $"generation {generation} is ready", every: ReconcileWorld.Pace);

    private async Task<IReadOnlyList<KubeObject>> AllAsync(string apiVersion, string kind) =>
        (await _world.Kube.ListAsync(new ListQuery(apiVersion, kind, (await _world.EnvironmentAsync(_id)).Namespace), CancellationToken.None)).Items;

    private async Task<IReadOnlyList<KubeObject>> PodsAsync() => [.. (await AllAsync("v1", "Pod")).Where(pod => pod.Text("status", "phase") is not ("Succeeded" or "Failed"))];

    private async Task<IReadOnlyList<string>> NamesAsync(string apiVersion, string kind) => [.. (await AllAsync(apiVersion, kind)).Select(item => item.Name).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Uids(IEnumerable<KubeObject> pods, Component component) =>
        pods.Where(pod => pod.Label(Labels.Component) == component.Slug()).Select(pod => pod.Uid!).Order(StringComparer.Ordinal);

    private static void AssertInOrder(Dictionary<Component, RolloutStep> steps, params Component[] order)
    {
        foreach (var (first, second) in order.Zip(order.Skip(1)))
        {
            Assert.True(steps[first].SettledAt <= steps[second].StartedAt, $"{second} began at {steps[second].StartedAt:O}, before {first} was done at {steps[first].SettledAt:O}.");
        }
    }
}
