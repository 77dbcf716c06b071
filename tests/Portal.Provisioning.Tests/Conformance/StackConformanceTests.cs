using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Plans;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Planning;
using Portal.Provisioning.Tests.Kubernetes;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Conformance;

/// <summary>The whole stack of every preset: the server takes it, keeps it as it was sent, and lets it go.</summary>
public class StackConformanceTests(LiveCluster cluster) : IClassFixture<LiveCluster>
{
    private static readonly ApplyOptions s_apply = new() { Force = true };
    private readonly KubeClient _client = cluster.Client;
    private readonly StackApplier _applier = new(new CredentialFactory(TimeProvider.System));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Preset.Small, Purpose.Development)]
    [InlineData(Preset.Medium, Purpose.Staging)]
    [InlineData(Preset.Large, Purpose.Production)]
    public async Task Stack_Rehearsed_IsAcceptedAndStoresNothing(Preset preset, Purpose purpose)
    {
        var (identity, stack) = await RenderAsync(preset, purpose);
        var live = await ReadAsync(identity, stack);
        await _applier.ApplyAsync(_client, live, stack.Manifests.Where(IsNamespace), OwnershipRules.TakeOver, Ct);

        await _applier.RehearseAsync(_client, live, stack.Manifests.Where(manifest => !IsNamespace(manifest)), OwnershipRules.TakeOver, Ct);

        var after = await ReadAsync(identity, stack);
        Assert.DoesNotContain(after.All, item => LiveStack.IsOurs(item, identity.Id));
    }

    [Theory]
    [InlineData(Preset.Small, Purpose.Development)]
    [InlineData(Preset.Medium, Purpose.Staging)]
    [InlineData(Preset.Large, Purpose.Production)]
    public async Task Stack_AppliedAgain_ChangesNothingAndThePlanSaysSo(Preset preset, Purpose purpose)
    {
        var (identity, stack) = await RenderAsync(preset, purpose);
        var changes = (await _applier.ApplyAsync(_client, await ReadAsync(identity, stack), stack.Manifests, OwnershipRules.TakeOver, Ct)).Changes;
        Assert.Equal(stack.Manifests.Count, changes.Created);

        // Not by our own hash: every object is sent again, and the server decides that nothing is new.
        foreach (var manifest in stack.Manifests.Where(manifest => !manifest.IsCreateOnly))
        {
            await AgainAsync(manifest);
        }

        var again = (await _applier.ApplyAsync(_client, await ReadAsync(identity, stack), stack.Manifests, OwnershipRules.TakeOver, Ct)).Changes;
        Assert.Equal((0, 0), (again.Created, again.Configured));
        var spec = Presets.Create(preset, purpose, "shop.apps.example");
        var plan = (await PlannerAsync(spec, identity)).Value;
        Assert.All(plan.Entries, entry => Assert.Equal(PlanAction.Keep, entry.Action));
        // The entry has been asked, and to ask it again is no change.
        Assert.Equal(stack.Manifests.Count(manifest => manifest.Object is not { Kind: "Job" } job || job.Label(Labels.Role) != Roles.Check), plan.Entries.Count);

        var deletion = (await PlannerAsync(null, identity)).Value;
        Assert.Superset(
            stack.Manifests.Select(manifest => (manifest.Object.Kind, manifest.Object.Name)).ToHashSet(),
            deletion.Entries.Select(entry => (entry.Kind, entry.Name)).ToHashSet());
        await RemoveAsync(identity, stack);
    }

    /// <summary>What of the object the server changes when it is sent again as it was; controllers may write to it meanwhile, so not at the first try.</summary>
    private async Task AgainAsync(Manifest manifest)
    {
        var stamped = ManifestHash.Stamp(manifest.Object);
        await Eventually.Holds(
            async () =>
            {
                var before = (await _client.GetAsync(manifest.Object.Ref, Ct))!;
                return (Before: before, After: await _client.ApplyAsync(stamped, s_apply, Ct));
            },
            sent => sent.Before.ResourceVersion == sent.After.ResourceVersion, $"{manifest.Object} is sent again and nothing changes");
    }

    private async Task RemoveAsync(StackIdentity identity, RenderedStack stack)
    {
        foreach (var manifest in stack.Manifests.Where(manifest => manifest.Object.Namespace is null))
        {
            await _client.DeleteAsync(manifest.Object.Ref, new DeleteOptions(), Ct);
        }

        await Eventually.Holds(
            async () => string.Join(", ", (await ReadAsync(identity, stack)).All.Select(item => $"{item.Ref} {string.Join('+', item.Texts("metadata", "finalizers"))}")),
            left => left.Length == 0, "nothing is left", TimeSpan.FromSeconds(60));
    }

    private async Task<(StackIdentity Identity, RenderedStack Stack)> RenderAsync(Preset preset, Purpose purpose)
    {
        var name = cluster.UnusedName();
        var identity = new StackIdentity(EnvironmentId.New(TimeProvider.System), "payments", name, name, 1);
        return (identity, StackBlueprint.Render(Presets.Create(preset, purpose, "shop.apps.example"), identity, await _client.CapabilitiesAsync(Ct)));
    }

    private Task<LiveStack> ReadAsync(StackIdentity identity, RenderedStack stack) =>
        LiveStack.ReadAsync(_client, identity.Id, identity.Namespace, stack.Manifests.Select(manifest => (manifest.Object.ApiVersion, manifest.Object.Kind)), Ct);

    private async Task<Core.Results.Result<Plan>> PlannerAsync(EnvironmentSpec? spec, StackIdentity identity)
    {
        using var clusters = new ClusterRegistry(TimeProvider.System);
        clusters.Add("default", new KubeClient(_client.Connection, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<KubeClient>.Instance));
        return await new Planner(clusters, PlatformSettings.Default).PlanAsync(new PlanSubject(identity.Id, identity.Team, identity.Name, "default", identity.Namespace, spec, identity.Generation), Ct);
    }

    private static bool IsNamespace(Manifest manifest) => manifest.Object.Kind == "Namespace";
}
