using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Core.Plans;
using Portal.Core.Results;
using Portal.Jobs.Hosting;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Benchmarks;

/// <summary>Many environments of preset Small on one sandbox without delays, through approval, queue, workers and database, all in this process.</summary>
/// <remarks>
/// Printed: how long all of them took, and how long one more takes when the others are there and are looked at as ever, against the same one when there was none.
/// The invented load stays as it is, so that it is rollouts that are measured and not the autoscalers of those that are done.
/// Plans are made when a request is submitted and are not part of it.
/// </remarks>
internal static class FleetBenchmark
{
    private const int Default = 300;
    private const int Samples = 5;

    public static async Task RunAsync(string? argument)
    {
        var count = argument is null ? Default : int.Parse(argument, NumberStyles.None, CultureInfo.InvariantCulture);
        await using var portal = await PortalUnderTest.StartAsync(services => services
            .AddSingleton(SandboxOptions.Instant with { LoadSwing = 0, Nodes = 3 + (count / 5), NodeCpu = "1000", NodeMemory = "4Ti" })
            .AddSingleton<IPlanner, NoPlanner>());
        await OneAsync(portal, "warm");
        var alone = await SampleAsync(portal, "first");
        var clock = Stopwatch.StartNew();
        var used = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var peak = 0L;
        for (var number = 0; number < count; number++)
        {
            await portal.ApproveAsync($"shop-{number}", Preset.Small);
        }

        var approved = clock.Elapsed;
        var half = TimeSpan.Zero;
        await Eventually.Holds(
            async () =>
            {
                peak = Math.Max(peak, Environment.WorkingSet);
                var ready = await ReadyAsync(portal);
                half = half == TimeSpan.Zero && ready * 2 >= count ? clock.Elapsed : half;
                return ready;
            },
            ready => ready >= count, $"{count} ready", TimeSpan.FromHours(1), TimeSpan.FromSeconds(1));
        var took = clock.Elapsed;
        used = Environment.CpuUsage.TotalTime - used;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        Measure.Report($"{count} environments of Small, approved to ready", Text(took.TotalSeconds, "0.0 s"), count == 3000 ? "600 s" : null);
        Measure.Report("  the last one approved", Text(approved.TotalSeconds, "0.0 s"));
        Measure.Report("  half of them ready", Text(half.TotalSeconds, "0.0 s"));
        Measure.Report("  processor time for each", Text(used.TotalMilliseconds / count, "0 ms"));
        Measure.Report("  allocated for each", Text(allocated / 1024.0 / 1024 / count, "0.0 MiB"));
        Measure.Report("  working set, highest", Text(peak / 1024.0 / 1024, "0 MiB"), "1536 MiB");
        Measure.Report("  in use, of portal and cluster together", Text(GC.GetTotalMemory(forceFullCollection: true) / 1024.0 / 1024, "0 MiB"));

        // Until what the workers still had to do is done: one more comes to a quiet portal here as it did before.
        var queue = portal.Get<ReconcileQueue>();
        await Eventually.Holds(() => queue.Waiting == 0, "nothing waits", TimeSpan.FromMinutes(5));
        var among = await SampleAsync(portal, "next");
        Measure.Report("  one alone, approved to ready", Text(alone * 1000, "0 ms"));
        Measure.Report($"  one more beside {count}", Text(among * 1000, "0 ms"));
        Measure.Report("  one more / alone", Text(among / alone, "0.00 x"), "1.10 x");
    }

    private static async Task<int> ReadyAsync(PortalUnderTest portal) => (await portal.Get<EnvironmentQueries>().ListAsync(
        AnActor.Approver(), new EnvironmentFilter(Phase: EnvironmentPhase.Ready), new PageRequest(0, 1), CancellationToken.None)).Total;

    private static async Task<double> SampleAsync(PortalUnderTest portal, string name)
    {
        var times = new List<double>();
        for (var sample = 0; sample < Samples; sample++)
        {
            times.Add(await OneAsync(portal, $"{name}-{sample}"));
        }

        return times.Order().ElementAt(Samples / 2);
    }

    private static async Task<double> OneAsync(PortalUnderTest portal, string name)
    {
        var clock = Stopwatch.StartNew();
        var id = await portal.ApproveAsync(name, Preset.Small);
        await Eventually.Holds(
            async () => (await portal.EnvironmentAsync(id)).Status,
            status => status.Phase == EnvironmentPhase.Ready, "ready", TimeSpan.FromMinutes(5), TimeSpan.FromMilliseconds(20));
        return clock.Elapsed.TotalSeconds;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed class NoPlanner : IPlanner
    {
        public Task<Result<Plan>> PlanAsync(PlanSubject subject, CancellationToken ct) => Task.FromResult<Result<Plan>>(new Plan([], []));
    }
}
