using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Plans;
using Portal.Core.Requests;
using Portal.Core.Results;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Planning;
using Portal.Provisioning.Tests.Kubernetes;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Conformance;

/// <summary>What a plan says is what the server says to a dry run, on whatever server there is.</summary>
public sealed class PlanConformanceTests : IClassFixture<LiveCluster>, IDisposable
{
    private static readonly EnvironmentSpec s_small = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
    private readonly LiveCluster _cluster;
    private readonly KubeClient _client;
    private readonly ClusterRegistry _clusters = new(TimeProvider.System);
    private readonly StackApplier _applier = new(new CredentialFactory(TimeProvider.System));

    public PlanConformanceTests(LiveCluster cluster)
    {
        _cluster = cluster;
        _client = cluster.Client;
        _clusters.Add("default", new KubeClient(_client.Connection, TimeProvider.System, NullLogger<KubeClient>.Instance));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _clusters.Dispose();

    [Theory]
    [InlineData(Preset.Small, Purpose.Development)]
    [InlineData(Preset.Medium, Purpose.Staging)]
    [InlineData(Preset.Large, Purpose.Production)]
    public async Task Plan_NewEnvironment_CreatesEverythingAndStoresNothing(Preset preset, Purpose purpose)
    {
        var spec = Presets.Create(preset, purpose, "shop.apps.example");
        var identity = Identity();

        var plan = await PlanAsync(identity, spec);
        var start = Stopwatch.GetTimestamp();
        var again = await PlanAsync(identity, spec);

        TestContext.Current.TestOutputHelper!.WriteLine($"{plan.Entries.Count} objects planned in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms.");
        Assert.All(plan.Entries, entry => Assert.Equal((PlanAction.Create, 0), (entry.Action, entry.Changes.Count)));
        Assert.Empty(plan.Problems);
        Assert.DoesNotContain(plan.Entries, entry => entry.Namespace == "portal-planning");
        Assert.Equal(ContentHash.Of(spec, plan), ContentHash.Of(spec, again));
        Assert.Null(await _client.GetAsync(new ObjectRef("v1", "Namespace", null, identity.Namespace), Ct));
        foreach (var kind in new[] { "Service", "Secret", "PersistentVolumeClaim" })
        {
            Assert.Empty((await _client.ListAsync(new ListQuery("v1", kind, "portal-planning"), Ct)).Items);
        }
    }

    [Fact]
    public async Task Plan_OtherSpec_TellsTheFieldsThatTheServerWouldChange()
    {
        var (identity, _) = await ApplyAsync(s_small);
        await BoundAsync(identity, "data-mysql-0", "mysql-dumps");
        var wanted = s_small with
        {
            Gateway = s_small.Gateway with { Image = "registry.example/shop/gateway:2.0.0" },
            MySql = s_small.MySql with { StorageGiB = s_small.MySql.StorageGiB + 5 },
            Edge = s_small.Edge with { Locations = ["tokyo"] },
        };

        var plan = await PlanAsync(identity, wanted);

        Assert.Empty(plan.Problems);
        var image = plan.Entries.Single(entry => entry is { Kind: "Deployment", Name: "gateway" });
        Assert.Equal(PlanAction.Change, image.Action);
        Assert.Contains(image.Changes, change => change.Path.EndsWith(".image", StringComparison.Ordinal) && change.After == "registry.example/shop/gateway:2.0.0" && change.Before is not null);
        Assert.All(image.Changes, change => Assert.DoesNotMatch("^(status|metadata.(uid|resourceVersion|managedFields|generation))", change.Path));
        var growth = plan.Entries.Single(entry => entry is { Kind: "PersistentVolumeClaim", Name: "data-mysql-0" });
        Assert.Equal([new FieldChange("spec.resources.requests.storage", "10Gi", "15Gi")], growth.Changes);
        Assert.Contains(plan.Entries, entry => entry is { Action: PlanAction.Create, Kind: "Deployment", Name: "edge-tokyo" });
        Assert.Contains(plan.Entries, entry => entry.Action == PlanAction.Delete && entry.Name.StartsWith("edge-jakarta", StringComparison.Ordinal));
        Assert.Contains(plan.Entries, entry => entry is { Action: PlanAction.Keep, Kind: "StatefulSet", Name: "redis" or "redis-s0" });
        Assert.Equal(ContentHash.Of(wanted, plan), ContentHash.Of(wanted, await PlanAsync(identity, wanted)));
    }

    [Fact]
    public async Task Plan_ObjectThatSomebodyEdited_IsLeftOrChangedBackAsTheRuleSays()
    {
        var (identity, stack) = await ApplyAsync(s_small);
        var service = stack.Manifests.Single(manifest => manifest.Object is { Kind: "Service", Name: "gateway" }).Object;
        var selector = service.At("spec", "selector")!.DeepClone().AsObject();
        selector["canary"] = "only";
        await _client.ApplyAsync(
            new KubeObject(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Service",
                ["metadata"] = new JsonObject { ["name"] = service.Name, ["namespace"] = service.Namespace, ["labels"] = new JsonObject { ["theirs"] = "stays" } },
                ["spec"] = new JsonObject { ["selector"] = selector },
            }),
            new ApplyOptions { FieldManager = "kubectl-edit", Force = true },
            Ct);

        var left = await PlanAsync(identity, s_small);
        var plan = await PlanAsync(identity, s_small with { Rollout = s_small.Rollout with { OnConflict = ConflictRule.TakeOver } });

        Assert.All(left.Entries, entry => Assert.Equal(PlanAction.Keep, entry.Action));
        Assert.Contains("Service/gateway: kubectl-edit keeps spec.selector.canary.", left.Notes);
        var change = Assert.Single(plan.Entries, entry => entry.Action != PlanAction.Keep);
        Assert.Equal([new FieldChange("spec.selector.canary", "only", null)], change.Changes);
    }

