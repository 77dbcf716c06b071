using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.DecideOwnership;
using Portal.Core.Environments.Specs;
using Portal.Core.Results;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>Somebody changes with other means what the portal has rendered.</summary>
public sealed class OwnershipTests : IAsyncLifetime
{
    private const string OtherImage = "registry.example/hot-fix:1";

    private ReconcileWorld _world = null!;
    private EnvironmentId _id;
    private AppEnvironment _ready = null!;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Reconcile_FieldSetBySomebodyElse_IsReportedWithTheNameAndLeft()
    {
        await ReadyAsync(ConflictRule.Ask);

        await EditAsync();
        var status = await Eventually.Holds(
            async () =>
            {
                await LookAsync();
                return (await _world.EnvironmentAsync(_id)).Status;
            },
            seen => seen.Health == HealthStatus.Healthy, "the pods of the edit are ready");

        var conflict = Assert.Single(status.Conflicts);
        Assert.Equal((Component.Gateway, "Deployment", "gateway", "kubectl-edit", (OwnershipChoice?)null), (conflict.Component, conflict.Kind, conflict.Name, conflict.Manager, conflict.Choice));
        Assert.Equal("spec.template.spec.containers[name=gateway].image", Assert.Single(conflict.Fields));
        Assert.Contains("choose who keeps the fields", status.Message, StringComparison.Ordinal);
        Assert.Equal(OtherImage, await ImageAsync());
    }

    [Fact]
    public async Task Reconcile_ConflictTakenOver_WritesTheSpecAgainAndTheConflictIsGone()
    {
        await ReadyAsync(ConflictRule.Ask);
        await EditAsync();
        await LookAsync();

        await DecideAsync(OwnershipChoice.TakeOver);
        await LookAsync();

        Assert.Equal(_ready.Spec.Gateway.Image, await ImageAsync());
        Assert.Empty((await _world.EnvironmentAsync(_id)).Status.Conflicts);
    }

    [Fact]
    public async Task Reconcile_ConflictLeft_StaysLeftWhileTheRestOfTheObjectFollowsTheSpec()
    {
        await ReadyAsync(ConflictRule.Ask);
        await EditAsync();
        await LookAsync();
        await DecideAsync(OwnershipChoice.Leave);
        var spec = _ready.Spec;

        await _world.ApproveAsync(await _world.RequestChangeAsync(_id, spec with { Gateway = spec.Gateway with { Image = "registry.example/gateway:3", Size = new(150, 192) } }));
        await Eventually.Holds(
            async () =>
            {
                await LookAsync();
                return (await _world.EnvironmentAsync(_id)).Status;
            },
            status => status is { Phase: EnvironmentPhase.Ready, ObservedGeneration: 2 }, "generation 2 is ready");

        Assert.Equal(OtherImage, await ImageAsync());
        Assert.Contains("192Mi", (await GatewayAsync()).ToJson(), StringComparison.Ordinal);
        Assert.Equal(OwnershipChoice.Leave, Assert.Single((await _world.EnvironmentAsync(_id)).Status.Conflicts).Choice);
    }

    [Fact]
    public async Task Reconcile_RuleToTakeOver_RepairsWithoutAsking()
    {
        await ReadyAsync(ConflictRule.TakeOver);
        await EditAsync();

        await LookAsync();

        Assert.Equal(_ready.Spec.Gateway.Image, await ImageAsync());
        Assert.Empty((await _world.EnvironmentAsync(_id)).Status.Conflicts);
    }

    [Fact]
    public async Task Reconcile_FieldTakenAway_IsWrittenAgain()
    {
        await ReadyAsync(ConflictRule.Ask);
        await _world.Kube.PatchAsync(s_gateway(_ready), new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["portal/team"] = null } } }, null, CancellationToken.None);

        await LookAsync();

        Assert.Equal("payments", (await GatewayAsync()).Label("portal/team"));
    }

    [Fact]
    public async Task Reconcile_FieldsThatTheSpecDoesNotRender_AreNobodysBusiness()
    {
        await ReadyAsync(ConflictRule.Ask);
        await _world.Kube.PatchAsync(s_gateway(_ready), new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["note"] = "mine" } } }, null, CancellationToken.None);
        var before = (await GatewayAsync()).ResourceVersion;

        await LookAsync();

        Assert.Equal(before, (await GatewayAsync()).ResourceVersion);
        Assert.Empty((await _world.EnvironmentAsync(_id)).Status.Conflicts);
    }

    [Fact]
    public async Task Reconcile_ImmutableFieldOfWhatHoldsNoData_IsMadeAnew()
    {
        await ReadyAsync(ConflictRule.Ask);
        var gateway = await GatewayAsync();
        var other = gateway.Clone();
        other.Root["spec"]!["selector"]!["matchLabels"]!["extra"] = "x";
        other.Root["spec"]!["template"]!["metadata"]!["labels"]!["extra"] = "x";
        foreach (var field in new[] { "uid", "resourceVersion", "managedFields", "creationTimestamp", "generation" })
        {
            other.Root["metadata"]!.AsObject().Remove(field);
        }

        await _world.Kube.DeleteAsync(gateway.Ref, new DeleteOptions(), CancellationToken.None);
        await Eventually.Holds(() => _world.Kube.GetAsync(gateway.Ref, CancellationToken.None), live => live is null, "the old one is gone");
        var made = await _world.Kube.CreateAsync(other, CancellationToken.None);

        await Eventually.Holds(
            async () =>
            {
                await LookAsync();
                return await _world.Kube.GetAsync(gateway.Ref, CancellationToken.None);
            },
            live => live is not null && live.Uid != made.Uid && live.At("spec", "selector", "matchLabels", "extra") is null, "made anew from the spec");
    }

    private static readonly Func<AppEnvironment, ObjectRef> s_gateway = environment => new("apps/v1", "Deployment", environment.Namespace, "gateway");

    private async Task ReadyAsync(ConflictRule rule)
    {
        var spec = ASpec.Small();
        _id = await _world.ApprovedAsync(spec: spec with { Rollout = spec.Rollout with { OnConflict = rule } });
        _ready = await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Ready);
    }

    private Task<ReconcileResult> LookAsync() => _world.Get<StackReconciler>().ReconcileAsync(_id, CancellationToken.None);

    private Task<Result<AppEnvironment>> DecideAsync(OwnershipChoice choice) =>
        _world.Get<DecideOwnershipCommand>().ExecuteAsync(_world.Member, _id, "Deployment", "gateway", "kubectl-edit", choice, CancellationToken.None);

    private async Task EditAsync()
    {
        var patch = KubeObject.Parse("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"gateway"},"spec":{"template":{"spec":{"containers":[{"name":"gateway","image":"IMAGE"}]}}}}
            """.Replace("IMAGE", OtherImage, StringComparison.Ordinal));
        patch.Root["metadata"]!["namespace"] = _ready.Namespace;
        await _world.Kube.ApplyAsync(patch, new ApplyOptions { FieldManager = "kubectl-edit", Force = true }, CancellationToken.None);
    }

    private async Task<KubeObject> GatewayAsync() => (await _world.Kube.GetAsync(s_gateway(_ready), CancellationToken.None))!;

    private async Task<string?> ImageAsync() => (string?)(await GatewayAsync()).Items("spec", "template", "spec", "containers").Single()["image"];
}
