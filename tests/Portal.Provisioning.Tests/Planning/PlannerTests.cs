using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Plans;
using Portal.Core.Requests;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Results;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;
using Portal.Provisioning.Tests.Reconciling;

namespace Portal.Provisioning.Tests.Planning;

/// <summary>Plans of requests, in a world of their own that can be disturbed.</summary>
public sealed class PlannerTests : IAsyncLifetime
{
    private ReconcileWorld _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Plan_NothingDoneMeanwhile_IsTheSameToTheLastByte()
    {
        var id = await _world.ApprovedAsync();
        var other = await _world.ApprovedAsync("other");
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        await _world.ReconcileUntilAsync(other, EnvironmentPhase.Ready);
        var wanted = ready.Spec with { Gateway = ready.Spec.Gateway with { Image = "registry.example/shop/gateway:2.0.0" } };

        var first = await PlanAsync(ready, wanted);
        await _world.Get<StackReconciler>().ReconcileAsync(id, Ct);
        await _world.Get<StackReconciler>().ReconcileAsync(other, Ct);
        var second = await PlanAsync(ready, wanted);

        Assert.Equal(JsonSerializer.Serialize(first, SpecJson.Options), JsonSerializer.Serialize(second, SpecJson.Options));
        Assert.Equal(ContentHash.Of(wanted, first), ContentHash.Of(wanted, second));
        Assert.Contains(first.Entries, entry => entry.Changes.Count > 0);
    }

    [Fact]
    public async Task Plan_WhatControllersWrote_IsNoChange()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        await _world.Kube.PatchAsync(
            new ObjectRef("apps/v1", "Deployment", ready.Namespace, "gateway"), JsonNode.Parse("""{"metadata":{"annotations":{"theirs":"x"}}}""")!, null, Ct);

        var plan = await PlanAsync(ready, ready.Spec);

