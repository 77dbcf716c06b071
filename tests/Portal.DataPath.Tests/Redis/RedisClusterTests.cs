using Portal.Core.Environments.Specs;
using Portal.Testing;

namespace Portal.DataPath.Tests.Redis;

/// <summary>The rendered Redis Cluster on real servers: formed, used, broken, grown.</summary>
public sealed class RedisClusterTests
{
    private const int Keys = 60;

    [Fact]
    public async Task Form_OfThreeShards_ServesTheApplicationAndSurvivesTheLossOfAMaster()
    {
        var stack = RedisCluster.Stack(shards: 3, replicas: 1);
        await using var cluster = await RedisCluster.StartAsync(stack);
        Assert.Equal("", await ReadyAsync(cluster, stack));
        await FormAsync(cluster, stack, 3);
        Assert.Equal(6, (await ReadyAsync(cluster, stack)).Split(' ').Length);
        var before = await SlotsAsync(cluster);
        await FormAsync(cluster, stack, 3);
        Assert.Equal(before, await SlotsAsync(cluster));

        await FillAsync(cluster);
        Assert.StartsWith("NOPERM", await AppAsync(cluster, "config", "set", "maxmemory", "1"), StringComparison.Ordinal);
        Assert.StartsWith("NOPERM", await AppAsync(cluster, "flushall"), StringComparison.Ordinal);
        Assert.Equal("1", await AppAsync(cluster, "expire", "key:1", "600"));

        // A container that crashes is back before anybody could take over: what it had must still be there.
        var master = cluster.Nodes.Single(node => node.Pod == "redis-s0-0");
        Assert.Equal("master", await master.RoleAsync());
        await master.KillAsync();
        master.Start(stack);
        await master.UntilUpAsync();
        await SettledAsync(cluster, 3);
        Assert.Equal(Keys, await ReadableAsync(cluster));

        // A node is lost: the replica takes over, and the old master comes back as one.
        await LinkedAsync(cluster);
        await master.KillAsync();
        var replica = cluster.Nodes.Single(node => node.Pod == "redis-s0-1");
        await Eventually.Holds(() => replica.IsReadyAsync(stack), ready => !ready, "a replica without its master is not ready");
        await Eventually.Holds(replica.RoleAsync, role => role == "master", "the replica takes over");
        await Eventually.Holds(() => replica.IsReadyAsync(stack), ready => ready, "as the master it is");
        await Eventually.Holds(() => AppAsync(cluster, "set", "key:0", "after"), answer => answer == "OK", "writes go on");
        master.Start(stack);
        await master.UntilUpAsync();
        await Eventually.Holds(master.RoleAsync, role => role == "slave", "the old master follows");
        await LinkedAsync(cluster);

        await cluster.BesideAsync(replica, stack, "handover");
        Assert.Equal("slave", await replica.RoleAsync());
        Assert.Equal("master", await master.RoleAsync());
        Assert.Equal(Keys, await ReadableAsync(cluster));
    }

    [Fact]
    public async Task Cluster_MovedGrownAndThinnedOut_KeepsEveryKey()
    {
        var stack = RedisCluster.Stack(shards: 3, replicas: 1);
        await using var cluster = await RedisCluster.StartAsync(stack);
        await FormAsync(cluster, stack, 3);
        await FillAsync(cluster);

        await cluster.MoveAsync(stack);
        Assert.Equal("", await ReadyAsync(cluster, stack));
        await Eventually.Holds(
            async () =>
            {
                foreach (var node in cluster.Nodes)
                {
                    await cluster.BesideAsync(node, stack, "heal");
                }

                return await StateAsync(cluster);
            },
            state => state == Settled(3), "the sidecars have introduced everybody again", TimeSpan.FromSeconds(60));
        Assert.Equal(6, (await ReadyAsync(cluster, stack)).Split(' ').Length);
        Assert.Equal(Keys, await ReadableAsync(cluster));

        var grown = RedisCluster.Stack(shards: 4, replicas: 1);
        await cluster.AddAsync(grown);
        await FormAsync(cluster, grown, 4);
        Assert.Equal(Keys, await ReadableAsync(cluster));
        var slots = await SlotsAsync(cluster);
        Assert.Equal(4, slots.Split('\n').Length);
        await FormAsync(cluster, grown, 4);
        Assert.Equal(slots, await SlotsAsync(cluster));

        var thin = RedisCluster.Stack(shards: 4, replicas: 0);
        foreach (var node in cluster.Nodes.Where(node => node.Pod.EndsWith("-1", StringComparison.Ordinal)).ToList())
        {
            await cluster.BesideAsync(node, grown, "handover");
            await cluster.RemoveAsync(node);
        }

        await Eventually.Holds(() => cluster.FormAsync(thin), formed => formed.Code == 0, "those that were removed are forgotten", TimeSpan.FromSeconds(60));
        Assert.Equal("4", await cluster.Nodes[0].InfoAsync("cluster info", "cluster_known_nodes"));
        Assert.Equal(Keys, await ReadableAsync(cluster));
    }

