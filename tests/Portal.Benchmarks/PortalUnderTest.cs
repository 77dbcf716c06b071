using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Core.Requests;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Teams;
using Portal.Jobs;
using Portal.Provisioning;
using Portal.Provisioning.Clusters;
using Portal.Testing;

namespace Portal.Benchmarks;

/// <summary>The portal without its pages, in this process: domain, queue, workers, an embedded database and the sandbox with its data directory.</summary>
internal sealed class PortalUnderTest : IAsyncDisposable
{
    private const string Team = "payments";

    private readonly TestDatabase _database;
    private readonly DirectoryInfo _data;
    private readonly IHost _host;

    private PortalUnderTest(TestDatabase database, DirectoryInfo data, IHost host) => (_database, _data, _host) = (database, data, host);

    /// <param name="change">What is different from the portal that users start.</param>
    public static async Task<PortalUnderTest> StartAsync(Action<IServiceCollection>? change = null)
    {
        var database = await TestSqlite.CreateAsync();
        var data = Directory.CreateTempSubdirectory("portal-benchmark-");
        var builder = Host.CreateApplicationBuilder();

        // What goes wrong is worth a line; all else would be part of the measurement.
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddPortalCore(database.Settings);
        builder.Services.AddPortalProvisioning(new ClusterSettings(true, null, null, false, data.FullName));
        change?.Invoke(builder.Services);
        builder.Services.AddPortalJobs(JobSettings.Default);
        var portal = new PortalUnderTest(database, data, builder.Build());
        await portal._host.StartAsync();
        await using var session = portal.Get<PortalSessions>().Open();
        await session.UpsertAsync(new Team(Team, "Payments"), CancellationToken.None);
        await session.TrySaveAsync(CancellationToken.None);
        return portal;
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task<EnvironmentId> ApproveAsync(string name, Preset preset)
    {
        var wanted = new NewEnvironment(Team, name, Presets.Create(preset, Purpose.Development, $"{name}.apps.example"));
        var request = await Get<RequestEnvironmentCommand>().ExecuteAsync(AnActor.Member(Team), wanted, CancellationToken.None);
        var decided = await Get<DecideCommand>().ExecuteAsync(AnActor.Approver(), request.Value.Id, Verdict.Approve, null, null, CancellationToken.None);
        return decided.Value.EnvironmentId;
    }

    public async Task<AppEnvironment> EnvironmentAsync(EnvironmentId id) =>
        (await Get<EnvironmentQueries>().GetAsync(AnActor.Approver(), id, CancellationToken.None)).Value;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _database.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
