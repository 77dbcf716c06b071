using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Testing;

namespace Portal.DataPath.Tests.LoadBalancer;

/// <summary>The load balancer before a controller that the cluster shares: what it lets pass goes there, and what it does not goes nowhere.</summary>
public sealed class SharedControllerTests
{
    private const string Other = "www.shop.example";

    private static readonly PlatformSettings s_platform = new()
    {
        IngressControllers =
        [
            new("nginx", new("ingress-system", "controller"), 80, 8000), new("shared", new("gateway-system", "proxies"), 8080, 8080, new("gateway-system", "internal")),
        ],
    };

    [Fact]
    public async Task Request_WithAnIngress_GoesThroughTheControllerUnlessAHeaderRoutesIt()
    {
        await using var world = await World.StartAsync();

        Assert.Equal("frontend", await world.BodyAsync("/orders/7"));
        Assert.Equal("gateway", await world.BodyAsync("/api"));
        Assert.Equal("gateway", await world.BodyAsync("/api/x"));
        Assert.Equal("frontend", await world.BodyAsync("/apiary"));
        Assert.Equal("publish", await world.BodyAsync("/api/v1.0/x", ("X-Canary", "always")));
        Assert.Equal("yes", world.Balancer.Of("publish").Header("/api/v1.0/x", LocalController.Mark));

        Assert.Equal("publish", await world.BodyAsync("/api/y", ("X-Canary", "always")));
        Assert.Null(world.Balancer.Of("publish").Header("/api/y", LocalController.Mark));
    }

    [Fact]
    public async Task Request_ThroughTheController_BringsItsHostNameAndItsClientToTheService()
    {
        await using var world = await World.StartAsync();

        await world.BodyAsync("/api/x", ("X-Forwarded-For", "203.0.113.7"), ("X-Request-Id", "trace-me-0001"));
        // As edges do: TLS for the one name, the request for the other.
        var (_, other) = await RunToEnd.Async("curl", ["-sk", "--connect-to", $"shop.apps.example:443:127.0.0.1:{world.Balancer.Port}", "-A", "Mozilla/5.0", "-H", $"Host: {Other}", "https://shop.apps.example/other"]);

        var gateway = world.Balancer.Of("gateway");
        Assert.Equal(
            ("shop.apps.example", "203.0.113.7", "https", "trace-me-0001", "yes"),
            (gateway.Header("/api/x", "Host"), gateway.Header("/api/x", "X-Forwarded-For"), gateway.Header("/api/x", "X-Forwarded-Proto"), gateway.Header("/api/x", "X-Request-Id"), gateway.Header("/api/x", LocalController.Mark)));
        Assert.Equal(("frontend", Other), (other, world.Balancer.Of("frontend").Header("/other", "Host")));
    }

    [Fact]
    public async Task Attack_BeforeTheController_IsRefusedAndReachesNobody()
    {
        await using var world = await World.StartAsync();

        Assert.Equal(403, (await world.Balancer.GetAsync("/?q=%3Cscript%3Ealert(1)%3C/script%3E")).Status);
        Assert.Equal(403, (await world.Balancer.GetAsync("/api/x?id=1%27%20OR%20%271%27=%271", ("X-Canary", "always"))).Status);

        Assert.All((string[])["frontend", "gateway", "publish"], service => Assert.Equal(0, world.Balancer.Of(service).AllHits));
        Assert.Equal("gateway", await world.BodyAsync("/api/x?id=1"));
    }

    [Fact]
    public async Task Request_WithAGateway_GoesToTheControllerWhateverRoutesIt()
    {
        var stack = Stack(IngressMode.Gateway);
        var controller = await Origin.NamedAsync("controller");
        await using var balancer = await LocalLoadBalancer.StartAsync(
            stack, new Dictionary<string, Origin> { ["controller"] = controller }, config => config.With("server proxies.gateway-system.svc:8080", $"server 127.0.0.1:{controller.Port}"));

        Assert.Equal("controller", (await balancer.GetAsync("/")).Text);
        Assert.Equal("controller", (await balancer.GetAsync("/api/x", ("X-Canary", "always"))).Text);
        Assert.Equal("always", controller.Header("/api/x", "X-Canary"));
        Assert.Equal(403, (await balancer.GetAsync("/?q=%3Cscript%3Ealert(1)%3C/script%3E")).Status);
        Assert.Equal(2, controller.AllHits);
    }

