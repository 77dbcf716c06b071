using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>The whole stack of each preset on the sandbox cluster: accepted, running, and the same when it is applied again.</summary>
public sealed class StackOnAClusterTests
{
    private static readonly ApplyOptions s_apply = new() { Force = true };

    [Theory]
    [InlineData(Preset.Small)]
    [InlineData(Preset.Medium)]
    [InlineData(Preset.Large)]
    public Task Apply_OfAPreset_IsHealthyAndThenChangesNothing(Preset preset) => ApplyTwiceAsync(Presets.Create(preset, Purpose.Production, "shop.apps.example"));

    // Two ports of one number at a Service.
    [Fact]
    public Task Apply_OfEdgesWithHttp3_IsHealthyAndThenChangesNothing() =>
        ApplyTwiceAsync(Presets.Create(Preset.Small, Purpose.Production, "shop.apps.example") is var small ? small with { Edge = small.Edge with { Http3 = true } } : throw new InvalidOperationException());

    private static async Task ApplyTwiceAsync(EnvironmentSpec spec)
    {
        await using var sandbox = await SandboxCluster.StartAsync(SandboxOptions.Instant, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        using var client = Connect(sandbox);
        var stack = StackBlueprint.Render(spec, StackCase.Identity, await client.CapabilitiesAsync(CancellationToken.None));

        await ApplyAsync(client, stack);

        await Eventually.Holds(() => UnhealthyAsync(client, stack), unhealthy => unhealthy.Length == 0, "every object healthy", TimeSpan.FromSeconds(60));
        var before = await GenerationsAsync(client, stack);
        await ApplyAsync(client, stack);
        Assert.Equal(before, await GenerationsAsync(client, stack));
    }

    private static KubeClient Connect(SandboxCluster sandbox) => new(
        new ClusterConnection
        {
            Name = "sandbox",
            Server = sandbox.Address,
            CertificateAuthorities = [System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(sandbox.CertificatePem)],
            Credential = ClusterCredential.FromToken(sandbox.Token),
            Options = new KubeClientOptions { CallsPerSecond = 10_000, Burst = 10_000 },
        },
        TimeProvider.System,
        NullLogger<KubeClient>.Instance);

    private static async Task ApplyAsync(KubeClient client, RenderedStack stack)
    {
        var credentials = new CredentialFactory(TimeProvider.System);
        foreach (var manifest in stack.Manifests)
        {
            if (!manifest.IsCreateOnly)
            {
                await client.ApplyAsync(manifest.Object, s_apply, CancellationToken.None);
            }
            else if (await client.GetAsync(manifest.Object.Ref, CancellationToken.None) is null)
            {
                await client.CreateAsync(credentials.Fill(manifest), CancellationToken.None);
            }
        }
    }

    private static async Task<string> UnhealthyAsync(KubeClient client, RenderedStack stack)
    {
        var sentences = new List<string>();
        foreach (var manifest in stack.Manifests)
        {
            var live = await client.GetAsync(manifest.Object.Ref, CancellationToken.None);
            var report = live is null ? new HealthReport(HealthStatus.Missing, "It is not there.") : ObjectHealth.Assess(live);
            if (report.Status != HealthStatus.Healthy)
            {
                sentences.Add($"{manifest.Object}: {report.Status}, {report.Message}");
            }
        }

        return string.Join('\n', sentences);
    }

    private static async Task<List<string>> GenerationsAsync(KubeClient client, RenderedStack stack)
    {
        var generations = new List<string>();
        foreach (var manifest in stack.Manifests)
        {
            var live = await client.GetAsync(manifest.Object.Ref, CancellationToken.None);
            generations.Add($"{manifest.Object} {live?.Uid} {live?.Generation}");
        }

        return generations;
    }
}
