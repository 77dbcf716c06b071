using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>The platform's own Secrets in the namespaces of environments: copied, followed, taken away, and told nobody.</summary>
public sealed class PlatformSecretTests : IAsyncLifetime
{
    private const string First = "first-value-4711";
    private const string Second = "second-value-4712";

    private static readonly PlatformSettings s_platform = new()
    {
        PullSecret = "pull", SecretsNamespace = "platform", ObjectStore = new(new Uri("https://objects.example:9000"), "us-east-1", "backups", "store-keys"),
    };

    private ReconcileWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ReconcileWorld.StartAsync();
        await _world.Kube.CreateAsync(new KubeObject(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = "platform" } }), CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Secrets_OfThePlatform_AreCopiedFollowedAndTakenAwayAndTheirValuesStayInTheCluster()
    {
        await PutAsync("pull", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "{\"auths\":{\"registry.example\":{\"auth\":\"" + First + "\"}}}");
        await PutAsync("nobody-names-it", "Opaque", "key", First);
        var reconciler = _world.NewReconciler(s_platform);
        var id = await _world.ApprovedAsync();

        // One of the two is missing: its component says so and waits, and what does not need it goes on.
        var waiting = await SeenAsync(reconciler, id, status => Of(status, Component.MySql).NextStep is not null && Of(status, Component.Base).Health == HealthStatus.Healthy, "MySQL waits");
        Assert.Equal("The Secret \"store-keys\" is not in the namespace platform.", Of(waiting, Component.MySql).Message);
        Assert.Contains("put the Secret \"store-keys\" into the namespace platform", Of(waiting, Component.MySql).NextStep, StringComparison.Ordinal);

        await PutAsync("store-keys", "Opaque", "access-key-id", First);
        var environment = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready, reconciler);
        Assert.Equal(("kubernetes.io/dockerconfigjson", true), (await CopyAsync(environment, "pull") is var pull ? (pull!.Text("type"), Value(pull, ".dockerconfigjson").Contains(First, StringComparison.Ordinal)) : default));
        Assert.Equal(First, Value(await CopyAsync(environment, "store-keys"), "access-key-id"));
        Assert.Null(await CopyAsync(environment, "nobody-names-it"));

        // Rotation, and a key that is no longer there.
        await _world.Kube.DeleteAsync(Source("store-keys"), new DeleteOptions(), CancellationToken.None);
        await PutAsync("store-keys", "Opaque", "secret-access-key", Second);
        await reconciler.ReconcileAsync(id, CancellationToken.None);
        var rotated = await CopyAsync(environment, "store-keys");
        Assert.Equal(["secret-access-key"], ((JsonObject)rotated!.At("data")!).Select(key => key.Key));
        Assert.Equal(Second, Value(rotated, "secret-access-key"));
        await reconciler.ReconcileAsync(id, CancellationToken.None);
        Assert.Equal(rotated.ResourceVersion, (await CopyAsync(environment, "store-keys"))!.ResourceVersion);

        // What pods use stays when the source goes.
        await _world.Kube.DeleteAsync(Source("store-keys"), new DeleteOptions(), CancellationToken.None);
        await reconciler.ReconcileAsync(id, CancellationToken.None);
        Assert.NotNull(await CopyAsync(environment, "store-keys"));
        var sourceless = (await _world.EnvironmentAsync(id)).Status;
        Assert.Equal(EnvironmentPhase.Ready, sourceless.Phase);
        Assert.EndsWith("The Secret \"store-keys\" is not in the namespace platform. Its copy stays as it is.", Of(sourceless, Component.MySql).Message, StringComparison.Ordinal);
        Assert.NotNull(Of(sourceless, Component.MySql).NextStep);

        // The portal keeps names alone.
        var kept = JsonTexts(await _world.EnvironmentAsync(id), await _world.RolloutsAsync(id), await _world.InventoryAsync(id));
        Assert.Contains("store-keys", kept, StringComparison.Ordinal);
        foreach (var value in (string[])[First, Second])
        {
            Assert.DoesNotContain(value, kept, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)), kept, StringComparison.Ordinal);
        }

        // Settings that name one no more.
        var without = _world.NewReconciler(s_platform with { ObjectStore = null });
        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready, without);
        await Eventually.Holds(
            async () =>
            {
                await without.ReconcileAsync(id, CancellationToken.None);
                return await CopyAsync(environment, "store-keys");
            },
            copy => copy is null, "the copy is gone");
        Assert.NotNull(await CopyAsync(environment, "pull"));
    }

    [Fact]
    public void Render_WithoutTheNamespace_MakesNoSecretOfThem()
    {
        var spec = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        var identity = new StackIdentity(EnvironmentId.New(TimeProvider.System), "payments", "shop", "payments-shop", 1);

        var copies = StackBlueprint.Render(spec, identity, ClusterCapabilities.Basic, s_platform with { SecretsNamespace = null }).Manifests
            .Where(manifest => manifest.CopiedFrom is not null || manifest.Object.Name is "pull" or "store-keys");

        Assert.Empty(copies);
    }

    private static string JsonTexts(params object[] kept) => string.Concat(kept.Select(each => System.Text.Json.JsonSerializer.Serialize(each)));

    private static ComponentStatus Of(EnvironmentStatus status, Component component) =>
        status.Components.FirstOrDefault(each => each.Component == component) ?? new(component, HealthStatus.Missing, "", default, null, null);

    private static string Value(KubeObject? secret, string key) => Encoding.UTF8.GetString(Convert.FromBase64String((string)secret!.At("data")![key]!));

    private static ObjectRef Source(string name) => new("v1", "Secret", "platform", name);

    private Task<KubeObject?> CopyAsync(AppEnvironment environment, string name) => _world.Kube.GetAsync(new ObjectRef("v1", "Secret", environment.Namespace, name), CancellationToken.None);

    private Task<KubeObject> PutAsync(string name, string type, string key, string value) => _world.Kube.CreateAsync(new KubeObject(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "platform" },
        ["type"] = type,
        ["data"] = new JsonObject { [key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) },
    }), CancellationToken.None);

    private Task<EnvironmentStatus> SeenAsync(StackReconciler reconciler, EnvironmentId id, Func<EnvironmentStatus, bool> holds, string what) => Eventually.Holds(
        async () =>
        {
            await reconciler.ReconcileAsync(id, CancellationToken.None);
            return (await _world.EnvironmentAsync(id)).Status;
        },
        holds, what, every: ReconcileWorld.Pace);
}
