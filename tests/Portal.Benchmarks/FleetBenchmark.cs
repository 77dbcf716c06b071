using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Core.Plans;
using Portal.Core.Requests;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Results;
using Portal.Core.Teams;
using Portal.Jobs;
using Portal.Jobs.Hosting;
using Portal.Provisioning;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Benchmarks;

/// <summary>Many environments of preset Small on one sandbox without delays, through approval, queue, workers and database, all in this process.</summary>
/// <remarks>
/// Printed: how long all of them took, and how long one more takes when the others are there and are looked at as ever, against the same one when there was none.
/// Plans are made when a request is submitted and are not part of it.
/// </remarks>
internal static class FleetBenchmark
{
    private const int Default = 300;
    private const int Samples = 5;
    private const string Team = "payments";

    public static async Task RunAsync(string? argument)
    {
        var count = argument is null ? Default : int.Parse(argument, NumberStyles.None, CultureInfo.InvariantCulture);
        await using var database = await TestSqlite.CreateAsync();
        var data = Directory.CreateTempSubdirectory("portal-benchmark-");
        using var host = Build(database.Settings, data.FullName, count);
        await host.StartAsync();
        var services = host.Services;
        await using (var session = services.GetRequiredService<PortalSessions>().Open())
        {
            await session.UpsertAsync(new Team(Team, "Payments"), CancellationToken.None);
            await session.TrySaveAsync(CancellationToken.None);
        }

        await OneAsync(services, "warm");
        var alone = await SampleAsync(services, "first");
        var clock = Stopwatch.StartNew();
        var used = Environment.CpuUsage.TotalTime;
        var peak = 0L;
        for (var number = 0; number < count; number++)
        {
            await ApproveAsync(services, $"shop-{number}");
        }

        var queries = services.GetRequiredService<EnvironmentQueries>();
        await Eventually.Holds(
            async () =>
            {
                peak = Math.Max(peak, Environment.WorkingSet);
                return (await queries.ListAsync(AnActor.Approver(), new EnvironmentFilter(Phase: EnvironmentPhase.Ready), new PageRequest(0, 1), CancellationToken.None)).Total;
            },
            ready => ready >= count, $"{count} ready", TimeSpan.FromHours(1), TimeSpan.FromSeconds(1));
        var took = clock.Elapsed;
        used = Environment.CpuUsage.TotalTime - used;
        Measure.Report($"{count} environments of Small, approved to ready", Text(took.TotalSeconds, "0.0 s"), count == 3000 ? "600 s" : null);
        Measure.Report("  processor time for each", Text(used.TotalMilliseconds / count, "0 ms"));
        Measure.Report("  working set, highest", Text(peak / 1024.0 / 1024, "0 MiB"), "1536 MiB");

        // Until what the workers still had to do is done: one more comes to a quiet portal here as it did before.
        var queue = services.GetRequiredService<ReconcileQueue>();
        await Eventually.Holds(() => queue.Waiting == 0, "nothing waits", TimeSpan.FromMinutes(5));
        var among = await SampleAsync(services, "next");
        Measure.Report("  one alone, approved to ready", Text(alone * 1000, "0 ms"));
        Measure.Report($"  one more beside {count}", Text(among * 1000, "0 ms"));
        Measure.Report("  one more / alone", Text(among / alone, "0.00 x"), "1.10 x");
        await host.StopAsync();
        data.Delete(recursive: true);
    }

    private static IHost Build(DatabaseSettings database, string data, int count)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddPortalCore(database);
        builder.Services.AddSingleton(SandboxOptions.Instant with { Nodes = 3 + (count / 5), NodeCpu = "1000", NodeMemory = "4Ti" });
        builder.Services.AddPortalProvisioning(new ClusterSettings(true, null, null, false, data));
        builder.Services.AddSingleton<IPlanner, NoPlanner>();
        builder.Services.AddPortalJobs(JobSettings.Default);
        return builder.Build();
    }

    private static async Task<double> SampleAsync(IServiceProvider services, string name)
    {
        var times = new List<double>();
        for (var sample = 0; sample < Samples; sample++)
        {
            times.Add(await OneAsync(services, $"{name}-{sample}"));
        }

        return times.Order().ElementAt(Samples / 2);
    }

    private static async Task<double> OneAsync(IServiceProvider services, string name)
    {
        var clock = Stopwatch.StartNew();
        var id = await ApproveAsync(services, name);
        var queries = services.GetRequiredService<EnvironmentQueries>();
        await Eventually.Holds(
            async () => (await queries.GetAsync(AnActor.Approver(), id, CancellationToken.None)).Value.Status.Phase,
            phase => phase == EnvironmentPhase.Ready, "ready", TimeSpan.FromMinutes(5), TimeSpan.FromMilliseconds(20));
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task<EnvironmentId> ApproveAsync(IServiceProvider services, string name)
    {
        var spec = Presets.Create(Preset.Small, Purpose.Development, $"{name}.apps.example");
        var request = await services.GetRequiredService<RequestEnvironmentCommand>().ExecuteAsync(AnActor.Member(Team), new NewEnvironment(Team, name, spec), CancellationToken.None);
        var decided = await services.GetRequiredService<DecideCommand>()
            .ExecuteAsync(AnActor.Approver(), request.Value.Id, Verdict.Approve, null, null, CancellationToken.None);
        return decided.Value.EnvironmentId;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed class NoPlanner : IPlanner
    {
        public Task<Result<Plan>> PlanAsync(PlanSubject subject, CancellationToken ct) => Task.FromResult<Result<Plan>>(new Plan([], []));
    }
}
