using System.Text.RegularExpressions;
using Portal.DataPath.Tests.Programs;
using Portal.Testing;

namespace Portal.DataPath.Tests.Kafka;

/// <summary>Three brokers of librdkafka's own, which speak the real protocol to any client, within one idle kcat.</summary>
/// <remarks>They know neither logins nor TLS nor rights, make every topic that is named, with four partitions, and keep nothing.</remarks>
internal sealed partial class MockCluster : IAsyncDisposable
{
    private readonly string _directory;
    private readonly List<LocalProgram> _programs = [];

    private MockCluster(string directory) => _directory = directory;

    /// <summary>Address of each broker.</summary>
    public string Bootstrap { get; private set; } = "";

    public static async Task<MockCluster> StartAsync()
    {
        var cluster = new MockCluster(TemporaryDirectory.Create("portal-kafka-"));
        try
        {
            // A producer that is never given a message; its debug output names the ports.
            var brokers = cluster.Start("brokers", "bash", "-c", "tail -f /dev/null | kcat -b ignored:1 -P -t unused -X test.mock.num.brokers=3 -d mock");
            await brokers.UntilAsync(() => Task.FromResult(Addresses().IsMatch(brokers.Log)), "the brokers name their ports");
            cluster.Bootstrap = Addresses().Match(brokers.Log).Groups[1].Value;
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends messages with their keys and waits until the brokers have acknowledged each.</summary>
    public static async Task SendAsync(string bootstrap, string topic, IEnumerable<(string Key, string Value)> messages)
    {
        var input = string.Concat(messages.Select(message => $"{message.Key}:{message.Value}\n"));
        var (code, output) = await RunToEnd.Async("kcat", ["-b", bootstrap, "-P", "-t", topic, "-K:", "-X", "acks=all", "-X", "enable.idempotence=true"], input: input);
        Assert.True(code == 0, output);
    }

    /// <summary>Everything that a topic holds.</summary>
    public static async Task<IReadOnlyList<Message>> ReadAsync(string bootstrap, string topic)
    {
        var (code, output) = await RunToEnd.Async("kcat", ["-b", bootstrap, "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", Message.Format]);
        Assert.True(code == 0, output);
        return Message.Parse(output);
    }

    /// <summary>A member of a consumer group, for as long as the test needs it.</summary>
    public GroupMember Join(string name, string bootstrap, string group, string topic) => new(Start(
        name, "kcat", "-b", bootstrap, "-G", group, "-u", "-X", "auto.offset.reset=earliest", "-X", "session.timeout.ms=6000", "-f", Message.Format, topic));

    public async ValueTask DisposeAsync()
    {
        foreach (var program in Enumerable.Reverse(_programs))
        {
            await program.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private LocalProgram Start(string name, string program, params IReadOnlyList<string> arguments)
    {
        var started = LocalProgram.Start(Path.Combine(_directory, $"{name}.log"), program, arguments);
        _programs.Add(started);
        return started;
    }

    [GeneratedRegex(@"bootstrap\.servers=([0-9.:,]+)")]
    private static partial Regex Addresses();
}

/// <summary>A message as a client sees it.</summary>
internal sealed record Message(int Partition, long Offset, string Key, string Value)
{
    public const string Format = "message %p %o %k %s\\n";

    /// <summary>The messages among other output.</summary>
    public static IReadOnlyList<Message> Parse(string output) =>
    [
        .. from line in output.Split('\n')
           let parts = line.Split(' ')
           where parts is ["message", _, _, _, _]
           select new Message(int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), long.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture), parts[3], parts[4]),
    ];
}

/// <summary>One member of a consumer group.</summary>
internal sealed partial class GroupMember(LocalProgram program)
{
    public IReadOnlyList<Message> Received => Message.Parse(program.Log);

    /// <summary>The partitions that the group gave to it last.</summary>
    public IReadOnlyList<string> Assigned => Rebalanced().Matches(program.Log) is [.., var last] && last.Groups[1].Value == "assigned"
        ? last.Groups[2].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries)
        : [];

    /// <summary>Leaves the group, as a pod does that ends.</summary>
    public Task LeaveAsync() => program.StopAsync();

    [GeneratedRegex(@"rebalanced \([^)]*\): (assigned|revoked): ?(.*)")]
    private static partial Regex Rebalanced();
}
