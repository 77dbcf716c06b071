using Microsoft.AspNetCore.Http;
using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;
using Portal.Testing;

namespace Portal.DataPath.Tests.Ingress;

/// <summary>The environment's own ingress tier.</summary>
public sealed class IngressTests
{
    private static readonly EnvironmentSpec s_preset = Presets.Create(Preset.Small, Purpose.Production, "shop.apps.example");

    private static readonly EnvironmentSpec s_spec = s_preset with
    {
        LoadBalancer = s_preset.LoadBalancer with { Routes = [new("/", RoutedService.Frontend), new("/api", RoutedService.Gateway), new("/api", RoutedService.Publish, "X-Canary", "always")] },
    };

    [Fact]
    public async Task Request_ByPathAndHeader_GoesToItsServiceAsTheLoadBalancerSentIt()
    {
        await using var frontend = await Origin.NamedAsync("frontend");
        await using var gateway = await Origin.NamedAsync("gateway");
        await using var publish = await Origin.NamedAsync("publish");
        var (nginx, browser) = await LocalTier.IngressAsync(RenderedText.Stack(s_spec), new Dictionary<string, int> { ["frontend"] = frontend.Port, ["gateway"] = gateway.Port, ["publish"] = publish.Port });
        await using var running = nginx;
        using var client = browser;

        Assert.Equal("frontend", (await client.GetAsync("http://shop.apps.example/orders/7")).Text);
        Assert.Equal("gateway", (await client.GetAsync("http://shop.apps.example/api/x", ("X-Forwarded-For", "203.0.113.7"), ("X-Request-Id", "trace-me-0001"))).Text);
        Assert.Equal("publish", (await client.GetAsync("http://shop.apps.example/api/x", ("X-Canary", "always"))).Text);
        Assert.Equal("frontend", (await client.GetAsync("http://shop.apps.example/x", ("X-Canary", "always"))).Text);
        await client.GetAsync("http://shop.apps.example/api/y", ("X-Forwarded-For", "203.0.113.7"), ("X-Request-Id", "trace-me-0001"));
        Assert.Equal(("203.0.113.7", "trace-me-0001", "shop.apps.example"),
            (gateway.Header("/api/y", "X-Forwarded-For"), gateway.Header("/api/y", "X-Request-Id"), gateway.Header("/api/y", "Host")));
    }

    [Fact]
    public async Task Request_InFlightWhenThePodEnds_IsAnswered()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await Origin.StartAsync(async context =>
        {
            await release.Task;
            await context.Response.WriteAsync("done");
        });
        var (nginx, browser) = await LocalTier.IngressAsync(RenderedText.Stack(s_spec), new Dictionary<string, int> { ["frontend"] = service.Port, ["gateway"] = service.Port, ["publish"] = service.Port });
        await using var running = nginx;
        using var client = browser;
        var slow = client.GetAsync("http://shop.apps.example/slow");
        await Eventually.Holds(() => service.Hits("/slow") == 1, "the request is at the service");

        // The stop signal of the nginx images.
        await nginx.SignalAsync("QUIT");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Eventually.Holds(() => nginx.StatusAsync("healthz"), _ => false, "nginx takes no more connections"));
        release.SetResult();

        Assert.Equal((200, "done"), await slow is var answer ? (answer.Status, answer.Text) : default);
        await Eventually.Holds(() => !nginx.IsRunning, "nginx ends by itself");
    }
}
