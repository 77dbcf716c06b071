using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Feeds;
using Portal.Core.Persistence;
using Portal.Core.Plans;
using Portal.Core.Requests;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Rollouts;
using Portal.Core.Teams;

namespace Portal.Testing;

/// <summary>The domain as the portal registers it, on a test database, with a clock, planner and trigger that the test owns.</summary>
public sealed class TestCore : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private TestCore(DatabaseSettings settings, string team, IReadOnlyList<string> clusters, PlatformOffers platform)
    {
        Team = team;
        // Of this test alone, like the team: environments of one cluster cannot share a host name.
        Cluster = clusters.Count > 0 ? clusters[0] : $"cluster-{team}";
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IPlanner>(Planner)
            .AddSingleton<IReconcileTrigger>(Trigger)
            .AddSingleton(new ClusterCatalog(clusters.Count > 0 ? clusters : [Cluster]))
            .AddSingleton(platform)
            .AddPortalCore(settings)
            .BuildServiceProvider();
    }

    public TestClock Clock { get; } = new();

    public FakePlanner Planner { get; } = new();

    public RecordingTrigger Trigger { get; } = new();

    /// <summary>A team of this test alone, so that tests may share a database.</summary>
    public string Team { get; }

    /// <summary>Where environments are placed by default.</summary>
    public string Cluster { get; }

    public Actor Member => AnActor.Member(Team);

    public Actor Approver { get; } = AnActor.Approver();

    public ChangeSignal Signal => Get<ChangeSignal>();

    public PortalSessions Sessions => Get<PortalSessions>();

    public IReconcileStore Store => Get<IReconcileStore>();

    /// <summary>On a database that has the newest migration.</summary>
    /// <param name="clusters">Where environments can be placed; one of this test alone when none is named.</param>
    public static Task<TestCore> StartAsync(DatabaseSettings settings, params string[] clusters) => StartAsync(settings, new PlatformOffers(ObjectStore: false), clusters);

    public static async Task<TestCore> StartAsync(DatabaseSettings settings, PlatformOffers platform, params string[] clusters)
    {
        var core = new TestCore(settings, $"t{Guid.NewGuid().ToString("N")[..10]}", clusters, platform);
        await core.AddTeamAsync(core.Team);
        return core;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task AddTeamAsync(string slug)
    {
        await using var session = Sessions.Open();
        await session.UpsertAsync(new Team(slug, $"Team {slug}"), CancellationToken.None);
        await session.TrySaveAsync(CancellationToken.None);
    }

    /// <summary>A request for a new environment, submitted by the team's member.</summary>
    public async Task<EnvironmentRequest> RequestAsync(string name = "shop", EnvironmentSpec? spec = null) =>
        (await Get<RequestEnvironmentCommand>().ExecuteAsync(Member, new NewEnvironment(Team, name, ASpec.Named(name, spec ?? ASpec.Small())), CancellationToken.None)).Value;

    /// <summary>An environment that was requested and approved.</summary>
    public async Task<EnvironmentId> ApprovedAsync(string name = "shop", EnvironmentSpec? spec = null)
    {
        var request = await RequestAsync(name, spec);
        var decided = await Get<DecideCommand>().ExecuteAsync(Approver, request.Id, Verdict.Approve, null, null, CancellationToken.None);
        return decided.Value.EnvironmentId;
    }

    public async Task<AppEnvironment?> FindEnvironmentAsync(EnvironmentId id)
    {
        await using var session = Sessions.Open();
        return await session.FindEnvironmentAsync(id, CancellationToken.None);
    }

    public async Task<EnvironmentRequest?> FindRequestAsync(RequestId id)
    {
        await using var session = Sessions.Open();
        return await session.FindRequestAsync(id, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
