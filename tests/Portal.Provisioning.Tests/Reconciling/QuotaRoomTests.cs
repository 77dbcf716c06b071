using System.Text.Json.Nodes;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Tests.Kubernetes;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

public class QuotaRoomTests(LiveCluster cluster) : IClassFixture<LiveCluster>
{
    private readonly KubeClient _client = cluster.Client;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Widen_QuotaThatGrowsAndShrinks_HasTheLargerOfBothUntilItIsAppliedAtTheEnd()
    {
        var ns = await cluster.NamespaceAsync();
        var present = Quota(ns, """{pods: "20", persistentvolumeclaims: "2", services.loadbalancers: "1"}""");
        await _client.ApplyAsync(ManifestHash.Stamp(present.Object), new ApplyOptions(), Ct);
        var wanted = Quota(ns, """{pods: "10", persistentvolumeclaims: "5", requests.storage: 10Gi}""");

        await Eventually.Holds(async () => await QuotaRoom.WidenAsync(_client, await ReadAsync(ns), [wanted], null, Ct), isInForce => isInForce, "the server measures by the wider quota");

        var live = await ReadAsync(ns);
        Assert.Equal("""{"persistentvolumeclaims":"5","pods":"20","services.loadbalancers":"1"}""", Hard(live));
        Assert.False(StackApplier.IsInSync(wanted, live));
        await new StackApplier(new CredentialFactory(TimeProvider.System)).ApplyAsync(_client, live, QuotaRoom.Standing(live, [wanted]), OwnershipRules.TakeOver, Ct);
        Assert.Equal("""{"persistentvolumeclaims":"5","pods":"10","requests.storage":"10Gi"}""", Hard(await ReadAsync(ns)));
    }

    [Fact]
    public async Task Widen_QuotaThatIsAsItShallBe_GrowsOnlyWhileAChangeNeedsMore()
    {
        var ns = await cluster.NamespaceAsync();
        var wanted = Quota(ns, """{pods: "20", services.loadbalancers: "1"}""");
        await _client.ApplyAsync(ManifestHash.Stamp(wanted.Object), new ApplyOptions(), Ct);

        await QuotaRoom.WidenAsync(_client, await ReadAsync(ns), [wanted], null, Ct);
        Assert.Equal("""{"pods":"20","services.loadbalancers":"1"}""", Hard(await ReadAsync(ns)));

        JsonObject needed = new() { ["pods"] = "12", ["services.loadbalancers"] = "2", ["requests.cpu"] = "4" };
        await Eventually.Holds(async () => await QuotaRoom.WidenAsync(_client, await ReadAsync(ns), [wanted], needed, Ct), isInForce => isInForce, "the server measures by the wider quota");

        var live = await ReadAsync(ns);
        Assert.Equal("""{"pods":"20","services.loadbalancers":"2"}""", Hard(live));
        Assert.False(StackApplier.IsInSync(wanted, live));
    }

    private static Manifest Quota(string ns, string hard) =>
        new(Core.Environments.Component.Base, LiveCluster.Manifest("v1", "ResourceQuota", ns, "environment", $"{{hard: {hard} }}"));

    private Task<LiveStack> ReadAsync(string ns) =>
        LiveStack.ReadAsync(_client, Core.Environments.EnvironmentId.New(TimeProvider.System), ns, [("v1", "ResourceQuota"), ("nowhere.example/v1", "Unserved")], Ct);

    private static string Hard(LiveStack live) => new JsonObject(
        live.OfKind("ResourceQuota").Single().At("spec", "hard")!.AsObject().OrderBy(limit => limit.Key, StringComparer.Ordinal)
            .Select(limit => KeyValuePair.Create(limit.Key, limit.Value?.DeepClone()))).ToJsonString();
}
