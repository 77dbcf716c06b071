using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.Testing;

namespace Portal.DataPath.Tests.MySql;

/// <summary>A primary and its replicas as the blueprint renders them, on loopback.</summary>
internal sealed class MySqlCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private MySqlCluster(string home) => Home = home;

    public string Home { get; }

    public string Topology => Path.Combine(Home, "topology");

    public string Secrets => Path.Combine(Home, "secrets");

    public string RootPassword { get; private set; } = "";

    public IReadOnlyList<MySqlServer> Servers { get; private set; } = [];

    public static async Task<MySqlCluster> StartAsync(int servers)
    {
        var cluster = new MySqlCluster(TemporaryDirectory.Create("portal-mysql-"));
        var spec = Presets.Create(Preset.Small, Purpose.Staging, "shop.apps.example");
        var stack = RenderedText.Stack(spec with { MySql = spec.MySql with { ReadReplicas = servers - 1 } });
        foreach (var script in new[] { "agent.sh", "backup.sh", "restore.sh" })
        {
            var text = RenderedText.Of(stack, "mysql-scripts", script);
            (script == "agent.sh" ? text : Here(text, cluster)).Save(cluster.Home, script);
        }

        Directory.CreateDirectory(cluster.Topology);
        Directory.CreateDirectory(cluster.Secrets);
        Directory.CreateDirectory(Path.Combine(cluster.Home, "dumps"));
        foreach (var name in new[] { "repl", "clone", "app", "exporter", "backup", "restore" })
        {
            cluster.Secret(name, $"{name}Password1");
        }

        var ports = LoopbackPorts.Free(servers);
        cluster.Servers = [.. ports.Select((port, number) => new MySqlServer(cluster, stack, number, port))];
        await File.WriteAllLinesAsync(Path.Combine(cluster.Topology, "servers"), cluster.Servers.Select(server => server.Address));
        await cluster.MakeAsync();
        return cluster;
    }

    public string Script(string name) => Path.Combine(Home, name);

    public void Secret(string name, string value) => File.WriteAllText(Path.Combine(Secrets, name), value);

    /// <summary>What the ConfigMap says once the kubelets have it.</summary>
    public void Point(MySqlServer primary) => File.WriteAllText(Path.Combine(Topology, "primary"), primary.Address);

    public Dictionary<string, string> Environment(params (string Name, string Value)[] variables) => variables
        .Append((Name: "PATH", Value: $"{RealMySql.Directory}:{System.Environment.GetEnvironmentVariable("PATH")}"))
        .ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);

    /// <summary>Waits until one server is open, the others follow it, and all are fit to serve.</summary>
    public async Task UntilSettledAsync(MySqlServer primary) => await Eventually.Holds(
        () => Task.FromResult(string.Join('\n', Servers.Select(server => $"{server.Address}: {server.Role}, {(server.IsReady ? "ready" : "unready")}"))),
        _ => Servers.All(server => server.IsReady && server.Role == (server == primary ? "primary" : "replica")),
        "the servers do what the topology says", s_patience);

    public async Task<(int Code, string Output)> RunAsync(string script, params (string Name, string Value)[] variables) =>
        await RunToEnd.Async("bash", [Script(script)], Environment([("DATABASE", "app"), ("KEEP_DAYS", "7"), .. variables]));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(Home, recursive: true);
    }

    // Job pods reach a Service name at the port that MySQL has by itself; here the host is fixed and the port is a variable.
    private static RenderedText Here(RenderedText script, MySqlCluster cluster) => script
        .With("/run/secrets/mysql/", $"{cluster.Secrets}/")
        .With("/dumps", $"{cluster.Home}/dumps")
        .With(script.Name.EndsWith("backup.sh", StringComparison.Ordinal) ? "-h \"$SOURCE\"" : "-h \"$TARGET\"", "-h 127.0.0.1 -P \"$PORT\"");

    /// <summary>One server is made and the others are copies of its empty directory: each first start would cost seconds.</summary>
    private async Task MakeAsync()
    {
        Point(Servers[0]);
        await Servers[0].InitializeAsync();
        foreach (var server in Servers.Skip(1))
        {
            var (code, output) = await RunToEnd.Async("cp", ["-a", Servers[0].DataDirectory, server.DataDirectory]);
            Assert.True(code == 0, output);
            File.Delete(Path.Combine(server.DataDirectory, "auto.cnf"));
        }

        foreach (var server in Servers)
        {
            server.Start();
        }

        foreach (var server in Servers)
        {
            await server.UntilUpAsync();
            // Like the image's entrypoint, which leaves transactions of its own on each server.
            await server.RootAsync("ALTER USER root@localhost IDENTIFIED BY 'rootPassword1'");
        }

        RootPassword = "rootPassword1";
        Secret("root", RootPassword);
        foreach (var server in Servers)
        {
            server.StartAgent();
        }

        await UntilSettledAsync(Servers[0]);
    }
}