    [Fact]
    public async Task Plan_FieldThatCannotChange_ReplacesWhatHoldsNoDataAndRefusesTheRest()
    {
        var (identity, stack) = await ApplyAsync(s_small);
        var deployment = await ReinstallAsync(stack, "Deployment", "gateway", spec =>
        {
            spec["selector"] = JsonNode.Parse("""{"matchLabels":{"app":"other"}}""");
            spec["template"]!["metadata"]!["labels"]!["app"] = "other";
        });

        var plan = await PlanAsync(identity, s_small);

        var replaced = Assert.Single(plan.Entries, entry => entry.Action != PlanAction.Keep);
        Assert.Equal((PlanAction.Replace, "Deployment", "gateway"), (replaced.Action, replaced.Kind, replaced.Name));
        Assert.Equal("spec.selector cannot change once a Deployment exists. It is deleted and made again, and its pods with it.", replaced.Reason);
        Assert.Contains(replaced.Changes, change => change is { Path: "spec.selector.matchLabels.app", Before: "other", After: null });
        Assert.Equal(deployment.Uid, (await _client.GetAsync(deployment.Ref, Ct))!.Uid);

        await ReinstallAsync(stack, "StatefulSet", "mysql", spec => spec["serviceName"] = "other");
        var refusal = Assert.Single((await TryPlanAsync(identity, s_small)).Errors);
        Assert.Equal(("plan.refused", ErrorKind.Invalid), (refusal.Code, refusal.Kind));
        Assert.Contains($"StatefulSet/{identity.Namespace}/mysql", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("updates to statefulset spec for fields other than", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("It holds data and is never deleted", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_QuotaOfSomebodyElseIsFull_IsAProblemThatDoesNotStopTheRequest()
    {
        var identity = Identity();
        var stack = await RenderAsync(s_small, identity);
        var ns = stack.Manifests.Single(manifest => manifest.Object.Kind == "Namespace");
        await _client.ApplyAsync(ManifestHash.Stamp(ns.Object), new ApplyOptions(), Ct);
        await _client.ApplyAsync(LiveCluster.Manifest("v1", "ResourceQuota", identity.Namespace, "theirs", """{hard: {services: "0"} }"""), new ApplyOptions(), Ct);
        await Eventually.Holds(
            async () => (await _client.GetAsync(new ObjectRef("v1", "ResourceQuota", identity.Namespace, "theirs"), Ct))?.At("status", "used"), used => used is not null, "the quota is counted");

        var plan = await PlanAsync(identity, s_small);

        Assert.NotEmpty(plan.Problems);
        Assert.All(plan.Problems, problem =>
        {
            Assert.StartsWith($"Service/{identity.Namespace}/", problem.Object, StringComparison.Ordinal);
            Assert.Contains("exceeded quota: theirs", problem.Message, StringComparison.Ordinal);
        });
        Assert.Contains(plan.Entries, entry => entry is { Action: PlanAction.Create, Kind: "Service", Name: "gateway" });
    }

    [Fact]
    public async Task Plan_Deletion_NamesVolumesAndWhatOthersPutIntoTheNamespace()
    {
        var (identity, stack) = await ApplyAsync(s_small);
        // All of them: one that came between the two plans would make the second another.
        await BoundAsync(identity, [.. stack.Manifests.Select(manifest => manifest.Object).Where(item => item.Kind == "StatefulSet")
            .SelectMany(set => set.Items("spec", "volumeClaimTemplates").Select(template => $"{template["metadata"]!["name"]}-{set.Name}-0"))]);
        var theirs = LiveCluster.Manifest("v1", "ConfigMap", identity.Namespace, "somebody-elses", "null");
        theirs.Root.Remove("spec");
        await _client.ApplyAsync(theirs, new ApplyOptions(), Ct);

        var plan = await PlanAsync(identity, null);

        Assert.Superset(
            stack.Manifests.Select(manifest => (manifest.Object.Kind, manifest.Object.Name)).ToHashSet(),
            plan.Entries.Select(entry => (entry.Kind, entry.Name)).ToHashSet());
        Assert.Contains(plan.Notes, note => note.Contains("data-mysql-0", StringComparison.Ordinal) && note.Contains("cannot be undone", StringComparison.Ordinal));
        Assert.Contains("Also in the namespace, not made by the portal, and deleted with it: ConfigMap/somebody-elses.", plan.Notes);
        Assert.Equal(ContentHash.Of(null, plan), ContentHash.Of(null, await PlanAsync(identity, null)));
    }

    private async Task<KubeObject> ReinstallAsync(RenderedStack stack, string kind, string name, Action<JsonObject> change)
    {
        var manifest = stack.Manifests.Single(manifest => manifest.Object.Kind == kind && manifest.Object.Name == name).Object;
        await _client.DeleteAsync(manifest.Ref, new DeleteOptions { Propagation = DeletePropagation.Foreground }, Ct);
        await Eventually.Holds(async () => (await _client.GetAsync(manifest.Ref, Ct))?.ToJson(), left => left is null, $"{manifest} is gone");
        var other = ManifestHash.Stamp(manifest);
        change(other.Root["spec"]!.AsObject());
        return await _client.ApplyAsync(other, new ApplyOptions { Force = true }, Ct);
    }

    /// <summary>Waits for claims that the server's own controllers make, and binds them where nobody else does: only a bound claim can grow.</summary>
    private async Task BoundAsync(StackIdentity identity, params string[] names)
    {
        await using var kubelet = StandInKubelet.For(_cluster, identity.Namespace);
        foreach (var name in names)
        {
            var reference = new ObjectRef("v1", "PersistentVolumeClaim", identity.Namespace, name);
            await Eventually.Holds(
                async () => (await _client.GetAsync(reference, Ct))?.Text("status", "phase"), phase => phase == "Bound", $"{name} is bound", TimeSpan.FromSeconds(60));
        }
    }

    private StackIdentity Identity()
    {
        var name = _cluster.UnusedName();
        return new(EnvironmentId.New(TimeProvider.System), "payments", name, name, 1);
    }

    private async Task<RenderedStack> RenderAsync(EnvironmentSpec spec, StackIdentity identity) =>
        StackBlueprint.Render(spec, identity, await _client.CapabilitiesAsync(Ct));

    private async Task<(StackIdentity Identity, RenderedStack Stack)> ApplyAsync(EnvironmentSpec spec)
    {
        var identity = Identity();
        var stack = await RenderAsync(spec, identity);
        var live = await LiveStack.ReadAsync(
            _client, identity.Id, identity.Namespace, stack.Manifests.Select(manifest => (manifest.Object.ApiVersion, manifest.Object.Kind)), Ct);
        await _applier.ApplyAsync(_client, live, stack.Manifests, OwnershipRules.TakeOver, Ct);
        return (identity, stack);
    }

    private async Task<Plan> PlanAsync(StackIdentity identity, EnvironmentSpec? spec) => (await TryPlanAsync(identity, spec)).Value;

    private Task<Result<Plan>> TryPlanAsync(StackIdentity identity, EnvironmentSpec? spec) => new Planner(_clusters, PlatformSettings.Default).PlanAsync(
        new PlanSubject(identity.Id, identity.Team, identity.Name, "default", identity.Namespace, spec, identity.Generation), Ct);
}