    // An Ingress knows neither weights nor headers: while a service has a canary, the load balancer asks the service itself.
    [Fact]
    public async Task Request_ToAServiceWithACanary_IsDividedByTheLoadBalancerAndTheOthersGoThroughTheController()
    {
        await using var world = await World.StartAsync(new CanarySpec("shop/gateway:2", 20, 1));

        Assert.Equal("gateway-canary", await world.BodyAsync("/api/always", (CanarySpec.Header, CanarySpec.Always)));
        Assert.Equal("gateway", await world.BodyAsync("/api/never", (CanarySpec.Header, CanarySpec.Never)));
        Assert.Null(world.Balancer.Of("gateway-canary").Header("/api/always", LocalController.Mark));
        Assert.Equal("publish", await world.BodyAsync("/api/v1.0/x", (CanarySpec.Header, CanarySpec.Always)));
        Assert.Equal("yes", world.Balancer.Of("publish").Header("/api/v1.0/x", LocalController.Mark));
        Assert.Equal("frontend", await world.BodyAsync("/", (CanarySpec.Header, CanarySpec.Always)));

        var answers = new List<string>();
        for (var client = 0; client < 200; client++)
        {
            (string, string) address = ("X-Forwarded-For", $"203.0.113.{client}");
            var first = await world.BodyAsync("/api/x", address);
            Assert.Equal(first, await world.BodyAsync("/api/y", address));
            answers.Add(first);
        }

        Assert.InRange(answers.Count(answer => answer == "gateway-canary"), 20, 60);
        Assert.All(answers, answer => Assert.StartsWith("gateway", answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_OfAControllerWhoseServiceIsNotThere_EndsWithWhatToDo()
    {
        var directory = TemporaryDirectory.Create("portal-check-");
        var lastWords = Path.Combine(directory, "termination-log");
        // A name that nobody has, whoever is asked.
        var script = new RenderedText("the check", RenderedPod.Command(Stack(IngressMode.IngressClass), "Deployment", "load-balancer", "check")[^1])
            .With("/dev/termination-log", lastWords).With("getent hosts controller.ingress-system.svc", "getent hosts controller.ingress-system.invalid");

        var (code, _) = await RunToEnd.Async("/bin/sh", ["-ec", script.Text]);

        Assert.Equal(1, code);
        Assert.Equal(
            "The Service ingress-system/controller of the shared controller of class nginx is not found by its name.\nTo do: Tell the owners of the platform: the setting Platform:IngressControllers has to name a Service that this cluster has.\n",
            await File.ReadAllTextAsync(lastWords));
        Directory.Delete(directory, recursive: true);
    }

    private static RenderedStack Stack(IngressMode mode, CanarySpec? canary = null)
    {
        var spec = LocalLoadBalancer.Spec;
        return RenderedText.Stack(
            spec with
            {
                Ingress = spec.Ingress with { Mode = mode },
                Edge = spec.Edge with { OtherHostNames = [Other] },
                LoadBalancer = spec.LoadBalancer with
                {
                    Routes =
                    [
                        new("/", RoutedService.Frontend), new("/api", RoutedService.Gateway), new("/api/v1.0", RoutedService.Publish), .. canary is null ? [new RouteSpec("/api", RoutedService.Publish, "X-Canary", "always")] : Array.Empty<RouteSpec>(),
                    ],
                },
                Gateway = spec.Gateway with { Canary = canary },
            },
            ClusterCapabilities.Basic with { HasGatewayApi = true, GatewayClasses = ["shared"] },
            s_platform);
    }

    /// <summary>The load balancer, the controller, and the services behind both.</summary>
    private sealed class World(LocalLoadBalancer balancer, LocalNginx controller) : IAsyncDisposable
    {
        public LocalLoadBalancer Balancer => balancer;

        public static async Task<World> StartAsync(CanarySpec? canary = null)
        {
            var stack = Stack(IngressMode.IngressClass, canary);
            var services = new Dictionary<string, Origin>();
            foreach (var service in (string[])["frontend", "gateway", "publish", "gateway-canary"])
            {
                services.Add(service, await Origin.NamedAsync(service));
            }

            var (controller, port) = await LocalController.StartAsync(stack, services);
            return new(
                await LocalLoadBalancer.StartAsync(stack, services, config => (canary is null ? ["publish"] : (string[])["gateway", "gateway-canary"]).Aggregate(
                    config.With("server controller.ingress-system.svc:80 ", $"server 127.0.0.1:{port} "),
                    (text, service) => text.With($"server {service}:8080", $"server 127.0.0.1:{services[service].Port}"))),
                controller);
        }

        public async Task<string> BodyAsync(string path, params (string, string)[] headers) => (await balancer.GetAsync(path, headers)).Text;

        public async ValueTask DisposeAsync()
        {
            await balancer.DisposeAsync();
            await controller.DisposeAsync();
        }
    }
}
