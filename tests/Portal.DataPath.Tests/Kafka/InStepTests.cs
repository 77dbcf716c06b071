using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.Kafka;

/// <summary>When a broker that was started counts as ready: the rendered script, before a stand-in that answers like Kafka's own tool.</summary>
public sealed class InStepTests
{
    private const string Own = "\tTopic: events\tPartition: 0\tLeader: 100\tReplicas: 101,100,102\tIsr: 100,102\tElr: \tLastKnownElr: ";
    private const string Others = "\tTopic: events\tPartition: 1\tLeader: 101\tReplicas: 100,101,102\tIsr: 100,101\tElr: \tLastKnownElr: ";
    private const string Leaderless = "\tTopic: events\tPartition: 2\tLeader: none\tReplicas: 100,101,102\tIsr: \tElr: 100\tLastKnownElr: ";
    private const string Alike = "\tTopic: events\tPartition: 3\tLeader: 100\tReplicas: 100,1010,110\tIsr: 100";

    [Theory]
    [InlineData("", true)]
    [InlineData(Own, false)]
    [InlineData(Others + "\n" + Own, false)]
    [InlineData(Others, true)]
    [InlineData(Leaderless, true)]
    [InlineData(Alike, true)]
    public async Task Broker_WithTheseUnderReplicatedPartitions_IsInStepWhenNoneOfItsOwnCanCatchUp(string answer, bool expected)
    {
        using var broker = new Broker(answer);
        Assert.Equal(expected, await broker.LookAsync());
        // What has been true once is not asked again.
        broker.Answer(Own);
        Assert.Equal(expected, await broker.LookAsync());
        broker.Restart();
        Assert.False(await broker.LookAsync());
    }

    [Fact]
    public async Task Broker_ThatDoesNotAnswer_IsNotInStep()
    {
        using var broker = new Broker("");
        broker.Refuse();
        Assert.False(await broker.LookAsync());
        broker.Answer("");
        broker.Close();
        Assert.False(await broker.LookAsync());
    }

    [Theory]
    [InlineData(Preset.Small, false)]
    [InlineData(Preset.Medium, true)]
    public void Readiness_OfABrokerWithPeers_WaitsForItToBeInStep(Preset preset, bool waits)
    {
        var pods = RenderedText.Stack(Presets.Create(preset, Purpose.Production, "shop.apps.example")).Manifests
            .Where(manifest => manifest.Object is { Kind: "StatefulSet" } && manifest.Object.Name.StartsWith("kafka-", StringComparison.Ordinal))
            .ToDictionary(manifest => manifest.Object.Name, manifest => manifest.Object.Root.ToJsonString(), StringComparer.Ordinal);

        Assert.Equal(waits, pods["kafka-broker"].Contains("test -e /run/kafka/in-step", StringComparison.Ordinal));
        Assert.Equal(waits, pods["kafka-broker"].Contains("/conf/in-step.sh", StringComparison.Ordinal));
        Assert.DoesNotContain("in-step", pods.GetValueOrDefault("kafka-controller", ""), StringComparison.Ordinal);
    }

    /// <summary>A port that takes connections, and a tool that answers.</summary>
    private sealed class Broker : IDisposable
    {
        private readonly string _home = Testing.TemporaryDirectory.Create("portal-kafka-");
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly string _script;
        private readonly RenderedStack _stack = RenderedText.Stack(Presets.Create(Preset.Medium, Purpose.Production, "shop.apps.example"));
        private readonly int _port;

        public Broker(string answer)
        {
            _listener.Start();
            _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            File.WriteAllText(Path.Combine(_home, "admin"), "adminPassword");
            Directory.CreateDirectory(Path.Combine(_home, "run"));
            _script = RenderedText.Of(_stack, "kafka-conf", "in-step.sh").With("/run/secrets/kafka/", $"{_home}/").Save(_home, "in-step.sh");
            Answer(answer);
        }

        public void Answer(string text)
        {
            File.WriteAllText(Path.Combine(_home, "answer"), text);
            StandIn.Write(Path.Combine(_home, "bin"), "kafka-topics.sh", $"#!/bin/bash\n[[ $* == *'--describe --under-replicated-partitions' ]] || exit 3\ncat '{_home}/answer'\n");
        }

        public void Refuse() => StandIn.Write(Path.Combine(_home, "bin"), "kafka-topics.sh", "#!/bin/bash\nexit 1\n");

        public void Close() => _listener.Stop();

        /// <summary>What the server's container does before it becomes the server.</summary>
        public void Restart()
        {
            Assert.StartsWith("rm -f /run/kafka/in-step; exec ", RenderedPod.Command(_stack, "StatefulSet", "kafka-broker", "kafka")[^1], StringComparison.Ordinal);
            File.Delete(Path.Combine(_home, "run/in-step"));
        }

        public async Task<bool> LookAsync()
        {
            var environment = RenderedPod.Environment(_stack, "StatefulSet", "kafka-broker", "in-step", ("POD_INDEX", "1"));
            environment["PORT"] = _port.ToString(CultureInfo.InvariantCulture);
            (environment["LOOP"], environment["RUN"], environment["BIN"]) = ("0", Path.Combine(_home, "run"), Path.Combine(_home, "bin"));
            var (code, _) = await RunToEnd.Async("bash", [_script], environment);
            Assert.Equal(code == 0, File.Exists(Path.Combine(_home, "run/in-step")));
            return code == 0;
        }

        public void Dispose()
        {
            _listener.Dispose();
            Directory.Delete(_home, recursive: true);
        }
    }
}
