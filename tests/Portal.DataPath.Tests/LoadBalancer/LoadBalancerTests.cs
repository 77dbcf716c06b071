using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;

namespace Portal.DataPath.Tests.LoadBalancer;

/// <summary>Routes, limits and lost servers, through TLS.</summary>
public sealed class LoadBalancerTests
{
    [Fact]
    public async Task Request_ByPathAndHeader_GoesToItsService()
    {
        await using var balancer = await LocalLoadBalancer.StartAsync(spec => spec with
        {
            Routes =
            [
                new("/", RoutedService.Frontend), new("/api", RoutedService.Gateway), new("/api/v1.0", RoutedService.Publish), new("/api", RoutedService.Consume, "X-Canary", "always.on"),
                new("/", RoutedService.Gateway, "X-Tenant", "blue"),
            ],
        });

        Assert.Equal("frontend", await BodyAsync("/"));
        Assert.Equal("frontend", await BodyAsync("/apiary"));
        Assert.Equal("gateway", await BodyAsync("/api"));
        Assert.Equal("gateway", await BodyAsync("/api/x"));
        Assert.Equal("publish", await BodyAsync("/api/v1.0/x"));
        Assert.Equal("gateway", await BodyAsync("/api/v1x0/x"));
        Assert.Equal("consume", await BodyAsync("/api/x", ("X-Canary", "always.on")));
        Assert.Equal("gateway", await BodyAsync("/api/x", ("X-Canary", "alwaysXon")));
        Assert.Equal("publish", await BodyAsync("/api/v1.0", ("X-Canary", "always.on")));
        Assert.Equal("gateway", await BodyAsync("/x", ("X-Tenant", "blue")));
        Assert.Equal("gateway", await BodyAsync("/api/x", ("X-Tenant", "blue")));
        Assert.Equal("frontend", await BodyAsync("/x", ("X-Tenant", "blue2")));
        Assert.Equal("203.0.113.50", await ForwardedAsync());

        async Task<string> BodyAsync(string path, params (string, string)[] headers) => (await balancer.GetAsync(path, headers)).Text;

        async Task<string?> ForwardedAsync()
        {
            await balancer.GetAsync("/who", ("X-Forwarded-For", "203.0.113.50"));
            return balancer.Of("frontend").Header("/who", "X-Forwarded-For");
        }
    }

    [Fact]
    public async Task Address_ThatIsBlocked_IsRefusedAndNoOther()
    {
        await using var balancer = await LocalLoadBalancer.StartAsync(spec => spec with { BlockedAddresses = ["203.0.113.7", "198.51.100.0/24", "2001:db8::/32"] });

        foreach (var (address, status) in new[] { ("203.0.113.7", 403), ("203.0.113.8", 200), ("198.51.100.200", 403), ("198.51.101.1", 200), ("2001:db8:7::1", 403), ("2001:db9::1", 200) })
        {
            Assert.Equal((address, status), (address, (await balancer.GetAsync("/", ("X-Forwarded-For", address))).Status));
        }
    }

    [Fact]
    public async Task Client_ThatAsksTooOften_IsSlowedDownAndNoOther()
    {
        await using var balancer = await LocalLoadBalancer.StartAsync(spec => spec with { RequestsPerSecond = 1 });

        var statuses = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ => (await balancer.GetAsync("/", ("X-Forwarded-For", "203.0.113.7"))).Status));

        Assert.Contains(200, statuses);
        Assert.Contains(429, statuses);
        Assert.Equal(200, (await balancer.GetAsync("/", ("X-Forwarded-For", "203.0.113.8"))).Status);
    }

    [Fact]
    public async Task Service_WithADeadPod_StillAnswersEveryRequest()
    {
        // The two names of a Service stand for two pods, of which one is gone.
        var dead = LoopbackPorts.Free(1)[0];
        await using var balancer = await LocalLoadBalancer.StartAsync(servers: config =>
        {
            var server = config.Text.Split("upstream frontend { zone frontend 64k; ")[1].Split(';')[0] + ";";
            return config.With($"{server} {server}", $"{server} server 127.0.0.1:{dead} max_fails=0;");
        });

        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => (await balancer.GetAsync($"/?{i}")).Status));

        Assert.All(statuses, status => Assert.Equal(200, status));
    }

    [Fact]
    public async Task Certificate_OfTheLoadBalancer_IsItsOwnForItsNames()
    {
        await using var balancer = await LocalLoadBalancer.StartAsync();

        Assert.Equal(200, (await balancer.Browser.GetAsync("https://load-balancer/healthz")).Status);
        await Assert.ThrowsAsync<HttpRequestException>(() => balancer.Browser.GetAsync("https://evil.example/healthz"));
    }
}
