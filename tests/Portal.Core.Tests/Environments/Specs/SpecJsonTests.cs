using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Core.Results;
using Portal.Testing;

namespace Portal.Core.Tests.Environments.Specs;

public sealed class SpecJsonTests
{
    public static TheoryData<Preset> AllPresets() => [.. Presets.All];

    [Theory]
    [MemberData(nameof(AllPresets))]
    public void Read_WhatWasWritten_IsTheSame(Preset preset)
    {
        var spec = Presets.Create(preset, Purpose.Staging, ASpec.Host);

        var read = SpecJson.Read(SpecJson.Write(spec));

        Assert.Equivalent(spec, read, strict: true);
        Assert.Equal(SpecJson.Write(spec), SpecJson.Write(read));
    }

    [Fact]
    public void Write_Spec_BeginsWithItsVersion() =>
        Assert.StartsWith("{\"version\":3,", SpecJson.Write(ASpec.Small()), StringComparison.Ordinal);

    [Fact]
    public void Read_VersionOne_HasTheDefaultsOfWhatCameLater()
    {
        var old = JsonNode.Parse(SpecJson.Write(ASpec.Medium()))!.AsObject();
        old["version"] = 1;
        old.Remove("rollout");

        foreach (var name in new[] { "frontend", "gateway", "publish", "consume" })
        {
            old[name]!["recommendations"] = true;
        }

        Assert.Equal(SpecJson.Write(ASpec.Medium() with { Rollout = RolloutSpec.Default, MySql = ASpec.Medium().MySql with { MaxConnections = 409 } }), SpecJson.Write(SpecJson.Read(old.ToJsonString())));
    }

    [Fact]
    public void Read_VersionTwo_KeepsItsWishesAndHasTheDefaultsOfWhatCameLater()
    {
        var old = JsonNode.Parse(SpecJson.Write(ASpec.Medium()))!.AsObject();
        old["version"] = 2;
        old.Remove("dayTwo");
        old["mySql"]!.AsObject().Remove("maxConnections");
        old["loadBalancer"]!.AsObject().Remove("routes");
        foreach (var (name, wanted) in new[] { ("frontend", true), ("gateway", false), ("publish", true), ("consume", true) })
        {
            old[name]!.AsObject().Remove("vertical");
            old[name]!["recommendations"] = wanted;
        }

        var expected = ASpec.Medium() with
        {
            Gateway = ASpec.Medium().Gateway with { Vertical = VerticalMode.Off },
            MySql = ASpec.Medium().MySql with { MaxConnections = 409 },
        };
        Assert.Equal(SpecJson.Write(expected), SpecJson.Write(SpecJson.Read(old.ToJsonString())));
    }

    // Words in stored specs and in the API: renaming one breaks what is stored.
    [Fact]
    public void Enums_InJson_KeepTheirWords()
    {
        string[] words = [.. Words<Preset>(), .. Words<Purpose>(), .. Words<WafMode>(), .. Words<IngressMode>(), .. Words<RedisEngine>(),
            .. Words<FailedUpdate>(), .. Words<FailedProvision>(), .. Words<ConflictRule>(),
            .. Words<RoutedService>(), .. Words<VerticalMode>(), .. Words<RedisEviction>(), .. Words<PubSubProvider>(), .. Words<MySqlSource>(), .. Words<MetricsProvider>(), .. Words<LogsProvider>()];

        Assert.Equal(
            "small medium large development staging production detection blocking dedicated ingressClass gateway redis valkey hold rollBack keep tearDown ask takeOver leave "
            + "frontend gateway publish consume off recommend memory leastRecentlyUsed expiringOnly refuse kafka google dedicated external dedicated operator datadog loki elasticsearch",
            string.Join(' ', words));

        static IEnumerable<string> Words<T>()
            where T : struct, Enum =>
            Enum.GetValues<T>().Select(value => JsonSerializer.Serialize(value, SpecJson.Options).Trim('"'));
    }

