using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Benchmarks;

/// <summary>
/// The engine against <c>kubectl apply --server-side</c> with the same objects on the same server, turn by turn: the first apply into an empty namespace, and
/// again when nothing changed. The engine rehearses everything before its first write; kubectl does not.
/// </summary>
/// <remarks>On the sandbox, or on the server of <c>PORTAL_TEST_KUBECONFIG</c>. Needs kubectl on the PATH.</remarks>
internal static class EngineBenchmark
{
    private const int Rounds = 5;

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("portal-benchmark-");
        var kubeconfig = Environment.GetEnvironmentVariable("PORTAL_TEST_KUBECONFIG");
        await using var sandbox = kubeconfig is null
            ? await SandboxCluster.StartAsync(
                SandboxOptions.Instant with { KubeconfigPath = Path.Combine(folder.FullName, "kubeconfig") }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None)
            : null;
        kubeconfig ??= sandbox!.KubeconfigPath;
        using var client = new KubeClient(ClusterConnection.FromKubeconfig(kubeconfig, null), TimeProvider.System, NullLogger<KubeClient>.Instance);
        var capabilities = await client.CapabilitiesAsync(CancellationToken.None);
        var times = new List<Round>();
        for (var round = 0; round <= Rounds; round++)
        {
            var kubectl = Render(capabilities, $"kubectl-{round}");
            var engine = Render(capabilities, $"engine-{round}");
            var file = Write(folder.FullName, kubectl);
            var applier = new StackApplier(new CredentialFactory(TimeProvider.System));
            var (kubectlFirst, kubectlAgain) = (await TimeAsync(() => KubectlAsync(kubeconfig, file)), await TimeAsync(() => KubectlAsync(kubeconfig, file)));
            var rehearsal = 0.0;
            var (first, settling) = (await TimeAsync(async () => rehearsal = await ApplyAsync(applier, client, engine)), await TimeAsync(() => LookAsync(applier, client, engine)));

            // What the cluster makes of an apply would share the cores with the look at what has settled.
            await CalmAsync(client, engine);
            await LookAsync(applier, client, engine);
            var measured = new Round(kubectlFirst, kubectlAgain, first, rehearsal, settling, await TimeAsync(() => LookAsync(applier, client, engine)), await TimeAsync(() => ReadAsync(client, engine)));
            await RemoveAsync(client, kubectl, engine);
            if (round > 0)
            {
                times.Add(measured);
            }
        }

