using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;

namespace Portal.DataPath.Tests.Ingress;

/// <summary>Which requests the ingress tier sends to a canary.</summary>
public sealed class CanaryTests
{
    private static readonly EnvironmentSpec s_preset = Presets.Create(Preset.Small, Purpose.Production, "shop.apps.example");
    private static readonly string[] s_services = ["frontend", "gateway", "publish", "consume", "gateway-canary"];

    [Fact]
    public async Task Weight_OfACanary_IsAShareOfClientsOfWhichEachStaysWhereItIs()
    {
        await using var world = await World.StartAsync(new("shop/gateway:2", 20, 1));

        var first = await world.ChosenAsync(500);
        var again = await world.ChosenAsync(500);

        // Of 500 by chance: 100, and 9 more or less as a rule.
        Assert.InRange(first.Count, 65, 135);
        Assert.Equal(first, again);
    }

    // One that was tried by a few is tried by more: those who have it keep it. The next image falls on others.
    [Fact]
    public async Task Weight_ThatIsRaised_KeepsThoseWhoHaveTheCanaryAndAnotherImageDoesNot()
    {
        await using var few = await World.StartAsync(new("shop/gateway:2", 10, 1));
        await using var more = await World.StartAsync(new("shop/gateway:2", 40, 1));
        await using var next = await World.StartAsync(new("shop/gateway:3", 10, 1));

        var had = await few.ChosenAsync(200);

        Assert.NotEmpty(had);
        Assert.Subset((await more.ChosenAsync(200)).ToHashSet(), had.ToHashSet());
        Assert.NotEqual(had, await next.ChosenAsync(200));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public async Task Header_OfARequest_ChoosesWhateverTheWeight(int weight)
    {
        await using var world = await World.StartAsync(new("shop/gateway:2", weight, 1));

        for (var client = 0; client < 40; client++)
        {
            Assert.Equal("gateway-canary", (await world.GetAsync("/api/x", client, (CanarySpec.Header, CanarySpec.Always))).Text);
            Assert.Equal("gateway", (await world.GetAsync("/api/x", client, (CanarySpec.Header, CanarySpec.Never))).Text);
            Assert.Equal("frontend", (await world.GetAsync("/x", client, (CanarySpec.Header, CanarySpec.Always))).Text);
            Assert.Equal("publish", (await world.GetAsync("/publish/x", client, (CanarySpec.Header, CanarySpec.Always))).Text);
        }

        // Another value is none; without the header a weight of nothing is nobody.
        Assert.Equal(weight == 0, (await world.ChosenAsync(40, (CanarySpec.Header, "maybe"))).Count == 0);
        Assert.Equal(weight == 0, (await world.ChosenAsync(40)).Count == 0);
    }

    // Who asked for it is told; who did not is answered by the stable pods.
    [Fact]
    public async Task Canary_WithoutPods_IsMissedByThoseAloneWhoAskForIt()
    {
        await using var world = await World.StartAsync(new("shop/gateway:2", 50, 1), isCanaryUp: false);

        for (var client = 0; client < 40; client++)
        {
            Assert.Equal((200, "gateway"), await world.GetAsync("/api/x", client) is var answer ? (answer.Status, answer.Text) : default);
            Assert.Equal(200, (await world.GetAsync("/x", client)).Status);
        }

        Assert.Equal(502, (await world.GetAsync("/api/x", 1, (CanarySpec.Header, CanarySpec.Always))).Status);
        Assert.Equal("gateway", (await world.GetAsync("/api/x", 1, (CanarySpec.Header, CanarySpec.Never))).Text);
        Assert.Equal("publish", (await world.GetAsync("/publish/x", 1, (CanarySpec.Header, CanarySpec.Always))).Text);
    }

    /// <summary>The tier before a service of each name and a canary of the gateway.</summary>
    private sealed class World(LocalNginx nginx, Browser browser, IReadOnlyList<Origin> services) : IAsyncDisposable
    {
        public static async Task<World> StartAsync(CanarySpec canary, bool isCanaryUp = true)
        {
            var (origins, ports) = (new List<Origin>(), new Dictionary<string, int>());
            foreach (var service in s_services)
            {
                var isUp = isCanaryUp || service != "gateway-canary";
                if (isUp)
                {
                    origins.Add(await Origin.NamedAsync(service));
                }

                // Nobody listens at a free port.
                ports.Add(service, isUp ? origins[^1].Port : LoopbackPorts.Free(1)[0]);
            }

            var (nginx, browser) = await LocalTier.IngressAsync(RenderedText.Stack(s_preset with { Gateway = s_preset.Gateway with { Canary = canary } }), ports);
            return new(nginx, browser, origins);
        }

        /// <summary>As the load balancer sends it: with the one address of the client.</summary>
        public Task<Answer> GetAsync(string path, int client, params (string, string)[] headers) =>
            browser.GetAsync($"http://shop.apps.example{path}", [("X-Forwarded-For", $"198.51.{client / 250}.{client % 250}"), ("User-Agent", "Mozilla/5.0"), .. headers]);

        /// <summary>The clients whose requests reach the canary.</summary>
        public async Task<List<int>> ChosenAsync(int clients, params (string, string)[] headers)
        {
            var chosen = new List<int>();
            for (var client = 0; client < clients; client++)
            {
                if ((await GetAsync($"/api/{client}", client, headers)).Text == "gateway-canary")
                {
                    chosen.Add(client);
                }
            }

            return chosen;
        }

        public async ValueTask DisposeAsync()
        {
            browser.Dispose();
            await nginx.DisposeAsync();
            foreach (var service in services)
            {
                await service.DisposeAsync();
            }
        }
    }
}
