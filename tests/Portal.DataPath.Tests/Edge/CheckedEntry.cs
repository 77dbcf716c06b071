using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.LoadBalancer;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;
using Portal.Provisioning.Blueprint;
using Portal.Testing;

namespace Portal.DataPath.Tests.Edge;

/// <summary>The way that a request takes, edge, load balancer with its firewall, and services, and the rendered script that asks along it.</summary>
/// <remarks>What differs from the pod: addresses and paths, and how long it asks again.</remarks>
internal sealed class CheckedEntry : IAsyncDisposable
{
    private readonly string _directory = TemporaryDirectory.Create("portal-check-");

    private CheckedEntry(LocalLoadBalancer balancer, LocalEdge edge)
    {
        Balancer = balancer;
        Edge = edge;
    }

    public LocalLoadBalancer Balancer { get; }

    public LocalEdge Edge { get; }

    private string LastWords => Path.Combine(_directory, "termination-log");

    /// <param name="stack">The edge's rendering; null for that of the load balancer.</param>
    /// <param name="firewall">What the load balancer really does.</param>
    public static async Task<CheckedEntry> StartAsync(RenderedStack? stack = null, WafMode firewall = WafMode.Blocking)
    {
        var balancer = await LocalLoadBalancer.StartAsync(spec => spec with { Waf = firewall });
        try
        {
            return new(balancer, await LocalEdge.StartAsync(stack ?? balancer.Stack, balancer.Certificate, balancer.Port));
        }
        catch
        {
            await balancer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the check that a stack brings along: how it ended, what it said, and its last words.</summary>
    /// <param name="shown">What the Secret holds, or nothing where the certificate is somebody else's.</param>
    /// <param name="seconds">Until when it asks again; each question is asked at least once.</param>
    public async Task<(int Code, string Output, string LastWords)> CheckAsync(RenderedStack stack, string? shown, int seconds = 0)
    {
        var script = RenderedText.Of(stack, "edge-check", "check.sh")
            .With("/tmp/shown.pem", Path.Combine(_directory, "shown.pem"))
            .With("/dev/termination-log", LastWords)
            .With("edge-jakarta.shop.svc:443", $"127.0.0.1:{Edge.Port}").With("edge-jakarta.shop.svc:80", $"127.0.0.1:{Edge.PlainPort}");
        if (shown is not null)
        {
            script = script.With("/run/secrets/edge/tls.crt", new RenderedText("the certificate", shown).Save(_directory, "tls.crt"));
        }

        var environment = RenderedPod.Environment(stack, "Job", "edge-check", "check");
        environment["DEADLINE_SECONDS"] = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var (code, output) = await RunToEnd.Async("/bin/bash", [script.Save(_directory, "check.sh")], environment);
        return (code, output, File.Exists(LastWords) ? await File.ReadAllTextAsync(LastWords) : "");
    }

    public async ValueTask DisposeAsync()
    {
        await Edge.DisposeAsync();
        await Balancer.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
