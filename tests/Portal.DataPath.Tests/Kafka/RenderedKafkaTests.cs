using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;

namespace Portal.DataPath.Tests.Kafka;

/// <summary>Kafka's configuration and every script of the stack, as far as they can be read without the brokers, which Debian does not have.</summary>
public sealed class RenderedKafkaTests
{
    /// <summary>Broker settings of Kafka 4 that the stack writes. A misspelt one is ignored by the broker without a word.</summary>
    private static readonly HashSet<string> s_known =
    [
        "controller.listener.names", "listener.security.protocol.map", "sasl.enabled.mechanisms", "sasl.mechanism.inter.broker.protocol", "sasl.mechanism.controller.protocol",
        "listener.name.controller.sasl.enabled.mechanisms", "authorizer.class.name", "super.users", "allow.everyone.if.no.acl.found", "log.dirs", "num.partitions", "default.replication.factor",
        "min.insync.replicas", "offsets.topic.replication.factor", "transaction.state.log.replication.factor", "transaction.state.log.min.isr", "share.coordinator.state.topic.replication.factor",
        "share.coordinator.state.topic.min.isr", "auto.create.topics.enable", "unclean.leader.election.enable", "delete.topic.enable", "log.retention.hours", "log.segment.bytes",
        "controlled.shutdown.enable", "group.initial.rebalance.delay.ms",
    ];

    [Theory]
    [InlineData(Preset.Small, "1", "1")]
    [InlineData(Preset.Medium, "3", "2")]
    [InlineData(Preset.Large, "3", "2")]
    public void Properties_OfAPreset_AreKnownAndReplicateAsThereAreBrokers(Preset preset, string replication, string inSync)
    {
        var stack = RenderedText.Stack(Presets.Create(preset, Purpose.Production, "shop.apps.example"));
        var properties = RenderedText.Of(stack, "kafka-conf", "server.properties").Text.Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

        Assert.Empty(properties.Keys.Except(s_known));
        Assert.Equal((replication, inSync), (properties["offsets.topic.replication.factor"], properties["min.insync.replicas"]));
        Assert.Equal("168", properties["log.retention.hours"]);
    }

    [Theory]
    [InlineData(Preset.Small)]
    [InlineData(Preset.Large)]
    public async Task Scripts_OfAStack_AreWellFormed(Preset preset)
    {
        var stack = RenderedText.Stack(Presets.Create(preset, Purpose.Production, "shop.apps.example"));
        var scripts =
            from manifest in stack.Manifests
            where manifest.Object.Kind == "ConfigMap"
            from file in (JsonObject)manifest.Object.At("data")!
            where file.Key.EndsWith(".sh", StringComparison.Ordinal)
            select (Name: $"{manifest.Object.Name}/{file.Key}", Text: (string)file.Value!);
        var seen = 0;
        foreach (var (name, text) in scripts)
        {
            var (code, output) = await RunToEnd.Async("bash", ["-n"], input: text);
            Assert.True(code == 0, $"{name}: {output}");
            seen++;
        }

        Assert.True(seen >= 8);
    }
}