        Assert.All(plan.Entries, entry => Assert.Equal(PlanAction.Keep, entry.Action));
    }

    [Fact]
    public async Task Plan_OfAnEnvironmentWithCredentials_HoldsNoneOfThem()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var live = await LiveStack.ReadAsync(_world.Kube, id, ready.Namespace, [("v1", "Secret")], Ct);
        var values = live.OfKind("Secret").SelectMany(secret => secret.At("data")!.AsObject()).Select(pair => pair.Value!.GetValue<string>()).ToList();
        Assert.True(values.Count > 10);

        // Somebody puts their own values into Secrets: of all objects these differ.
        foreach (var secret in live.OfKind("Secret"))
        {
            await _world.Kube.PatchAsync(secret.Ref, JsonNode.Parse("""{"stringData":{"extra":"a-secret-of-theirs"}}""")!, null, Ct);
        }

        Plan[] plans = [await PlanAsync(ready, ready.Spec with { Redis = ready.Spec.Redis with { MemoryMiB = 512 } }), await PlanAsync(ready, null)];

        var text = JsonSerializer.Serialize(plans, SpecJson.Options);
        Assert.DoesNotContain("a-secret-of-theirs", text, StringComparison.Ordinal);
        foreach (var value in values)
        {
            Assert.DoesNotContain(value, text, StringComparison.Ordinal);
            Assert.DoesNotContain(JsonEncodedText.Encode(Encoding.UTF8.GetString(Convert.FromBase64String(value))).ToString(), text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Plan_GrowingPastTheQuotaThatStands_IsNoProblemBecauseTheQuotaGrowsFirst()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);

        var plan = await PlanAsync(ready, ready.Spec with { MySql = ready.Spec.MySql with { StorageGiB = 500 }, Edge = ready.Spec.Edge with { Locations = ["jakarta", "singapore", "sydney"] } });

        Assert.Empty(plan.Problems);
        var quota = Assert.Single(plan.Entries, entry => entry is { Kind: "ResourceQuota", Action: PlanAction.Change });
        Assert.Contains(quota.Changes, change => change.Path == "spec.hard[requests.storage]");
    }

    [Fact]
    public async Task Plan_OfAnotherLocation_IsNoProblemBecauseTheQuotaHasRoomForBothMeanwhile()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);

        var plan = await PlanAsync(ready, ready.Spec with { Edge = ready.Spec.Edge with { Locations = ["tokyo"] } });

        Assert.Empty(plan.Problems);
        Assert.Contains(plan.Entries, entry => entry is { Kind: "Service", Name: "edge-tokyo", Action: PlanAction.Create });
        Assert.Contains(plan.Entries, entry => entry is { Kind: "Service", Name: "edge-jakarta", Action: PlanAction.Delete });
    }

    [Fact]
    public async Task Plan_OfALocationThatAnothersServiceLeavesNoRoomFor_SaysSoAlthoughTheQuotaChanges()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var quota = new ObjectRef("v1", "ResourceQuota", ready.Namespace, "environment");
        await _world.Kube.PatchAsync(quota, JsonNode.Parse("""{"spec":{"hard":{"services.loadbalancers":"2"}}}""")!, null, Ct);
        var theirs = JsonNode.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"theirs"},"spec":{"type":"LoadBalancer","ports":[{"port":80}]}}""")!.AsObject();
        theirs["metadata"]!["namespace"] = ready.Namespace;
        await _world.Kube.CreateAsync(new KubeObject(theirs), Ct);

        var plan = await PlanAsync(ready, ready.Spec with
        {
            MySql = ready.Spec.MySql with { StorageGiB = 25 },
            Edge = ready.Spec.Edge with { Locations = [.. ready.Spec.Edge.Locations, "tokyo"] },
        });

        var problem = Assert.Single(plan.Problems);
        Assert.Contains("edge-tokyo", problem.Object, StringComparison.Ordinal);
        Assert.Contains("used: services.loadbalancers=2", problem.Message, StringComparison.Ordinal);
        Assert.Contains(plan.Entries, entry => entry is { Kind: "ResourceQuota", Action: PlanAction.Change });
    }

    [Fact]
    public async Task Plan_ClaimThatIsLargerAlready_SaysThatItStays()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var claim = new ObjectRef("v1", "PersistentVolumeClaim", ready.Namespace, "data-mysql-0");
        await _world.Kube.PatchAsync(claim, JsonNode.Parse("""{"spec":{"resources":{"requests":{"storage":"40Gi"}}}}""")!, null, Ct);

        var plan = await PlanAsync(ready, ready.Spec);

        Assert.Contains($"{claim} keeps its 40Gi: a volume cannot shrink to 10Gi.", plan.Notes);
        Assert.DoesNotContain(plan.Entries, entry => entry.Name == claim.Name && entry.Action == PlanAction.Change);
    }

    [Fact]
    public async Task Plan_WhatTheServerRefuses_RefusesTheRequestInItsWords()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var dumps = new ObjectRef("v1", "PersistentVolumeClaim", ready.Namespace, "mysql-dumps");
        await _world.Kube.PatchAsync(dumps, JsonNode.Parse("""{"spec":{"resources":{"requests":{"storage":"40Gi"}}}}""")!, null, Ct);

        var refusal = Assert.Single((await TryPlanAsync(ready, ready.Spec)).Errors);

        Assert.Equal(("plan.refused", ErrorKind.Invalid), (refusal.Code, refusal.Kind));
        Assert.Contains($"{dumps}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("field can not be less than previous value", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ClusterDoesNotAnswerDryRuns_IsRefusedAsTroubleAndSavesNothing()
    {
        using var _ = _world.Cluster.Faults.Add(new RequestFault("patch", "Deployment", Status: 503));

        var result = await RequestAsync("shop");

        var trouble = Assert.Single(result.Errors);
        Assert.Equal(("cluster.unavailable", ErrorKind.Unavailable), (trouble.Code, trouble.Kind));
    }

    [Fact]
    public async Task Request_NamespaceOfSomebodyElse_IsRefusedBeforeAnybodyApproves()
    {
        await _world.Kube.CreateAsync(Namespace("payments-shop"), Ct);

        var refusal = Assert.Single((await RequestAsync("shop")).Errors);

        Assert.Equal("plan.namespace-occupied", refusal.Code);
    }

    [Fact]
    public async Task Request_StandingNamespaceIsSomebodyElses_IsRefusedAndTouchesItNot()
    {
        await _world.Kube.CreateAsync(Namespace("portal-planning"), Ct);

        var refusal = Assert.Single((await RequestAsync("shop")).Errors);

        Assert.Equal("plan.stand-in-occupied", refusal.Code);
        Assert.Null((await _world.Kube.GetAsync(Namespace("portal-planning").Ref, Ct))!.Label("pod-security.kubernetes.io/enforce"));
    }

    [Fact]
    public async Task Request_First_MakesTheStandingNamespaceWithThePodSecurityOfTheReal()
    {
        Assert.True((await RequestAsync("shop")).IsSuccess);

        var standing = await _world.Kube.GetAsync(Namespace("portal-planning").Ref, Ct);
        Assert.Equal(("restricted", "portal"), (standing!.Label("pod-security.kubernetes.io/enforce"), standing.Label("app.kubernetes.io/managed-by")));
    }

    private static KubeObject Namespace(string name) => KubeObject.Parse(
        """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"NAME","labels":{"owner":"someone"}}}""".Replace("NAME", name, StringComparison.Ordinal));

    private Task<Result<EnvironmentRequest>> RequestAsync(string name) => _world.Get<RequestEnvironmentCommand>().ExecuteAsync(
        _world.Member, new NewEnvironment("payments", name, Presets.Create(Preset.Small, Purpose.Development, $"{name}.apps.example")), Ct);

    private async Task<Plan> PlanAsync(AppEnvironment environment, EnvironmentSpec? spec) => (await TryPlanAsync(environment, spec)).Value;

    private Task<Result<Plan>> TryPlanAsync(AppEnvironment environment, EnvironmentSpec? spec) => _world.Get<IPlanner>().PlanAsync(
        new PlanSubject(environment.Id, environment.Team, environment.Name, environment.Cluster, environment.Namespace, spec, 2), Ct);
}
