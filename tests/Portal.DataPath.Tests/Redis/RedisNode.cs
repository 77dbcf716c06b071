using Portal.DataPath.Tests.Programs;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.Redis;

/// <summary>One member, started by the rendered start.sh with the rendered environment of its pod.</summary>
internal sealed class RedisNode(RedisCluster cluster, string pod, string address) : IAsyncDisposable
{
    private readonly string _home = Path.Combine(cluster.Home, pod);
    private LocalProgram? _server;

    public string Pod => pod;

    public string Shard => pod[..pod.LastIndexOf('-')];

    public string Address { get; private set; } = address;

    public void Start(RenderedStack stack)
    {
        foreach (var (file, text) in new[]
        {
            ("redis.conf", RenderedText.Of(stack, "redis-conf", "redis.conf").With("port 6379", $"port 6379\nbind {Address}").With("dir /data", $"dir {_home}/data")),
            // The client program of these tests does not ask the stand-in for the cluster's names when it is sent elsewhere.
            ("cluster.conf", RenderedText.Of(stack, "redis-conf", "cluster.conf").With("cluster-preferred-endpoint-type hostname", "cluster-preferred-endpoint-type ip")),
            ("start.sh", RenderedText.Of(stack, "redis-conf", "start.sh").With("/run/secrets/redis/", $"{cluster.Secrets}/").With("/run/redis/", $"{_home}/run/").With("/conf/", $"{_home}/conf/")),
        })
        {
            text.Save(Path.Combine(_home, "conf"), file);
        }

        Directory.CreateDirectory(Path.Combine(_home, "data"));
        Directory.CreateDirectory(Path.Combine(_home, "run"));
        _server = LocalProgram.Start(
            Path.Combine(_home, "server.log"), "bash", [Path.Combine(_home, "conf/start.sh")],
            cluster.With(RenderedPod.Environment(stack, "StatefulSet", Shard, "redis", ("POD_NAME", pod), ("POD_IP", Address))));
    }

    public Task UntilUpAsync() => _server!.UntilAsync(async () => (await CommandAsync("ping")).Trim() == "PONG", $"{pod} answers");

    /// <summary>What the kubelet asks.</summary>
    public async Task<bool> IsReadyAsync(RenderedStack stack)
    {
        // In the pod the server listens on every address.
        var script = RenderedText.Of(stack, "redis-conf", "probe.sh")
            .With("/run/secrets/redis/", $"{cluster.Secrets}/").With("--no-auth-warning", $"--no-auth-warning -h {Address}")
            .Save(Path.Combine(_home, "conf"), "probe.sh");
        var environment = RenderedPod.Environment(stack, "StatefulSet", Shard, "redis", ("POD_NAME", pod), ("POD_IP", Address));
        return (await RunToEnd.Async("bash", [script, "ready"], cluster.With(environment))).Code == 0;
    }

    /// <summary>As the administrator.</summary>
    public Task<string> CommandAsync(params string[] words) => cluster.ClientAsync(this, "admin", "adminPassword", words);

    public async Task<string> RoleAsync() => (await CommandAsync("role")).Split('\n')[0].Trim();

    public async Task<string> InfoAsync(string section, string key) =>
        (await CommandAsync([.. section.Split(' ')])).Split('\n').Select(line => line.Trim().Split(':', 2)).FirstOrDefault(pair => pair[0] == key)?[1] ?? "";

    public async Task KillAsync()
    {
        var pid = await InfoAsync("info server", "process_id");
        await RunToEnd.Async("kill", ["-9", pid]);
        await Portal.Testing.Eventually.Holds(() => !_server!.IsRunning, $"{pod} is gone");
        await DisposeAsync();
    }

    /// <summary>The next start is at another address, as with every new pod.</summary>
    public void Move(string address) => Address = address;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }
}