        var objects = Render(capabilities, "x").Stack.Manifests.Count;
        Measure.Report($"{objects} objects of Medium, kubectl, first and unchanged", $"{Seconds(times, round => round.KubectlFirst)} {Seconds(times, round => round.KubectlAgain)}");
        Measure.Report("  engine with rehearsal, first, once after it and unchanged", $"{Seconds(times, round => round.EngineFirst)} {Seconds(times, round => round.EngineSettling)} {Seconds(times, round => round.EngineAgain)}");
        Measure.Report("  of the unchanged, reading what is there", Seconds(times, round => round.Reading));
        Measure.Report("  of the first, rehearsing", Seconds(times, round => round.Rehearsal));
        Measure.Report("  applying alone / kubectl, first", Ratio(times, round => (round.EngineFirst - round.Rehearsal) / round.KubectlFirst));
        Measure.Report("  engine / kubectl, first", Ratio(times, round => round.EngineFirst / round.KubectlFirst), "1.00 x");
        Measure.Report("  engine / kubectl, unchanged", Ratio(times, round => round.EngineAgain / round.KubectlAgain), "1.00 x");
        Measure.Report("  unchanged / first", Ratio(times, round => round.EngineAgain / round.EngineFirst), "0.10 x");
        folder.Delete(recursive: true);
    }

    private static Task<LiveStack> ReadAsync(KubeClient client, Rendered rendered) => LiveStack.ReadAsync(
        client, rendered.Identity.Id, rendered.Identity.Namespace, rendered.Stack.Manifests.Select(manifest => (manifest.Object.ApiVersion, manifest.Object.Kind)), CancellationToken.None);

    /// <summary>What a look at a settled environment does, without the database.</summary>
    private static async Task LookAsync(StackApplier applier, KubeClient client, Rendered rendered)
    {
        var live = await ReadAsync(client, rendered);
        var applied = await applier.ApplyAsync(client, live, rendered.Stack.Manifests, OwnershipRules.TakeOver, CancellationToken.None);
        if (applied.Changes != new ChangeCount(0, 0, 0, 0))
        {
            throw new InvalidOperationException($"A look at what has not changed wrote: {applied.Changes}.");
        }
    }

    /// <summary>Waits until nothing of it changes any more.</summary>
    private static async Task CalmAsync(KubeClient client, Rendered rendered)
    {
        var before = "";
        await Eventually.Holds(
            async () =>
            {
                var now = string.Join(' ', (await ReadAsync(client, rendered)).All.Select(item => $"{item.Uid}@{item.ResourceVersion}").Order(StringComparer.Ordinal));
                var same = now == before;
                before = now;
                return same;
            },
            same => same, "the cluster to be calm", TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(500));
    }

    /// <summary>What the look at a new environment does, without the database.</summary>
    /// <returns>How many seconds of it were the rehearsal.</returns>
    private static async Task<double> ApplyAsync(StackApplier applier, KubeClient client, Rendered rendered)
    {
        var stack = rendered.Stack;
        var live = await ReadAsync(client, rendered);
        var namespaces = stack.Manifests.Where(manifest => manifest.Object.Kind == "Namespace").ToList();
        var rules = OwnershipRules.TakeOver;
        await applier.ApplyAsync(client, live, namespaces, rules, CancellationToken.None);
        var rehearsal = await TimeAsync(() => applier.RehearseAsync(client, live, stack.Manifests.Except(namespaces), rules, CancellationToken.None));
        await applier.ApplyAsync(client, live, stack.Manifests.Except(namespaces), rules, CancellationToken.None);
        return rehearsal;
    }

    private static Rendered Render(ClusterCapabilities capabilities, string name)
    {
        var identity = new StackIdentity(EnvironmentId.New(TimeProvider.System), "payments", name, $"portal-benchmark-{name}", 1);
        return new(identity, StackBlueprint.Render(Presets.Create(Preset.Medium, Purpose.Staging, "shop.apps.example"), identity, capabilities));
    }

    private static string Write(string folder, Rendered rendered)
    {
        var credentials = new CredentialFactory(TimeProvider.System);
        var list = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "List",
            ["items"] = new JsonArray([.. rendered.Stack.Manifests.Select(manifest => (manifest.IsCreateOnly ? credentials.Fill(manifest) : manifest.Object).Root.DeepClone())]),
        };
        var path = Path.Combine(folder, $"{rendered.Identity.Name}.json");
        File.WriteAllText(path, list.ToJsonString());
        return path;
    }

    private static async Task KubectlAsync(string kubeconfig, string file)
    {
        var start = new ProcessStartInfo("kubectl", ["--kubeconfig", kubeconfig, "apply", "--server-side", "--validate=false", "-f", file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await output;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"kubectl failed: {await errors}");
        }
    }

    private static async Task RemoveAsync(KubeClient client, params Rendered[] all)
    {
        foreach (var manifest in all.SelectMany(rendered => rendered.Stack.Manifests).Where(manifest => manifest.Object.Namespace is null))
        {
            await client.DeleteAsync(manifest.Object.Ref, new DeleteOptions(), CancellationToken.None);
        }
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }

    private static string Seconds(List<Round> times, Func<Round, double> of) => Median(times, of).ToString("0.00 s", CultureInfo.InvariantCulture);

    private static string Ratio(List<Round> times, Func<Round, double> of) => Median(times, of).ToString("0.00 x", CultureInfo.InvariantCulture);

    private static double Median(List<Round> times, Func<Round, double> of) => times.Select(of).Order().ElementAt(times.Count / 2);

    private sealed record Rendered(StackIdentity Identity, RenderedStack Stack);

    private sealed record Round(double KubectlFirst, double KubectlAgain, double EngineFirst, double Rehearsal, double EngineSettling, double EngineAgain, double Reading);
}
