using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Testing;

namespace Portal.Core.Tests.Environments.Specs;

public sealed class SpecValidatorTests
{
    public static TheoryData<Preset, Purpose> PresetsAndPurposes() =>
        new(from preset in Presets.All from purpose in Enum.GetValues<Purpose>() select (preset, purpose));

    [Theory]
    [MemberData(nameof(PresetsAndPurposes))]
    public void Validate_EveryPreset_IsValid(Preset preset, Purpose purpose)
    {
        var spec = Presets.Create(preset, purpose, ASpec.Host);

        Assert.Empty(SpecValidator.Validate(spec));
        Assert.Empty(SpecValidator.Validate(spec, current: spec));
    }

    // Field, values just inside the rule, values just outside of it. Values are JSON.
    private static readonly (string Field, string[] Good, string[] Bad)[] s_rules =
    [
        ("hostName", ["\"shop.example\"", "\"a.b\"", "\"xn--bcher-kva.example\"", "\"0.shop.example\""],
            ["\"\"", "\"shop\"", "\"Shop.example\"", "\"shop..example\"", "\".example\"", "\"shop.example.\"", "\"shop.-a\"", "\"shop.example\\n\"", "\"shop.1\"", "\"a b.example\"", "\"shop.example/x\""]),
        ("edge.locations", ["[\"a\"]", "[\"oslo\",\"rome-2\"]", "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"]", "[\"abcdefghijklmnopqrst\"]"],
            ["[]", "[\"a\",\"a\"]", "[\"\"]", "[\"Oslo\"]", "[\"oslo-\"]", "[\"oslo\\n\"]", "[\"1oslo\"]", "[\"abcdefghijklmnopqrstu\"]", "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\"]"]),
        ("edge.podsPerLocation", ["1", "10"], ["0", "-1", "11"]),
        ("edge.cacheGiB", ["1", "500"], ["0", "501"]),
        ("loadBalancer.scale.min", ["1"], ["0", "-5", "51"]),
        ("loadBalancer.scale.max", ["3", "50"], ["51", "0"]),
        ("loadBalancer.scale.targetCpuPercent", ["10", "95"], ["9", "96"]),
        ("loadBalancer.requestsPerSecond", ["1", "100000"], ["0", "100001"]),
        ("ingress.scale.max", ["2", "50"], ["51", "1"]),
        ("frontend.image", ["\"app:1\"", "\"registry.example:5000/team/app:1.4.2\"", "\"registry.example/team/app:1.4.2-rc.1_b\"", "\"app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"", "\"a/b__c/d--e:v1\"", "\"app:latest-but-pinned\""],
            ["\"\"", "\"app\"", "\"app:latest\"", "\"team/app\"", "\"registry.example:5000/team/app\"", "\"App:1\"", "\"app:1\\n\"", "\"app: 1\"", "\"app:\"", "\"/app:1\"", "\"app@sha256:12\"", "\"app:1;rm\"", "\"https://registry.example/app:1\""]),
        ("gateway.image", ["\"app:1\""], ["\"app\""]),
        ("publish.image", ["\"app:1\""], ["\"app\""]),
        ("consume.image", ["\"app:1\""], ["\"app\""]),
        ("frontend.scale.max", ["100", "2"], ["101", "1"]),
        ("gateway.scale.max", ["100", "3"], ["101", "2"]),
        ("publish.scale.max", ["100", "2"], ["101", "1"]),
        ("consume.scale.max", ["12", "2"], ["13", "1"]),
        ("frontend.size.cpuMillicores", ["10", "64000"], ["9", "64001", "-100"]),
        ("frontend.size.memoryMiB", ["32", "524288"], ["31", "524289"]),
        ("mySql.readReplicas", ["0", "9"], ["-1", "10"]),
        ("mySql.storageGiB", ["1", "16384"], ["0", "-10", "16385"]),
        ("mySql.backupRetentionDays", ["1", "365"], ["0", "366"]),
        ("mySql.size.memoryMiB", ["512"], ["511"]),
        ("mySql.size.cpuMillicores", ["10"], ["9"]),
        ("redis.shards", ["3", "30"], ["0", "2", "31", "-1", "1"]),
        ("redis.replicasPerShard", ["0", "5"], ["-1", "6"]),
        ("redis.memoryMiB", ["64", "262144"], ["63", "262145"]),
        ("pubSub.brokers", ["1", "3", "30"], ["0", "2", "31"]),
        ("pubSub.partitions", ["6", "1000"], ["5", "0", "1001"]),
        ("pubSub.storageGiB", ["1", "16384"], ["0", "16385"]),
        ("pubSub.size.memoryMiB", ["512"], ["511"]),
        ("metrics.retentionDays", ["1", "365"], ["0", "366"]),
        ("metrics.storageGiB", ["1", "16384"], ["0", "16385"]),
        ("logs.retentionDays", ["1", "365"], ["0", "366"]),
        ("logs.storageGiB", ["1", "16384"], ["0", "16385"]),
        ("alerting.replicas", ["1", "5"], ["0", "6"]),
        ("alerting.errorRatePercent", ["0.1", "100"], ["0.09", "100.1", "-1", "1e400"]),
        ("alerting.notifyEmail", ["null", "\"team@shop.example\"", "\"a.b+c@shop.eu\"", "\"o'brien@shop.eu\""],
            ["\"\"", "\"team\"", "\"team@shop\"", "\"@shop.example\"", "\"a@b@c.example\"", "\"a b@shop.example\"", "\"a@shop.example\\n\"", "\"a\\u0000@shop.example\"", "\"a@-shop.example\"", "\"{{.}}@shop.example\"", "\"a,b@shop.example\""]),
        ("housekeeping.finishedPodsHours", ["1", "720"], ["0", "721"]),
        ("housekeeping.headroomPods", ["0", "20"], ["-1", "21"]),
        ("rollout.deadlineMinutes", ["2", "240"], ["1", "241"]),
        ("edge.otherHostNames", ["[]", "[\"www.shop.example\",\"shop.co.id\"]"],
            ["[\"shop\"]", "[\"a.example\",\"a.example\"]", $"[\"{ASpec.Host}\"]", "[\"a.example;\"]", "[\"*.shop.example\"]", $"[{string.Join(',', Enumerable.Range(0, 21).Select(number => $"\"h{number}.example\""))}]"]),
        ("edge.certificate", ["{\"source\":\"generated\"}", "{\"source\":\"certManager\",\"issuerName\":\"letsencrypt.dns\"}", "{\"source\":\"certManager\",\"issuerName\":\"ca\",\"issuerKind\":\"issuer\"}", "{\"source\":\"provided\",\"secretName\":\"shop-tls\"}"],
            ["{\"source\":\"certManager\"}", "{\"source\":\"certManager\",\"issuerName\":\"a b\"}", "{\"source\":\"provided\"}", "{\"source\":\"provided\",\"secretName\":\"../x\"}", "{\"source\":\"provided\",\"secretName\":\"x\",\"issuerName\":\"ca\"}"]),
        ("edge.certificate.issuerName", ["null"], ["\"ca\""]),
        ("edge.certificate.secretName", ["null"], ["\"shop-tls\""]),
        ("edge.trustedProxies", ["[]", "[\"198.51.100.7\",\"203.0.113.0/24\",\"2001:db8::/32\"]"], ["[\"0.0.0.0/0\"]", "[\"::/0\"]", "[\"proxy.example\"]", "[\"203.0.113.0/33\"]", "[\"203.0.113.7;\"]"]),
        ("edge.defaultTtlSeconds", ["0", "86400"], ["-1", "86401"]),
        ("edge.assetTtlSeconds", ["null", "0", "31536000"], ["-1", "31536001"]),
        ("edge.privatePaths", ["[]", "[\"/account\",\"/a/b.c~d\"]"], ["[\"account\"]", "[\"/\"]", "[\"/a b\"]", "[\"/a\\n\"]", "[\"/a;\"]", "[\"/a\\\"\"]", "[\"/a{\"]"]),
        ("edge.sessionCookies", ["[\"connect.sid\"]"], ["[\"\"]", "[\"a b\"]", "[\"a=b\"]", "[\"(.*)\"]"]),
        ("loadBalancer.paranoiaLevel", ["1", "4"], ["0", "5"]),
        ("loadBalancer.anomalyThreshold", ["3", "1000"], ["2", "1001"]),
        ("loadBalancer.maxBodyMiB", ["1", "1024"], ["0", "1025"]),
        ("loadBalancer.disabledRules", ["[]", "[942100,920420]"], ["[1]", "[901100]", "[1000000]"]),
        ("loadBalancer.wafExclusions", ["[]", "[{\"path\":\"/api/editor\",\"ruleIds\":[941100,942100]},{\"path\":\"/upload/\",\"ruleIds\":[920420]}]"],
            ["[{\"path\":\"/\",\"ruleIds\":[941100]}]", "[{\"path\":\"/a\",\"ruleIds\":[]}]", "[{\"path\":\"/a\",\"ruleIds\":[949110]}]", "[{\"path\":\"/a\\\"\",\"ruleIds\":[941100]}]",
                "[{\"path\":\"/a\",\"ruleIds\":[941100]},{\"path\":\"/a/\",\"ruleIds\":[941110]}]"]),
        ("loadBalancer.blockedAddresses", ["[\"203.0.113.7\",\"203.0.113.0/24\",\"2001:db8::/32\"]"], ["[\"203.0.113\"]", "[\"203.0.113.0/33\"]", "[\"host\"]", "[\"203.0.113.7;\"]"]),
        ("loadBalancer.routes", ["[{\"path\":\"/\",\"service\":\"gateway\"}]", "[{\"path\":\"/\",\"service\":\"frontend\"},{\"path\":\"/\",\"service\":\"gateway\",\"header\":\"x-canary\",\"value\":\"1\"}]"],
            ["[]", "[{\"path\":\"/api\",\"service\":\"gateway\"}]", "[{\"path\":\"/\",\"service\":\"frontend\"},{\"path\":\"/\",\"service\":\"gateway\"}]",
                "[{\"path\":\"/\",\"service\":\"frontend\"},{\"path\":\"/a\",\"service\":\"gateway\"},{\"path\":\"/a/\",\"service\":\"publish\"}]", "[{\"path\":\"/\",\"service\":\"frontend\"},{\"path\":\"a\",\"service\":\"gateway\"}]",
                "[{\"path\":\"/\",\"service\":\"frontend\"},{\"path\":\"/a\",\"service\":\"gateway\",\"header\":\"x\"}]", "[{\"path\":\"/\",\"service\":\"frontend\"},{\"path\":\"/a\",\"service\":\"gateway\",\"header\":\"x y\",\"value\":\"1\"}]"]),
        ("ingress.className", ["null", "\"nginx\""], ["\"Nginx\"", "\"\"", "\"a b\""]),
        ("gateway.scaleMemoryPercent", ["null", "10", "95"], ["9", "96"]),
        ("consume.scaleLag", ["null", "1", "1000000000"], ["0", "1000000001"]),
        ("frontend.scaleLag", ["null"], ["100"]),
        ("gateway.scaleLag", ["null"], ["100"]),
        ("publish.scaleLag", ["null"], ["100"]),
        ("gateway.env", ["[\"LOG_LEVEL=debug\",\"A=\",\"B=a=b c\"]"], ["[\"=x\"]", "[\"A\"]", "[\"1A=x\"]", "[\"A=x\",\"A=y\"]", "[\"A=x\\ny\"]"]),
        ("gateway.secrets", ["[\"stripe-key\"]"], ["[\"Stripe\"]", "[\"a\",\"a\"]", "[\"../a\"]"]),
        ("gateway.livePath", ["null", "\"/healthz\""], ["\"\"", "\"healthz\"", "\"/a b\""]),
        ("gateway.readyPath", ["\"/ready\""], ["\"ready\""]),
        ("frontend.startSeconds", ["5", "1800"], ["4", "1801"]),
        ("gateway.startSeconds", ["5", "1800"], ["4", "1801"]),
        ("publish.startSeconds", ["5", "1800"], ["4", "1801"]),
        ("consume.startSeconds", ["5", "1800"], ["4", "1801"]),
        ("frontend.graceSeconds", ["1", "600"], ["0", "601"]),
        ("gateway.graceSeconds", ["1", "600"], ["0", "601"]),
        ("publish.graceSeconds", ["1", "600"], ["0", "601"]),
        ("consume.graceSeconds", ["1", "600"], ["0", "601"]),
        ("mySql.backupHour", ["0", "23"], ["-1", "24"]),
        ("mySql.maxConnections", ["10", "10000"], ["9", "10001"]),
        ("mySql.external", ["{\"port\":3306}"], ["{\"host\":\"db.example\"}", "{\"readHost\":\"db.example\"}", "{\"port\":0}"]),
        ("mySql.external.port", ["1", "65535"], ["0", "65536"]),
        ("mySql.external.host", ["null"], ["\"db.shop.example\""]),
        ("mySql.external.readHost", ["null"], ["\"db.shop.example\""]),
        ("mySql.external.database", ["null"], ["\"shop\""]),
        ("mySql.external.user", ["null"], ["\"shop\""]),
        ("mySql.external.secretName", ["null"], ["\"shop-db\""]),
        ("mySql", [External("db.shop.example"), External("10.20.3.4"), External("2001:db8::7"), External("mysql.databases.svc.cluster.local", "app_1$-x", "shop@server")],
            ["{\"source\":\"external\"}", External("db"), External("localhost"), External("a.localhost"), External("127.0.0.1"), External("127.1"), External("169.254.169.254"), External("::1"), External("fe80::1%1"), External("::ffff:10.0.0.1"),
                External("db.example:3306"), External("db.example", "a b"), External("db.example", "a", "a\\n"), External("db.example", "a", "a", "Secret")]),
        ("pubSub.topics", ["[\"orders\",\"orders.paid-2\"]"], ["[]", "[\"orders\",\"orders\"]", "[\"orders.failed\"]", "[\"_x\"]", "[\"a:b\"]", "[\"a b\"]"]),
        ("pubSub.retentionHours", ["1", "8760"], ["0", "8761"]),
        ("pubSub.googleProject", ["null"], ["\"shop-prod\""]),
        ("metrics.datadogAgent", ["null"], ["\"agent:8125\""]),
        ("metrics.remoteWriteUrl", ["null", "\"https://metrics.shop.example/api/v1/write?a=b\""], ["\"\"", "\"metrics.shop.example\"", "\"http://metrics.shop.example/\"", "\"https://u:p@a.example/\"", "\"https://localhost/\"", "\"https://10.0.0.1/\"", "\"https://a.example/@X@\""]),
        ("metrics.remoteWriteUser", ["null"], ["\"shop\""]),
        ("logs.auditRetentionDays", ["null", "30", "3650"], ["29", "3651"]),
        ("logs.archiveDays", ["0", "3650"], ["-1", "3651"]),
        ("logs.elasticsearchUrl", ["null"], ["\"https://elastic.example\""]),
        ("alerting.slackChannel", ["null", "\"#shop-alerts\""], ["\"shop\"", "\"#\"", "\"#Shop\"", "\"#a b\""]),
        ("alerting.webhookUrl", ["null", "\"https://hooks.shop.example/a?b=c\"", "\"https://203.0.113.7:8443/\"", "\"https://[2001:db8::7]/\"", "\"https://172.32.0.1/\""], ["\"\"", "\"hooks.shop.example\"", "\"ftp://a.example/\"", "\"https://u:p@a.example/\"", "\"https://a.example/'\"", "\"https://a.example/@X@\"",
            "\"http://localhost:9093/\"", "\"http://LocalHost./\"", "\"https://a.localhost/\"", "\"http://127.0.0.1/\"", "\"http://127.1/\"", "\"http://2130706433/\"", "\"http://0.0.0.0/\"", "\"http://169.254.169.254/latest\"", "\"http://10.0.0.1/\"",
            "\"http://172.31.0.1/\"", "\"http://192.168.1.1/\"", "\"http://100.64.0.1/\"", "\"http://[::1]/\"", "\"http://[::]/\"", "\"http://[fe80::1]/\"", "\"http://[fd00::1]/\"", "\"http://[::ffff:10.0.0.1]/\""]),
        ("alerting.latencyMilliseconds", ["10", "60000"], ["9", "60001"]),
        ("alerting.diskPercent", ["50", "99"], ["49", "100"]),
        ("alerting.replicationLagSeconds", ["1", "3600"], ["0", "3601"]),
        ("alerting.consumerLag", ["1"], ["0"]),
        ("dayTwo.mySqlPrimary", ["0", "2"], ["-1", "3"]),
        ("dayTwo.cachePurges", ["0", "1000000"], ["-1", "1000001"]),
        ("dayTwo.backups", ["1"], ["-1"]),
        ("dayTwo.restore.number", ["1"], ["-1"]),
        ("dayTwo.restore.backup", ["null"], ["\"app-20261127T020000Z.sql.gz\"", "\"../x.sql.gz\""]),
        ("dayTwo.mySqlCredential.version", ["1", "2"], ["0"]),
        ("dayTwo.redisCredential.version", ["2"], ["0"]),
        ("dayTwo.pubSubCredential.version", ["2"], ["0"]),
        ("dayTwo.loadBalancerCertificate.version", ["2"], ["0"]),
        ("dayTwo.edgeCertificates", ["0", "1000000"], ["-1", "1000001"]),
        ("dayTwo.mySqlCredential.keepsPrevious", ["false"], ["true"]),
        .. RestartCounts.Restartable.Select(component => ($"dayTwo.restarts.{JsonNamingPolicy.CamelCase.ConvertName(component.ToString())}", (string[])["0", "7"], (string[])["-1"])),
    ];

    private static string External(string host, string database = "shop", string user = "shop", string secret = "shop-db") =>
        $$$"""{"source":"external","external":{"host":"{{{host}}}","database":"{{{database}}}","user":"{{{user}}}","secretName":"{{{secret}}}"}}""";

    public static TheoryData<string, string, bool> Rules()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var (field, good, bad) in s_rules)
        {
            foreach (var value in good)
            {
                data.Add(field, value, true);
            }

            foreach (var value in bad)
            {
                data.Add(field, value, false);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Validate_ValueAtTheEdgeOfARule_IsJudgedAtItsField(string field, string json, bool valid)
    {
        var spec = SpecJson.Merge(ASpec.Medium(), Nest(field, json)).Value;

        var errors = SpecValidator.Validate(spec);

        if (valid)
        {
            Assert.Empty(errors);
        }
        else
        {
            // A bad count of shards or partitions may show at the field that depends on it.
            var related = field.Split('.')[0] is "redis" ? "redis." : field == "pubSub.partitions" ? "consume.scale.max" : field;
            Assert.Contains(errors, error => error.Field == field || error.Field!.StartsWith(related, StringComparison.Ordinal));
            Assert.All(errors, error => Assert.Matches(@"^\S.*\.$", error.Message.Split('\n')[^1]));
        }
    }

    [Fact]
    public void Validate_MorePartitionsThanBrokersTakeWell_IsRefusedAtThePartitions()
    {
        var medium = ASpec.Medium();
        EnvironmentSpec Of(int topics, int partitions) => medium with { PubSub = medium.PubSub with { Topics = [.. Enumerable.Range(0, topics).Select(number => $"topic-{number}")], Partitions = partitions } };

        Assert.Empty(SpecValidator.Validate(Of(100, 20)));
        var refused = Assert.Single(SpecValidator.Validate(Of(100, 21)));
        Assert.Equal(("pubSub.partitions", "100 topics of 21 partitions put 4200 partitions on each broker; a broker takes 4000 well. Lower pubSub.partitions, or raise pubSub.brokers."), (refused.Field, refused.Message));
    }

    [Theory]
    [InlineData(PubSubProvider.Google, null, "consume.scaleLag", "consume.scaleLag counts what waits in Kafka, and pubSub.provider is google. Leave it empty, or scale by a metric of the pods (consume.scaleMetric).")]
    [InlineData(PubSubProvider.Kafka, "shop orders", "consume.env",
        "\"shop orders\" is no consumer group that an autoscaler can ask for. Set KAFKA_GROUP to at most 63 letters, digits and . _ - that begin and end with a letter or digit, or leave it out for \"consume\".")]
    public void Validate_ScalingByALagThatCannotBeRead_IsRefusedInWords(PubSubProvider provider, string? group, string field, string sentence)
    {
        var medium = ASpec.Medium();
        EnvironmentSpec Of(PubSubProvider chosen, string? named) => medium with
        {
            PubSub = medium.PubSub with { Provider = chosen, GoogleProject = chosen == PubSubProvider.Google ? "shop-prod" : null },
            Consume = medium.Consume with { ScaleLag = 500, Env = named is null ? [] : [$"KAFKA_GROUP={named}"] },
        };

        Assert.Empty(SpecValidator.Validate(Of(PubSubProvider.Kafka, "shop-orders")));
        var refused = Assert.Single(SpecValidator.Validate(Of(provider, group)));
        Assert.Equal((field, sentence), (refused.Field, refused.Message));
    }

    [Fact]
    public void Rules_EveryNumberOfASpec_HasOne()
    {
        // Shapes that repeat (scale, size) are checked by shared code; one of each is enough.
        var covered = s_rules.Select(rule => rule.Field).ToHashSet();
        string[] shared = ["scale.min", "scale.max", "scale.targetCpuPercent", "size.cpuMillicores", "size.memoryMiB"];
        var numbers = Numbers(SpecJson.ToObject(ASpec.Medium()), "").Where(field => !shared.Any(end => field.EndsWith(end, StringComparison.Ordinal)));

        Assert.Empty(numbers.Except(covered));
    }

    [Theory]
    [InlineData("mySql.storageGiB")]
    [InlineData("pubSub.storageGiB")]
    [InlineData("pubSub.partitions")]
    [InlineData("metrics.storageGiB")]
    [InlineData("logs.storageGiB")]
    [InlineData("redis.memoryMiB")]
    public void Validate_AgainstWhatRuns_MayGrowAndNotShrink(string field)
    {
        var current = ASpec.Medium();
        var now = field.Split('.').Aggregate((JsonNode)SpecJson.ToObject(current), (node, key) => node[key]!).GetValue<int>();

        Assert.Empty(SpecValidator.Validate(With(field, now + 1), current));
        var refused = Assert.Single(SpecValidator.Validate(With(field, now - 1), current));
        Assert.Equal(("spec.rule", field), (refused.Code, refused.Field));
        Assert.Contains($"{field} is {now} now and cannot shrink to {now - 1}", refused.Message, StringComparison.Ordinal);
        Assert.Empty(SpecValidator.Validate(With(field, now - 1)));

        EnvironmentSpec With(string path, int value) => SpecJson.Merge(current, Nest(path, $"{value}")).Value;
    }

    public static TheoryData<string, Func<EnvironmentSpec, EnvironmentSpec>> Unchangeable() => new()
    {
        { "redis.engine", spec => spec with { Redis = spec.Redis with { Engine = RedisEngine.Valkey } } },
        { "redis.persistent", spec => spec with { Redis = spec.Redis with { Persistent = false } } },
        { "redis.shards", spec => spec with { Redis = spec.Redis with { Shards = 1, ReplicasPerShard = 0 } } },
        { "pubSub.brokers", spec => spec with { PubSub = spec.PubSub with { Brokers = 1 } } },
        { "pubSub.provider", spec => spec with { PubSub = spec.PubSub with { Provider = PubSubProvider.Google, GoogleProject = "shop-prod" } } },
        { "dayTwo.mySqlCredential.version", spec => spec with { DayTwo = spec.DayTwo with { MySqlCredential = new(3, true) } } },
        { "dayTwo.redisCredential.version", spec => spec with { DayTwo = spec.DayTwo with { RedisCredential = new(2) } } },
    };

    [Theory]
    [MemberData(nameof(Unchangeable))]
    public void Validate_AgainstWhatRuns_RefusesWhatWouldLoseData(string field, Func<EnvironmentSpec, EnvironmentSpec> change)
    {
        var current = ASpec.Medium();

        Assert.Contains(SpecValidator.Validate(change(current), current), error => error.Field == field);
        Assert.Empty(SpecValidator.Validate(change(current)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void Validate_SingleServerToACluster_IsRefused(int many)
    {
        var current = ASpec.Small();
        var wanted = current with { Redis = current.Redis with { Shards = many }, PubSub = current.PubSub with { Brokers = many } };

        Assert.Equal(["redis.shards", "pubSub.brokers"], SpecValidator.Validate(wanted, current).Select(error => error.Field));
    }

    // The pod would go before a replica has its last writes.
    [Fact]
    public void Validate_RemovingThePrimaryWhileMovingIt_IsRefused()
    {
        var current = ASpec.Medium() with { DayTwo = new() { MySqlPrimary = 2 } };
        var moved = current with { DayTwo = new() { MySqlPrimary = 0 } };
        var fewer = moved with { MySql = moved.MySql with { ReadReplicas = 1 } };

        Assert.Equal("mySql.readReplicas", Assert.Single(SpecValidator.Validate(fewer, current)).Field);
        Assert.Empty(SpecValidator.Validate(moved, current));
        Assert.Empty(SpecValidator.Validate(fewer, moved));
        Assert.Equal(2, SpecGrowth.Return(ASpec.Medium() with { MySql = ASpec.Medium().MySql with { ReadReplicas = 0 } }, current).MySql.ReadReplicas);
    }

    // Servers that rest hand nothing over; on the way to waking they can.
    [Fact]
    public void Validate_MovingThePrimaryOverAPause_IsRefused()
    {
        var runs = ASpec.Medium();
        var rests = runs with { DayTwo = runs.DayTwo with { Paused = true } };
        var moved = runs with { DayTwo = runs.DayTwo with { MySqlPrimary = 1 } };
        var both = moved with { DayTwo = moved.DayTwo with { Paused = true } };

        Assert.Equal("dayTwo.mySqlPrimary", Assert.Single(SpecValidator.Validate(both, runs)).Field);
        Assert.Equal("dayTwo.mySqlPrimary", Assert.Single(SpecValidator.Validate(both, rests)).Field);
        Assert.Empty(SpecValidator.Validate(moved, rests));
        Assert.Empty(SpecValidator.Validate(both, moved));
    }

    [Fact]
    public void Validate_Rotation_GoesThroughItsEditions()
    {
        var first = ASpec.Small();
        var both = With(first, new(2, true));
        var second = With(first, new(2));

        Assert.Empty(SpecValidator.Validate(both, first));
        Assert.Empty(SpecValidator.Validate(second, both));
        Assert.NotEmpty(SpecValidator.Validate(second, first));
        Assert.NotEmpty(SpecValidator.Validate(first, second));
        Assert.NotEmpty(SpecValidator.Validate(With(first, new(3, true)), both));

        static EnvironmentSpec With(EnvironmentSpec spec, CredentialVersion credential) => spec with { DayTwo = spec.DayTwo with { MySqlCredential = credential } };
    }

    [Fact]
    public void ValidateNew_WithAPast_IsRefused() =>
        Assert.Equal("dayTwo", Assert.Single(SpecValidator.ValidateNew(ASpec.Small() with { DayTwo = new() { Backups = 1 } })).Field);

    [Fact]
    public void Validate_SeveralFaults_AreAllReported()
    {
        var spec = ASpec.Small() with { HostName = "x", Redis = ASpec.Small().Redis with { Shards = 2, MemoryMiB = -1 } };

        Assert.Equal(["hostName", "redis.shards", "redis.memoryMiB"], SpecValidator.Validate(spec).Select(error => error.Field));
    }

    /// <summary>Every number and text of a spec set to extremes: an answer, never an exception, and only finite good ones pass.</summary>
    [Fact]
    public void Validate_ExtremeValues_NeverThrows()
    {
        int[] integers = [int.MinValue, -1, 0, 1, 2, 65_536, int.MaxValue];
        var fields = Numbers(SpecJson.ToObject(ASpec.Large()), "").ToList();
        var random = new Random(20261123);
        for (var round = 0; round < 500; round++)
        {
            var spec = ASpec.Large();
            foreach (var field in fields.Where(_ => random.Next(3) == 0))
            {
                spec = SpecJson.Merge(spec, Nest(field, $"{integers[random.Next(integers.Length)]}")).Value;
            }

            var errors = SpecValidator.Validate(spec, ASpec.Medium());

            Assert.All(errors, error => Assert.False(string.IsNullOrWhiteSpace(error.Field)));
            SpecJson.Read(SpecJson.Write(spec));
        }
    }

    [Fact]
    public void Validate_NullsThatALooseCallerPutsIn_AreRefusedNotThrown()
    {
        var spec = ASpec.Small() with { Edge = new([null!], 1, 1), HostName = null!, Frontend = ASpec.Small().Frontend with { Image = null! } };

        Assert.Equal(["hostName", "edge.locations", "frontend.image"], SpecValidator.Validate(spec).Select(error => error.Field));
    }

    [Theory]
    [InlineData("hostName", "a.", "")]
    [InlineData("hostName", "a-", "")]
    [InlineData("hostName", "a", ".example")]
    [InlineData("frontend.image", "a", ":1")]
    [InlineData("frontend.image", "a_", ":1")]
    [InlineData("frontend.image", "a/", "!")]
    [InlineData("frontend.image", "a-", "!")]
    [InlineData("frontend.image", ":1", "")]
    [InlineData("frontend.image", "__", "")]
    [InlineData("alerting.notifyEmail", "a", "@b!")]
    [InlineData("alerting.notifyEmail", "a@a.", "!")]
    [InlineData("alerting.notifyEmail", "a.", "!")]
    [InlineData("alerting.notifyEmail", "a-", "@")]
    public void Validate_LongHostileText_IsJudgedAtOnce(string field, string repeated, string end)
    {
        // Beyond 255 characters most are refused by length, so both sides of that limit are tried.
        foreach (var length in (int[])[240, 10_000])
        {
            var text = string.Concat(Enumerable.Repeat(repeated, length / repeated.Length)) + end;
            var email = field == "alerting.notifyEmail" ? "a@" + text : text;
            foreach (var candidate in (string[])[text, email])
            {
                var spec = SpecJson.Merge(ASpec.Small(), Nest(field, JsonValue.Create(candidate).ToJsonString())).Value;
                var clock = Stopwatch.StartNew();

                SpecValidator.Validate(spec);

                Assert.True(clock.Elapsed < TimeSpan.FromMilliseconds(500), $"{field} took {clock.Elapsed.TotalMilliseconds:0} ms for {length} characters of {repeated}");
            }
        }
    }

    [Fact]
    public void Validate_LongHostileText_IsNotRepeatedInFull()
    {
        var long1 = new string('!', 10_000);
        var spec = ASpec.Small() with
        {
            HostName = long1,
            Edge = new([long1], 1, 1),
            Frontend = ASpec.Small().Frontend with { Image = long1 },
            Alerting = ASpec.Small().Alerting with { NotifyEmail = long1 },
        };

        var errors = SpecValidator.Validate(spec);

        Assert.Equal(4, errors.Count);
        Assert.All(errors, error => Assert.InRange(error.Message.Length, 1, 500));
    }

    private static IEnumerable<string> Numbers(JsonObject node, string path) =>
        node.SelectMany(member => member.Value switch
        {
            JsonObject inner => Numbers(inner, $"{path}{member.Key}."),
            JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => [path + member.Key],
            _ => Enumerable.Empty<string>(),
        });

    private static JsonObject Nest(string field, string json)
    {
        var steps = field.Split('.');
        var node = JsonNode.Parse(json);
        foreach (var step in steps.Reverse())
        {
            node = new JsonObject { [step] = node };
        }

        return node!.AsObject();
    }
}