    [Fact]
    public async Task Password_Replaced_BothAreAcceptedUntilTheOldOneIsNoLongerMounted()
    {
        var stack = RedisCluster.Stack(shards: 3, replicas: 0, new CredentialVersion(2, KeepsPrevious: true));
        await using var cluster = await RedisCluster.StartAsync(stack);
        cluster.Secret("app-previous", "appPassword");
        cluster.Secret("app", "appPassword2");
        await cluster.RestartAsync(cluster.Nodes[0], stack);
        Assert.Equal("PONG PONG", await PingsAsync());

        File.Delete(Path.Combine(cluster.Secrets, "app-previous"));
        await cluster.RestartAsync(cluster.Nodes[0], RedisCluster.Stack(shards: 3, replicas: 0, new CredentialVersion(2)));
        Assert.Matches("^(AUTH failed|WRONGPASS|NOAUTH).* PONG$", await PingsAsync());

        async Task<string> PingsAsync()
        {
            var old = await cluster.ClientAsync(cluster.Nodes[0], "app", "appPassword", "ping");
            return $"{old.Split('\n')[0]} {(await cluster.ClientAsync(cluster.Nodes[0], "app", "appPassword2", "ping")).Trim()}";
        }
    }

    private static async Task FormAsync(RedisCluster cluster, Portal.Provisioning.Blueprint.RenderedStack stack, int shards)
    {
        var (code, output) = await cluster.FormAsync(stack);
        Assert.True(code == 0, output);
        await SettledAsync(cluster, shards);
    }

    private static async Task SettledAsync(RedisCluster cluster, int shards) =>
        await Eventually.Holds(() => StateAsync(cluster), state => state == Settled(shards), $"{shards} whole shards");

    private static string Settled(int shards) => $"ok 16384 {shards} linked";

    /// <summary>What every member says, when all say the same; else all that they say.</summary>
    private static async Task<string> StateAsync(RedisCluster cluster)
    {
        var states = await Task.WhenAll(cluster.Nodes.Select(async node =>
        {
            var link = await node.InfoAsync("info replication", "master_link_status");
            return $"{await node.InfoAsync("cluster info", "cluster_state")} {await node.InfoAsync("cluster info", "cluster_slots_ok")} {await node.InfoAsync("cluster info", "cluster_size")} {(link is "" or "up" ? "linked" : link)}";
        }));
        return string.Join(", ", states.Distinct());
    }

    private static async Task LinkedAsync(RedisCluster cluster) =>
        await Eventually.Holds(() => StateAsync(cluster), state => state.EndsWith("linked", StringComparison.Ordinal) && !state.Contains(','), "every replica has its master");

    /// <summary>The members that are ready.</summary>
    private static async Task<string> ReadyAsync(RedisCluster cluster, Portal.Provisioning.Blueprint.RenderedStack stack)
    {
        var ready = await Task.WhenAll(cluster.Nodes.Select(async node => await node.IsReadyAsync(stack) ? node.Pod : null));
        return string.Join(' ', ready.OfType<string>());
    }

    private static async Task FillAsync(RedisCluster cluster)
    {
        for (var key = 0; key < Keys; key++)
        {
            Assert.Equal("OK", await AppAsync(cluster, "set", $"key:{key}", $"value {key}"));
        }
    }

    private static async Task<int> ReadableAsync(RedisCluster cluster)
    {
        var found = 0;
        for (var key = 0; key < Keys; key++)
        {
            found += await AppAsync(cluster, "exists", $"key:{key}") == "1" ? 1 : 0;
        }

        return found;
    }

    private static async Task<string> AppAsync(RedisCluster cluster, params string[] words) =>
        (await cluster.ClientAsync(cluster.Nodes[^1], "app", "appPassword", words)).Trim();

    /// <summary>Which slots lie on which master.</summary>
    private static async Task<string> SlotsAsync(RedisCluster cluster) => string.Join('\n', (await cluster.Nodes[0].CommandAsync("cluster", "nodes"))
        .Split('\n').Select(line => line.Split(' ')).Where(words => words.Length > 8).Select(words => $"{words[0]} {string.Join(' ', words[8..])}").Order(StringComparer.Ordinal));
}
