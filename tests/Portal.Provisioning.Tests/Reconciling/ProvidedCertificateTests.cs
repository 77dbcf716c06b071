using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>Edges whose certificate the team puts there: they say what they wait for, and go on by themselves.</summary>
public sealed class ProvidedCertificateTests : IAsyncLifetime
{
    private ReconcileWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Reconcile_EdgesWithoutTheirSecret_SayWhatToPutWhereAndGoOnWhenItIsThere()
    {
        var small = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        var id = await _world.ApprovedAsync(spec: small with { Edge = small.Edge with { Certificate = new() { Source = CertificateSource.Provided, SecretName = "shop-tls" } } });

        var edge = await Eventually.Holds(() => EdgeAsync(id), edge => edge?.NextStep?.Contains("shop-tls", StringComparison.Ordinal) == true, "the edge says what it waits for", TimeSpan.FromSeconds(60), ReconcileWorld.Pace);

        var environment = await _world.EnvironmentAsync(id);
        Assert.Contains("secret \"shop-tls\" not found", edge!.Message, StringComparison.Ordinal);
        Assert.Equal($"Put the Secret \"shop-tls\" into the namespace {environment.Namespace}, with tls.crt and tls.key in it; the pods start by themselves when it is there.", edge.NextStep);

        await _world.Kube.CreateAsync(
            new KubeObject(new JsonObject
            {
                ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = "shop-tls", ["namespace"] = environment.Namespace }, ["type"] = "kubernetes.io/tls",
                ["data"] = new JsonObject { ["tls.crt"] = Convert.ToBase64String("certificate"u8), ["tls.key"] = Convert.ToBase64String("key"u8) },
            }),
            CancellationToken.None);

        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
    }

    private async Task<ComponentStatus?> EdgeAsync(EnvironmentId id)
    {
        await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
        return (await _world.EnvironmentAsync(id)).Status.Components.FirstOrDefault(component => component.Component == Component.Edge);
    }
}
