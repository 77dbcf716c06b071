using System.Globalization;
using System.Security.Cryptography;
using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.Provisioning.Blueprint;
using Portal.Testing;

namespace Portal.DataPath.Tests.Redis;

/// <summary>The shards as the blueprint renders them, each member at a loopback address of its own.</summary>
/// <remarks>The cluster's DNS is stood in for by two small programs on the PATH: getent, and a client that looks names up in a file.</remarks>
internal sealed class RedisCluster : IAsyncDisposable
{
    // Slots move one by one.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly List<RedisNode> _nodes = [];
    private int _network = RandomNumberGenerator.GetInt32(20, 220) * 256 + RandomNumberGenerator.GetInt32(1, 250);

    private RedisCluster(string home) => Home = home;

    public string Home { get; }

    public string Secrets => Path.Combine(Home, "secrets");

    public IReadOnlyList<RedisNode> Nodes => _nodes;

    private string Bin => Path.Combine(Home, "bin");

    private string Hosts => Path.Combine(Home, "hosts");

    public static RenderedStack Stack(int shards, int replicas, CredentialVersion? credential = null)
    {
        var spec = Presets.Create(Preset.Medium, Purpose.Staging, "shop.apps.example");
        return RenderedText.Stack(spec with
        {
            Redis = spec.Redis with { Shards = shards, ReplicasPerShard = replicas },
            DayTwo = spec.DayTwo with { RedisCredential = credential ?? new(1) },
        });
    }

    public static async Task<RedisCluster> StartAsync(RenderedStack stack)
    {
        var cluster = new RedisCluster(TemporaryDirectory.Create("portal-redis-"));
        Directory.CreateDirectory(cluster.Secrets);
        foreach (var name in new[] { "app", "admin", "replica", "exporter" })
        {
            cluster.Secret(name, $"{name}Password");
        }

        cluster.StandInForNames();
        await cluster.AddAsync(stack);
        return cluster;
    }

    public void Secret(string name, string value) => File.WriteAllText(Path.Combine(Secrets, name), value);

    /// <summary>Starts the members that the rendered list names and that do not run yet.</summary>
    public async Task AddAsync(RenderedStack stack)
    {
        var added = FormEnvironment(stack)["PEERS"].Split(' ').Select(peer => peer.Split('.')[0]).Except(_nodes.Select(node => node.Pod)).ToList();
        _nodes.AddRange(added.Select((pod, place) => new RedisNode(this, pod, Address(_nodes.Count + place))));
        WriteHosts(stack);
        await StartAllAsync(_nodes.Where(node => added.Contains(node.Pod)), stack);
    }

    /// <summary>All pods are made anew and get other addresses.</summary>
    public async Task MoveAsync(RenderedStack stack)
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _network++;
        for (var place = 0; place < _nodes.Count; place++)
        {
            _nodes[place].Move(Address(place));
        }

        WriteHosts(stack);
        await StartAllAsync(_nodes, stack);
    }

    public async Task RestartAsync(RedisNode node, RenderedStack stack)
    {
        await node.DisposeAsync();
        node.Start(stack);
        await node.UntilUpAsync();
    }

    public async Task RemoveAsync(RedisNode node)
    {
        await node.DisposeAsync();
        _nodes.Remove(node);
    }

    /// <summary>The Job.</summary>
    public async Task<(int Code, string Output)> FormAsync(RenderedStack stack) => await ScriptAsync(stack, "form", FormEnvironment(stack));

    /// <summary>A command of the sidecar, or of the hook before a pod ends.</summary>
    public async Task<(int Code, string Output)> BesideAsync(RedisNode node, RenderedStack stack, string command) =>
        await ScriptAsync(stack, command, RenderedPod.Environment(stack, "StatefulSet", node.Shard, "watch", ("POD_NAME", node.Pod)));

    public async Task<string> ClientAsync(RedisNode at, string user, string password, params string[] words)
    {
        var (_, output) = await RunToEnd.Async(Path.Combine(Bin, "redis-cli"), ["--user", user, "--no-auth-warning", "-c", "-h", at.Address, "-p", "6379", .. words], With(new() { ["REDISCLI_AUTH"] = password }));
        return output.Replace("\r", "", StringComparison.Ordinal);
    }

    public Dictionary<string, string> With(Dictionary<string, string> environment)
    {
        environment["PATH"] = $"{Bin}:{Environment.GetEnvironmentVariable("PATH")}";
        environment["HOSTS"] = Hosts;
        return environment;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        Directory.Delete(Home, recursive: true);
    }

    private static Dictionary<string, string> FormEnvironment(RenderedStack stack) => RenderedPod.Environment(stack, "Job", "redis-form", "form");

    private async Task<(int Code, string Output)> ScriptAsync(RenderedStack stack, string command, Dictionary<string, string> environment)
    {
        var topology = Path.Combine(Home, "topology");
        foreach (var key in new[] { "peers", "per-shard" })
        {
            RenderedText.Of(stack, "redis-topology", key).Save(topology, key);
        }

        var script = RenderedText.Of(stack, "redis-conf", "cluster.sh").With("/tmp/", $"{Home}/").With("/run/secrets/redis/", $"{Secrets}/").Save(Home, "cluster.sh");
        environment["TOPOLOGY"] = topology;
        return await RunToEnd.Async("bash", [script, command], With(environment), within: s_patience);
    }

    private static async Task StartAllAsync(IEnumerable<RedisNode> nodes, RenderedStack stack)
    {
        var starting = nodes.ToList();
        starting.ForEach(node => node.Start(stack));
        await Task.WhenAll(starting.Select(node => node.UntilUpAsync()));
    }

    private string Address(int place) => string.Create(CultureInfo.InvariantCulture, $"127.{_network / 256}.{_network % 256}.{place + 1}");

    private void WriteHosts(RenderedStack stack)
    {
        var domain = FormEnvironment(stack)["DOMAIN"];
        File.WriteAllLines(Hosts, _nodes.Select(node => $"{node.Pod}.{domain} {node.Address}"));
    }

    private void StandInForNames()
    {
        var getent = """
            #!/bin/bash
            while read -r name address; do [ "$name" != "$2" ] || { echo "$address STREAM $name"; exit 0; }; done < "$HOSTS"
            exit 2

            """;
        var client = """
            #!/bin/bash
            words=("$@")
            while read -r name address; do words=("${words[@]/#$name/$address}"); done < "$HOSTS"
            exec /usr/bin/redis-cli "${words[@]}"

            """;
        foreach (var (name, text) in new[] { ("getent", getent), ("redis-cli", client) })
        {
            StandIn.Write(Bin, name, text);
        }
    }
}
