using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Core.Requests;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.RequestChange;
using Portal.Core.Requests.RequestDeletion;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Rollouts;
using Portal.Core.Teams;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;
using Portal.Provisioning.Tests.Kubernetes;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>The domain on SQLite, a cluster over the wire, and reconcilers that the test activates by hand.</summary>
internal sealed class ReconcileWorld : IAsyncDisposable
{
    /// <summary>A second cluster that requests may name; a test that wants it registers it.</summary>
    public const string OtherCluster = "other";

    /// <summary>Between two looks: each costs a list per kind, and looking all the time only keeps the cluster from its work.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private const string Team = "payments";

    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;

    private readonly SandboxCluster? _sandbox;

    private ReconcileWorld(TestDatabase database, SandboxCluster? sandbox, string kubeconfig)
    {
        _database = database;
        _sandbox = sandbox;
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Clock)
            .AddPortalCore(database.Settings)
            .AddPortalProvisioning(new ClusterSettings(false, kubeconfig, null, false, Path.GetDirectoryName(kubeconfig)!))
            .AddSingleton(new ClusterCatalog(["default", OtherCluster]))
            .AddSingleton(new PlatformOffers(ObjectStore: false))
            .AddSingleton<IReconcileTrigger>(new RecordingTrigger())
            .BuildServiceProvider();
        Kube = new KubeClient(ClusterConnection.FromKubeconfig(kubeconfig, null), TimeProvider.System, NullLogger<KubeClient>.Instance);
        Get<ClusterRegistry>().Add("default", new KubeClient(ClusterConnection.FromKubeconfig(kubeconfig, null), TimeProvider.System, NullLogger<KubeClient>.Instance));
    }

    /// <summary>The world's own sandbox, to disturb it.</summary>
    public SandboxCluster Cluster => _sandbox ?? throw new InvalidOperationException("This world is on a cluster that it does not own.");

    /// <summary>The portal's clock; the cluster has its own.</summary>
    public ShiftedClock Clock { get; } = new();

    /// <summary>A client of the test's own, to look at the world.</summary>
    public KubeClient Kube { get; }

    public Actor Member { get; } = AnActor.Member(Team);

    public Actor Approver { get; } = AnActor.Approver();

    public static async Task<ReconcileWorld> StartAsync(SandboxOptions? options = null)
    {
        var kubeconfig = Path.Combine(Directory.CreateTempSubdirectory("portal-sandbox-").FullName, "kubeconfig");
        var cluster = await SandboxCluster.StartAsync(
            (options ?? SandboxOptions.Instant) with { KubeconfigPath = kubeconfig }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        return await StartAsync(cluster, kubeconfig);
    }

    /// <summary>On a cluster that is there already and stays.</summary>
    public static Task<ReconcileWorld> OnAsync(LiveCluster cluster) => StartAsync(null, cluster.Kubeconfig);

    private static async Task<ReconcileWorld> StartAsync(SandboxCluster? sandbox, string kubeconfig)
    {
        var world = new ReconcileWorld(await TestSqlite.CreateAsync(), sandbox, kubeconfig);
        await using var session = world.Get<PortalSessions>().Open();
        await session.UpsertAsync(new Team(Team, "Payments"), CancellationToken.None);
        await session.TrySaveAsync(CancellationToken.None);
        return world;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A reconciler as another process would have it: its own identity, the same database and cluster.</summary>
    public StackReconciler NewReconciler(params object[] own) => ActivatorUtilities.CreateInstance<StackReconciler>(_services, own);

    public async Task<EnvironmentId> ApprovedAsync(string name = "shop", EnvironmentSpec? spec = null, string? cluster = null)
    {
        // Environments of one cluster cannot share a host name.
        var named = spec ?? Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        var wanted = new NewEnvironment(Team, name, named.HostName == "shop.apps.example" ? named with { HostName = $"{name}.apps.example" } : named, Cluster: cluster);
        var request = (await Get<RequestEnvironmentCommand>().ExecuteAsync(Member, wanted, CancellationToken.None)).Value;
        return await ApproveAsync(request);
    }

    public async Task<EnvironmentRequest> RequestChangeAsync(EnvironmentId id, EnvironmentSpec spec) =>
        (await Get<RequestChangeCommand>().ExecuteAsync(Member, id, spec, null, CancellationToken.None)).Value;

    public async Task<EnvironmentId> ApproveAsync(EnvironmentRequest request) =>
        (await Get<DecideCommand>().ExecuteAsync(Approver, request.Id, Verdict.Approve, null, request.ContentHash, CancellationToken.None)).Value.EnvironmentId;

    public async Task<EnvironmentRequest> DeleteAsync(EnvironmentId id, DataDisposition data = DataDisposition.Delete)
    {
        var environment = await EnvironmentAsync(id);
        return (await Get<RequestDeletionCommand>().ExecuteAsync(Member, id, environment.Name, null, data, CancellationToken.None)).Value;
    }

    public async Task<AppEnvironment> EnvironmentAsync(EnvironmentId id) =>
        (await Get<EnvironmentQueries>().GetAsync(Member, id, CancellationToken.None)).Value;

    public async Task<IReadOnlyList<Rollout>> RolloutsAsync(EnvironmentId id) =>
        (await Get<EnvironmentQueries>().RolloutsAsync(Member, id, CancellationToken.None)).Value;

    public async Task<IReadOnlyList<InventoryEntry>> InventoryAsync(EnvironmentId id) =>
        (await Get<EnvironmentQueries>().InventoryAsync(Member, id, CancellationToken.None)).Value;

    /// <summary>Activates until the environment is in the phase.</summary>
    public async Task<AppEnvironment> ReconcileUntilAsync(EnvironmentId id, EnvironmentPhase phase, StackReconciler? reconciler = null, TimeSpan? within = null)
    {
        reconciler ??= Get<StackReconciler>();
        await Eventually.Holds(
            async () =>
            {
                await reconciler.ReconcileAsync(id, CancellationToken.None);
                return (await EnvironmentAsync(id)).Status;
            },
            status => status.Phase == phase,
            $"phase {phase}",
            within,
            Pace);
        return await EnvironmentAsync(id);
    }

    /// <summary>Everything of the kinds that a stack may have, as the test's own client sees it.</summary>
    public async Task<LiveStack> LiveAsync(AppEnvironment environment) => await LiveStack.ReadAsync(
        Kube, environment.Id, environment.Namespace, Provisioning.Planning.StackKinds.On(await Kube.CapabilitiesAsync(CancellationToken.None)), CancellationToken.None);

    /// <summary>Every object in the environment's namespace, by kind and name; empty when the namespace is gone.</summary>
    public async Task<IReadOnlyList<string>> ObjectsAsync(AppEnvironment environment) =>
        [.. (await LiveAsync(environment)).All.Select(item => $"{item.Kind}/{item.Name}").Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        Kube.Dispose();
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
            Directory.Delete(Path.GetDirectoryName(_sandbox.KubeconfigPath)!, recursive: true);
        }
    }
}