    [Theory]
    [InlineData("\"version\":3", "\"version\":4")]
    [InlineData("\"version\":3", "\"version\":0")]
    [InlineData("\"version\":3,", "")]
    [InlineData("\"version\":3", "\"version\":\"2\"")]
    [InlineData("\"preset\":\"small\"", "\"preset\":\"tiny\"")]
    [InlineData("\"preset\":\"small\"", "\"preset\":0")]
    [InlineData("\"preset\":\"small\"", "\"preset\":\"small\",\"more\":1")]
    [InlineData("\"hostName\":", "\"host\":")]
    public void Read_AnotherVersionOrShape_Throws(string find, string put)
    {
        var json = SpecJson.Write(ASpec.Small());
        Assert.Contains(find, json, StringComparison.Ordinal);

        Assert.Throws<JsonException>(() => SpecJson.Read(json.Replace(find, put, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{")]
    public void Read_NoObject_Throws(string json) => Assert.ThrowsAny<JsonException>(() => SpecJson.Read(json));

    [Fact]
    public void Merge_SomeFields_ReplacesOnlyThose()
    {
        var merged = Merge("""{"mySql":{"storageGiB":25},"gateway":{"scale":{"max":7}},"edge":{"locations":["oslo","rome"]},"alerting":{"notifyEmail":"a@b.example"}}""").Value;

        var start = ASpec.Small();
        var expected = start with
        {
            MySql = start.MySql with { StorageGiB = 25 },
            Gateway = start.Gateway with { Scale = start.Gateway.Scale with { Max = 7 } },
            Edge = start.Edge with { Locations = ["oslo", "rome"] },
            Alerting = start.Alerting with { NotifyEmail = "a@b.example" },
        };
        Assert.Equal(SpecJson.Write(expected), SpecJson.Write(merged));
    }

    [Fact]
    public void Merge_Nothing_IsTheStart() => Assert.Equal(SpecJson.Write(ASpec.Small()), SpecJson.Write(Merge("{}").Value));

    [Theory]
    [InlineData("""{"mySqll":{}}""", "spec.field.unknown", "mySqll", "There is no field \"mySqll\". Fields here are: preset, purpose, hostName, edge,")]
    [InlineData("""{"mySql":{"disk":1}}""", "spec.field.unknown", "mySql.disk", "Fields here are: readReplicas, storageGiB, size, backupRetentionDays, backupHour, maxConnections, source, external.")]
    [InlineData("""{"version":1}""", "spec.field.unknown", "version", "There is no field \"version\"")]
    [InlineData("""{"mySql":{"storageGiB":"10"}}""", "spec.unreadable", "mySql.storageGiB", "Allowed: a whole number.")]
    [InlineData("""{"mySql":{"storageGiB":1.5}}""", "spec.unreadable", "mySql.storageGiB", "Allowed: a whole number.")]
    [InlineData("""{"mySql":{"storageGiB":99999999999}}""", "spec.unreadable", "mySql.storageGiB", "Allowed: a whole number.")]
    [InlineData("""{"mySql":{"storageGiB":null}}""", "spec.unreadable", "mySql.storageGiB", "Allowed: a whole number.")]
    [InlineData("""{"mySql":5}""", "spec.unreadable", "mySql", "Allowed: an object with readReplicas, storageGiB, size, backupRetentionDays, backupHour, maxConnections, source, external.")]
    [InlineData("""{"mySql":null}""", "spec.unreadable", "mySql", "Allowed: an object with readReplicas")]
    [InlineData("""{"loadBalancer":{"waf":"on"}}""", "spec.unreadable", "loadBalancer.waf", "Allowed: detection, blocking.")]
    [InlineData("""{"loadBalancer":{"waf":1}}""", "spec.unreadable", "loadBalancer.waf", "Allowed: detection, blocking.")]
    [InlineData("""{"redis":{"persistent":"yes"}}""", "spec.unreadable", "redis.persistent", "Allowed: true or false.")]
    [InlineData("""{"hostName":7}""", "spec.unreadable", "hostName", "Allowed: text.")]
    [InlineData("""{"hostName":null}""", "spec.unreadable", "hostName", "Allowed: text.")]
    [InlineData("""{"frontend":{"image":null}}""", "spec.unreadable", "frontend.image", "Allowed: text.")]
    [InlineData("""{"edge":{"locations":"jakarta"}}""", "spec.unreadable", "edge.locations", "Allowed: a list of texts.")]
    [InlineData("""{"edge":{"locations":[1]}}""", "spec.unreadable", "edge.locations", "Allowed: a list of texts.")]
    [InlineData("""{"edge":{"locations":["oslo",null]}}""", "spec.unreadable", "edge.locations", "Allowed: a list of texts.")]
    [InlineData("""{"edge":{"locations":null}}""", "spec.unreadable", "edge.locations", "Allowed: a list of texts.")]
    [InlineData("""{"alerting":{"errorRatePercent":"low"}}""", "spec.unreadable", "alerting.errorRatePercent", "Allowed: a number.")]
    [InlineData("""{"alerting":{"notifyEmail":{"a":1}}}""", "spec.unreadable", "alerting.notifyEmail", "Allowed: text.")]
    [InlineData("""{"loadBalancer":{"disabledRules":["a"]}}""", "spec.unreadable", "loadBalancer.disabledRules", "Allowed: a list of whole numbers.")]
    [InlineData("""{"loadBalancer":{"routes":[{"path":"/","service":"x"}]}}""", "spec.unreadable", "loadBalancer.routes", "Allowed: frontend, gateway, publish, consume.")]
    [InlineData("""{"loadBalancer":{"routes":["/"]}}""", "spec.unreadable", "loadBalancer.routes", "Allowed: an object with path, service, header, value.")]
    [InlineData("""{"preset":"huge"}""", "spec.unreadable", "preset", "Allowed: small, medium, large.")]
    public void Merge_BadField_SaysWhichAndWhatIsAllowed(string overrides, string code, string field, string sentence)
    {
        var refused = Assert.Single(Merge(overrides).Errors);

        Assert.Equal((code, ErrorKind.Malformed), (refused.Code, refused.Kind));
        Assert.StartsWith(field, refused.Field, StringComparison.Ordinal);
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_SeveralUnknownFields_NamesThemAll() =>
        Assert.Equal(["a", "redis.b"], Merge("""{"a":1,"redis":{"b":2}}""").Errors.Select(error => error.Field));

    [Theory]
    [InlineData("""{"mySql":{"storageGiB":20},"mySql":{"storageGiB":30}}""")]
    [InlineData("""{"mySql":{"storageGiB":20,"storageGiB":30}}""")]
    public void Merge_FieldNamedTwice_IsRefused(string overrides) =>
        Assert.Equal("spec.unreadable", Assert.Single(Merge(overrides).Errors).Code);

    [Fact]
    public void Merge_DeepNonsense_IsRefusedNotThrown()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 60)) + string.Concat(Enumerable.Repeat("]", 60));

        Assert.Equal("spec.unreadable", Assert.Single(Merge($"{{\"edge\":{{\"locations\":{deep}}}}}").Errors).Code);
    }

    private static Result<EnvironmentSpec> Merge(string overrides) => SpecJson.Merge(ASpec.Small(), JsonNode.Parse(overrides)!.AsObject());
}
