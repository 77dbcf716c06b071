using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>An environment whose database is somebody else's: its services say whose password they wait for, and it is Ready with nothing of MySQL in it.</summary>
public sealed class ExternalMySqlTests : IAsyncLifetime
{
    private ReconcileWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Reconcile_WithADatabaseOfOthers_WaitsForItsPasswordAndRunsNothingForIt()
    {
        var small = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        var external = new ExternalMySqlSpec { Host = "db.shop.example", Database = "shop", User = "shop", SecretName = "shop-db" };
        var id = await _world.ApprovedAsync(spec: small with { MySql = small.MySql with { Source = MySqlSource.External, External = external } });

        var gateway = await Eventually.Holds(() => GatewayAsync(id), gateway => gateway?.NextStep?.Contains("shop-db", StringComparison.Ordinal) == true, "the gateway says what it waits for", TimeSpan.FromSeconds(60), ReconcileWorld.Pace);

        var environment = await _world.EnvironmentAsync(id);
        Assert.Equal($"Put the Secret \"shop-db\" into the namespace {environment.Namespace}, with password in it; the pods start by themselves when it is there.", gateway!.NextStep);

        await _world.Kube.CreateAsync(
            new KubeObject(new JsonObject
            {
                ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = "shop-db", ["namespace"] = environment.Namespace }, ["type"] = "Opaque",
                ["data"] = new JsonObject { ["password"] = Convert.ToBase64String("secret"u8) },
            }),
            CancellationToken.None);

        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        Assert.DoesNotContain((await _world.Kube.ListAsync(new ListQuery("apps/v1", "StatefulSet") { Namespace = environment.Namespace }, CancellationToken.None)).Items, set => set.Name == "mysql");
    }

    private async Task<ComponentStatus?> GatewayAsync(EnvironmentId id)
    {
        await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
        return (await _world.EnvironmentAsync(id)).Status.Components.FirstOrDefault(component => component.Component == Component.Gateway);
    }
}
