using System.Globalization;
using Portal.DataPath.Tests.Programs;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.MySql;

/// <summary>One MySQL server with the rendered configuration, and the rendered agent beside it.</summary>
internal sealed class MySqlServer : IAsyncDisposable
{
    private readonly MySqlCluster _cluster;
    private readonly int _number;
    private readonly string _home;
    private readonly string _config;
    private LocalProgram? _server;
    private LocalProgram? _agent;

    public MySqlServer(MySqlCluster cluster, RenderedStack stack, int number, int port)
    {
        _cluster = cluster;
        _number = number;
        _home = Path.Combine(cluster.Home, $"mysql-{Text(number)}");
        Port = port;
        Directory.CreateDirectory(Path.Combine(_home, "run"));
        _config = RenderedText.Of(stack, "mysql-conf", "stack.cnf")
            .With("/var/lib/mysql/data", DataDirectory)
            .With("/run/mysqld/", $"{_home}/run/")
            .Save(_home, "stack.cnf");
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Text(Port)}";

    public string DataDirectory => Path.Combine(_home, "data");

    public string AgentLog => _agent?.Log ?? "";

    public bool IsReady => File.Exists(Path.Combine(_home, "run/state/ready"));

    public string Role => File.Exists(RoleFile) ? File.ReadAllText(RoleFile).Trim() : "";

    private string RoleFile => Path.Combine(_home, "run/state/role");

    private string Socket => Path.Combine(_home, "run/mysqld.sock");

    /// <summary>As the image's first start: system tables, and a root that may log in over the socket.</summary>
    public async Task InitializeAsync()
    {
        var (code, output) = await RunToEnd.Async(Program("mysqld"), ["--no-defaults", "--initialize-insecure", $"--datadir={DataDirectory}", .. AsUser()]);
        Assert.True(code == 0, output);
    }

    public void Start()
    {
        _server = LocalProgram.Start(
            Path.Combine(_home, "server.log"), Program("mysqld"),
            [$"--defaults-file={_config}", $"--server-id=10{Text(_number)}", "--bind-address=127.0.0.1", $"--port={Text(Port)}", "--report-host=127.0.0.1", $"--report-port={Text(Port)}", .. AsUser()]);
    }

    public Task UntilUpAsync() => _server!.UntilAsync(async () => (await RootAsync("SELECT 1")).Trim() == "1", "the server answers");

    public void StartAgent() => _agent = LocalProgram.Start(Path.Combine(_home, "agent.log"), "bash", [_cluster.Script("agent.sh")], _cluster.Environment(
        ("MY_ADDR", Address), ("DATABASE", "app"), ("TOPOLOGY", _cluster.Topology), ("SECRETS", _cluster.Secrets), ("SOCKET", Socket),
        ("STATE_DIR", Path.Combine(_home, "run/state")), ("LOOP", "0.3"), ("PEER_PATIENCE", "4")));

    public async Task KillAsync()
    {
        var pid = (await File.ReadAllTextAsync(Path.Combine(_home, "run/mysqld.pid"))).Trim();
        await RunToEnd.Async("kill", ["-9", pid]);
        await Portal.Testing.Eventually.Holds(() => !_server!.IsRunning, "the server is gone");
        await _server!.DisposeAsync();
        _server = null;
    }

    /// <summary>As the kubelet does with a container whose program has ended.</summary>
    public async Task RestartAsync()
    {
        await Portal.Testing.Eventually.Holds(() => !_server!.IsRunning, "the server has ended by itself");
        await _server!.DisposeAsync();
        Start();
        await UntilUpAsync();
    }

    public async Task StopAgentAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
            _agent = null;
        }
    }

    public async Task<string> RootAsync(string sql)
    {
        var (_, output) = await RunToEnd.Async(Program("mysql"), ["-uroot", $"--socket={Socket}", "-N", "-B"], _cluster.Environment(("MYSQL_PWD", _cluster.RootPassword)), sql + "\n");
        return output;
    }

    public async Task<(int Code, string Output)> AppAsync(string sql, string password) =>
        await RunToEnd.Async(Program("mysql"), ["-uapp", "-h127.0.0.1", $"-P{Text(Port)}", "app", "-N", "-B"], _cluster.Environment(("MYSQL_PWD", password)), sql + "\n");

    public async Task<bool> IsOpenAsync() => (await RootAsync("SELECT @@GLOBAL.super_read_only")).Trim() == "0";

    public async ValueTask DisposeAsync()
    {
        await StopAgentAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private static string Program(string name) => File.Exists(Path.Combine(RealMySql.Directory!, name)) ? Path.Combine(RealMySql.Directory!, name) : name;

    private static string[] AsUser() => Environment.UserName == "root" ? ["--user=root"] : [];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
