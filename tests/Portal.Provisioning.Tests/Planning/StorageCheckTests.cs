using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Environments.Specs;
using Portal.Core.Plans;
using Portal.Core.Requests;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Results;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Planning;
using Portal.Provisioning.Tests.Blueprint;
using Portal.Provisioning.Tests.Reconciling;

namespace Portal.Provisioning.Tests.Planning;

/// <summary>A cluster that gives no volumes, asked for a stack that needs them.</summary>
public sealed class StorageCheckTests : IAsyncLifetime
{
    private static readonly ObjectRef s_standard = new("storage.k8s.io/v1", "StorageClass", null, "standard");

    private ReconcileWorld _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static EnvironmentSpec Small => Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public void Of_AClusterWhoseClassesCannotBeSeen_IsNotJudged()
    {
        var stack = StackCase.Of(Preset.Small).Render();

        Assert.Null(StorageCheck.Of(stack, ClusterCapabilities.Basic with { DefaultStorageClass = null, ShowsStorageClasses = false }, "dev"));
        Assert.NotNull(StorageCheck.Of(stack, ClusterCapabilities.Basic with { DefaultStorageClass = null }, "dev"));
    }

    [Fact]
    public async Task Request_ClusterWithoutAStorageClass_IsRefusedWithWhoNeedsVolumesAndLeavesNothingBehind()
    {
        await _world.Kube.DeleteAsync(s_standard, new DeleteOptions(), Ct);

        var refusal = Assert.Single((await RequestAsync()).Errors);

        Assert.Equal(("plan.no-storage", ErrorKind.Invalid, "preset"), (refusal.Code, refusal.Kind, refusal.Field));
        Assert.Contains("Cluster default has no default storage class to make volumes from, and these need some: MySQL, Redis, ", refusal.Message, StringComparison.Ordinal);
        Assert.Empty((await _world.Get<EnvironmentQueries>().ListAsync(_world.Member, new(), new(0, 10), Ct)).Items);
        Assert.Null(await _world.Kube.GetAsync(new ObjectRef("v1", "Namespace", null, "portal-planning"), Ct));
    }

    [Fact]
    public async Task Request_ClusterWhoseClassIsNotTheDefault_IsRefusedUntilItIs()
    {
        await MarkAsync("false");
        Assert.Equal("plan.no-storage", Assert.Single((await RequestAsync()).Errors).Code);

        await MarkAsync("true");

        Assert.Empty((await PlanAnewAsync(new PlanSubject(EnvironmentId.New(_world.Clock), "payments", "shop", "default", "payments-shop", Small, 1))).Errors);
    }

    [Fact]
    public async Task Plan_OfARunningEnvironment_IsNeverRefusedForIt()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        await _world.Kube.DeleteAsync(s_standard, new DeleteOptions(), Ct);

        foreach (var spec in (EnvironmentSpec[])[ready.Spec with { DayTwo = ready.Spec.DayTwo with { Paused = true } }, ready.Spec with { Redis = ready.Spec.Redis with { MemoryMiB = 512 } }])
        {
            var plan = await PlanAnewAsync(new PlanSubject(id, ready.Team, ready.Name, ready.Cluster, ready.Namespace, spec, 2));

            Assert.Empty(plan.Errors);
            Assert.Contains(plan.Value.Notes, note => note.StartsWith("Volumes will wait", StringComparison.Ordinal));
        }
    }

    private Task<KubeObject> MarkAsync(string isDefault) =>
        _world.Kube.PatchAsync(s_standard, JsonNode.Parse("""{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"VALUE"}}}""".Replace("VALUE", isDefault, StringComparison.Ordinal))!, null, Ct);

    private Task<Result<EnvironmentRequest>> RequestAsync() =>
        _world.Get<RequestEnvironmentCommand>().ExecuteAsync(_world.Member, new NewEnvironment("payments", "shop", Small), Ct);

    /// <summary>By a portal that asks the cluster anew what it offers, as every portal does after a minute.</summary>
    private async Task<Result<Plan>> PlanAnewAsync(PlanSubject subject)
    {
        using var registry = new ClusterRegistry(_world.Clock);
        registry.Add("default", new KubeClient(_world.Kube.Connection, TimeProvider.System, NullLogger<KubeClient>.Instance));
        return await new Planner(registry, _world.Get<PlatformSettings>()).PlanAsync(subject, Ct);
    }
}
