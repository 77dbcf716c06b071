using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Sandbox;

namespace Portal.Benchmarks;

/// <summary>Many environments of preset Small on one sandbox without delays, applied as the engine does: read, namespace, rehearsal, apply. Client and server share the process.</summary>
internal static class SandboxLoadBenchmark
{
    private const int Default = 200;
    private const int Parallelism = 4;
    private const int PodsPerNode = 250;
    private const int PodsPerEnvironment = 40;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(string? argument)
    {
        var count = argument is null ? Default : int.Parse(argument, NumberStyles.None, CultureInfo.InvariantCulture);
        var options = SandboxOptions.Instant with
        {
            Nodes = 3 + (count * PodsPerEnvironment / PodsPerNode), NodeCpu = "1000", NodeMemory = "4Ti", PodsPerNode = PodsPerNode, Https = Environment.GetEnvironmentVariable("PORTAL_BENCHMARK_HTTP") is null,
        };
        await using var sandbox = await SandboxCluster.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        using var client = Connect(sandbox);
        var capabilities = await client.CapabilitiesAsync(CancellationToken.None);
        await ApplyAsync(client, capabilities, 0);
        await SettleAsync(client, 1);

        var version = await VersionAsync(client);
        var (heap, memory) = Memory();
        var (clock, cpu, allocated) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime, GC.GetTotalAllocatedBytes());
        var peak = 0L;
        await Parallel.ForEachAsync(Enumerable.Range(1, count), new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (number, _) =>
        {
            await ApplyAsync(client, capabilities, number);
            peak = Math.Max(peak, Environment.WorkingSet);
        });
        var applied = clock.Elapsed;
        await SettleAsync(client, count + 1);
        var (took, used) = (clock.Elapsed, Process.GetCurrentProcess().TotalProcessorTime - cpu);
        var garbage = GC.GetTotalAllocatedBytes() - allocated;
        var (heapAfter, memoryAfter) = Memory();
        Measure.Report($"{count} x Small, applied and ready", Text(took.TotalSeconds, "0.0 s"));
        Measure.Report("  applied", Text(applied.TotalSeconds, "0.0 s"));
        Measure.Report("  environments per second", Text(count / took.TotalSeconds, "0.00"), "5 on 2 cores");
        Measure.Report("  processor time per environment", Text(used.TotalMilliseconds / count, "0 ms"), "400 ms");
        Measure.Report("  writes of the server per environment", Text((await VersionAsync(client) - version) / (double)count, "0"));
        Measure.Report("  allocated per environment", Text(garbage / 1024.0 / 1024 / count, "0.0 MiB"));
        Measure.Report("  live heap per environment", Text((heapAfter - heap) / 1024.0 / count, "0 KiB"));
        Measure.Report("  working set per environment", Text((memoryAfter - memory) / 1024.0 / count, "0 KiB"));
        Measure.Report("  working set before, highest, at the end", $"{Mega(memory)} {Mega(peak)} {Mega(memoryAfter)}");
    }

    private static KubeClient Connect(SandboxCluster sandbox) => new(
        new ClusterConnection
        {
            Name = "sandbox",
            Server = sandbox.Address,
            CertificateAuthorities = [X509Certificate2.CreateFromPem(sandbox.CertificatePem)],
            Credential = ClusterCredential.FromToken(sandbox.Token),
            Options = new KubeClientOptions { CallsPerSecond = 100_000, Burst = 100_000 },
        },
        TimeProvider.System,
        NullLogger<KubeClient>.Instance);

    private static async Task ApplyAsync(KubeClient client, ClusterCapabilities capabilities, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"shop-{number}");
        var identity = new StackIdentity(new EnvironmentId(new Guid(number, 7, 7, 1, 2, 3, 4, 5, 6, 7, 8)), "payments", name, $"payments-{name}", 1);
        var stack = StackBlueprint.Render(Presets.Create(Preset.Small, Purpose.Development, $"{name}.apps.example"), identity, capabilities);
        var kinds = stack.Manifests.Select(manifest => (manifest.Object.ApiVersion, manifest.Object.Kind));
        var live = await LiveStack.ReadAsync(client, identity.Id, identity.Namespace, kinds, CancellationToken.None);
        var applier = new StackApplier(new CredentialFactory(TimeProvider.System));
        var namespaces = stack.Manifests.Where(manifest => manifest.Object.Kind == "Namespace").ToList();
        await applier.ApplyAsync(client, live, namespaces, OwnershipRules.TakeOver, CancellationToken.None);
        await applier.RehearseAsync(client, live, stack.Manifests.Except(namespaces), OwnershipRules.TakeOver, CancellationToken.None);
        await applier.ApplyAsync(client, live, stack.Manifests.Except(namespaces), OwnershipRules.TakeOver, CancellationToken.None);
    }

    /// <summary>Waits until the workloads of the last environments are ready; what was applied earlier is ready by then.</summary>
    private static async Task SettleAsync(KubeClient client, int count)
    {
        foreach (var kind in (string[])["Deployment", "StatefulSet"])
        {
            for (var number = Math.Max(0, count - 1 - Parallelism); number < count; number++)
            {
                while (!(await client.ListAsync(new ListQuery("apps/v1", kind, string.Create(CultureInfo.InvariantCulture, $"payments-shop-{number}")), CancellationToken.None)).Items.All(IsReady))
                {
                    await Task.Delay(s_pause, TimeProvider.System);
                }
            }
        }
    }

    private static async Task<long> VersionAsync(KubeClient client) =>
        long.Parse((await client.ListAsync(new ListQuery("v1", "Namespace", null), CancellationToken.None)).ResourceVersion, CultureInfo.InvariantCulture);

    private static bool IsReady(KubeObject workload) => workload.Number("status", "readyReplicas") == workload.Number("spec", "replicas");

    private static (long Heap, long WorkingSet) Memory()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }

    private static string Mega(long bytes) => Text(bytes / 1024.0 / 1024, "0 MiB");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
