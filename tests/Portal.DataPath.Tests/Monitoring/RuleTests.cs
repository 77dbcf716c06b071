using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.Provisioning.Blueprint;
using Portal.Testing;

namespace Portal.DataPath.Tests.Monitoring;

/// <summary>The rendered rules, dashboards and Prometheus configuration as promtool reads them, and what the rules do with numbers.</summary>
public sealed class RuleTests : IDisposable
{
    private readonly string _directory = TemporaryDirectory.Create("portal-monitoring-");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string> Stacks => ["Small", "Medium", "Google", "External", "Single", "Elasticsearch"];

    [Theory]
    [MemberData(nameof(Stacks))]
    public async Task Rules_OfAnyStack_AreTakenByPromtool(string name)
    {
        var rules = MonitoredStacks.Rules(RenderedText.Stack(SpecOf(name))).Save(_directory, "rules.yml");

        var (code, output) = await RunToEnd.Async("promtool", ["check", "rules", rules]);

        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("Medium", true)]
    [InlineData("Google", false)]
    public void Rules_ForKafka_AreThereExactlyWithKafka(string name, bool expected) =>
        Assert.Equal(expected, MonitoredStacks.Rules(RenderedText.Stack(SpecOf(name))).Text.Contains("kafka", StringComparison.Ordinal));

    /// <summary>What each rule makes of numbers stands in rules_test.yml.</summary>
    [Fact]
    public async Task Rules_FedWithNumbers_FireWhenAndOnlyWhenTheyShould()
    {
        var spec = MonitoredStacks.Spec;
        var thresholds = spec with
        {
            Redis = spec.Redis with { Eviction = RedisEviction.Refuse },
            Alerting = spec.Alerting with { ErrorRatePercent = 5, LatencyMilliseconds = 500, DiskPercent = 80, ReplicationLagSeconds = 20, ConsumerLag = 1000 },
        };
        MonitoredStacks.Rules(RenderedText.Stack(thresholds)).Save(_directory, "rules.yml");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Monitoring", "rules_test.yml"), Path.Combine(_directory, "rules_test.yml"));

        var (code, output) = await RunToEnd.Async("promtool", ["test", "rules", Path.Combine(_directory, "rules_test.yml")]);

        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("https://metrics.shop.example/api/v1/write?x=1", null)]
    [InlineData("https://metrics.shop.example/api/v1/write", "shop")]
    public async Task PrometheusConfiguration_WithTheTargetsFromAFile_IsTakenByPromtool(string? remoteWrite, string? user)
    {
        MonitoredStacks.Rules(MonitoredStacks.Default).Save(_directory, "rules/rules.yml");
        var spec = MonitoredStacks.Spec with { Metrics = MonitoredStacks.Spec.Metrics with { RemoteWriteUrl = remoteWrite, RemoteWriteUser = user } };
        var rendered = MonitoredStacks.PrometheusWithTargetsFrom(Path.Combine(_directory, "targets.json"), RenderedText.Stack(spec));
        Assert.Equal(remoteWrite is not null, rendered.Text.Contains("/run/secrets/remote-write/password", StringComparison.Ordinal));
        var config = rendered
            .With("/etc/prometheus-rules", Path.Combine(_directory, "rules"))
            .Save(_directory, "prometheus.yml");

        var (code, output) = await RunToEnd.Async("promtool", ["check", "config", config]);

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Dashboards_EveryPrometheusQuery_Parses()
    {
        var queries = Queries(MonitoredStacks.Default).ToList();
        var rules = new JsonObject
        {
            ["groups"] = new JsonArray(new JsonObject
            {
                ["name"] = "queries",
                ["rules"] = new JsonArray([.. queries.Select((query, i) => (JsonNode)new JsonObject { ["record"] = $"query:{i}", ["expr"] = query })]),
            }),
        };
        var file = new RenderedText("queries", rules.ToJsonString()).Save(_directory, "queries.yml");

        var (code, output) = await RunToEnd.Async("promtool", ["check", "rules", file]);

        Assert.True(queries.Count > 40, $"{queries.Count} queries");
        Assert.True(code == 0, output);
    }

    internal static IEnumerable<string> Queries(RenderedStack stack) =>
        from manifest in stack.Manifests
        where manifest.Object.Kind == "ConfigMap" && manifest.Object.Name.StartsWith("grafana-dashboard-", StringComparison.Ordinal)
        from file in (JsonObject)manifest.Object.At("data")!
        from panel in JsonNode.Parse((string)file.Value!)!["panels"]!.AsArray()
        where (string?)panel!["datasource"]!["type"] == "prometheus"
        from target in panel["targets"]!.AsArray()
        select (string)target!["expr"]!;

    private static EnvironmentSpec SpecOf(string name)
    {
        var medium = MonitoredStacks.Spec;
        return name switch
        {
            "Small" => Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example"),
            "Medium" => medium,
            "Google" => medium with { PubSub = medium.PubSub with { Provider = PubSubProvider.Google, GoogleProject = "shop-project" } },
            "External" => medium with { MySql = medium.MySql with { Source = MySqlSource.External, External = new() { Host = "db.example", Database = "shop", User = "shop", SecretName = "shop-db" } } },
            "Single" => medium with { MySql = medium.MySql with { ReadReplicas = 0 }, Redis = medium.Redis with { Shards = 1, ReplicasPerShard = 0 } },
            "Elasticsearch" => medium with { Logs = medium.Logs with { Provider = LogsProvider.Elasticsearch, ElasticsearchUrl = "https://elastic.logs.example:9200" } },
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }
}
