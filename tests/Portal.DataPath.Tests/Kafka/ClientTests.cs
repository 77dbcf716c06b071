using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.Provisioning.Blueprint;
using Portal.Testing;

namespace Portal.DataPath.Tests.Kafka;

/// <summary>What the services are told of Kafka, given to a real client (librdkafka), before brokers that speak the real protocol.</summary>
/// <remarks>
/// Services get addresses, names and a password, and choose the settings of their clients themselves; these tests take those that the contract
/// asks for. Logins cannot be tried here: the client takes what is rendered and finds brokers that know none.
/// </remarks>
public sealed class ClientTests
{
    private static readonly RenderedStack s_stack = RenderedText.Stack(
        Presets.Create(Preset.Medium, Purpose.Production, "shop.apps.example") is var spec ? spec with { PubSub = spec.PubSub with { Topics = ["orders", "mails"] } } : throw new InvalidOperationException());

    private static readonly string[] s_keys = ["ada", "ben", "cid", "dan", "eve", "fay", "gus", "hal", "ida", "jon", "kim", "leo"];

    private static string Topic => Told("PUBSUB_TOPICS").Text.Split(',')[0];

    [Fact]
    public async Task Messages_AcknowledgedByAll_AreAllThereInTheOrderOfTheirKeys()
    {
        await using var cluster = await MockCluster.StartAsync();
        var bootstrap = BootstrapOf(cluster);

        await MockCluster.SendAsync(bootstrap, Topic, Messages(1, 25));
        await MockCluster.SendAsync(bootstrap, Topic, Messages(26, 50));

        var received = await MockCluster.ReadAsync(bootstrap, Topic);
        Assert.Equal(s_keys.Length * 50, received.Count);
        Assert.True(received.Select(message => message.Partition).Distinct().Count() > 1, "more than one partition is used");
        foreach (var key in s_keys)
        {
            var ofKey = received.Where(message => message.Key == key).ToList();
            Assert.Single(ofKey.Select(message => message.Partition).Distinct());
            Assert.Equal(Enumerable.Range(1, 50).Select(number => $"{key}-{number}"), ofKey.OrderBy(message => message.Offset).Select(message => message.Value));
        }
    }

    [Fact]
    public async Task ConsumerGroup_OfTwo_SharesThePartitionsAndLosesNothingWhenOneLeaves()
    {
        await using var cluster = await MockCluster.StartAsync();
        var bootstrap = BootstrapOf(cluster);
        await MockCluster.SendAsync(bootstrap, Topic, Messages(1, 10));
        var (first, second) = (cluster.Join("first", bootstrap, "consume", Topic), cluster.Join("second", bootstrap, "consume", Topic));

        await Eventually.Holds(() => first.Assigned.Count == 2 && second.Assigned.Count == 2, "each has two of the four partitions", TimeSpan.FromSeconds(30));
        Assert.Empty(first.Assigned.Intersect(second.Assigned));
        await MockCluster.SendAsync(bootstrap, Topic, Messages(11, 20));
        await Eventually.Holds(() => Values(first, second).Count == s_keys.Length * 20, "between them they have every message");
        var late = Messages(11, 20).Select(message => message.Value).ToHashSet();
        Assert.Empty(first.Received.Where(message => late.Contains(message.Value)).Select(message => message.Partition).Intersect(second.Received.Where(message => late.Contains(message.Value)).Select(message => message.Partition)));

        await first.LeaveAsync();
        await Eventually.Holds(() => second.Assigned.Count == 4, "the other one takes over", TimeSpan.FromSeconds(30));
        await MockCluster.SendAsync(bootstrap, Topic, Messages(21, 30));

        await Eventually.Holds(() => Values(first, second).Count == s_keys.Length * 30, "nothing is lost");
        var keys = second.Received.Where(message => message.Value.EndsWith("-30", StringComparison.Ordinal)).Select(message => message.Key).ToHashSet();
        Assert.Equal(s_keys.Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
    }

    /// <summary>The client refuses a mechanism that it does not know before it connects; what is rendered it takes, and then misses a login at these brokers.</summary>
    [Theory]
    [InlineData("", "SASL Handshake not supported by broker (required by mechanism SCRAM-SHA-512)")]
    [InlineData("-X", "Failed to create producer: Unsupported hash function")]
    public async Task Login_AsTold_IsOneThatTheClientKnows(string change, string expected)
    {
        await using var cluster = await MockCluster.StartAsync();

        var (code, output) = await RunToEnd.Async("kcat",
        [
            "-L", "-b", BootstrapOf(cluster), "-m", "3", "-X", "security.protocol=SASL_PLAINTEXT", "-X", $"sasl.mechanism={Told("KAFKA_SASL_MECHANISM").Text}{change}",
            "-X", $"sasl.username={Told("KAFKA_USER").Text}", "-X", "sasl.password=aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE",
        ]);

        Assert.NotEqual(0, code);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    private static RenderedText Told(string variable) => RenderedText.Of(s_stack, "app-endpoints", variable);

    private static string BootstrapOf(MockCluster cluster) => Told("KAFKA_BOOTSTRAP").With("kafka:9092", cluster.Bootstrap).Text;

    private static IEnumerable<(string Key, string Value)> Messages(int from, int to) =>
        Enumerable.Range(from, to - from + 1).SelectMany(number => s_keys.Select(key => (key, $"{key}-{number}")));

    private static HashSet<string> Values(params GroupMember[] members) => [.. members.SelectMany(member => member.Received).Select(message => message.Value)];
}
