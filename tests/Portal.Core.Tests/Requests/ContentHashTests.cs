using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Plans;
using Portal.Core.Requests;
using Portal.Testing;

namespace Portal.Core.Tests.Requests;

public sealed class ContentHashTests
{
    private static readonly PlanEntry s_entry = new(PlanAction.Create, Component.Base, "v1", "Namespace", null, "payments-shop");
    private static readonly string[] s_services = ["frontend", "gateway", "publish", "consume"];
    private static readonly Plan s_plan = new([s_entry], ["a note"]);

    [Fact]
    public void Of_EqualContent_IsTheSameSixtyFourHexDigits()
    {
        var one = ContentHash.Of(ASpec.Small(), s_plan);
        var other = ContentHash.Of(SpecJson.Read(SpecJson.Write(ASpec.Small())), new Plan([s_entry with { }], ["a note"]));

        Assert.Equal(one, other);
        Assert.Matches("^[0-9a-f]{64}$", one);
    }

    /// <summary>Changes every leaf of the spec, one at a time: whatever field is added later is covered.</summary>
    [Fact]
    public void Of_AnyFieldOfTheSpecChanged_IsAnother()
    {
        // What may be missing as a whole is there, so that its fields are tried as well.
        var whole = SpecJson.Merge(ASpec.Medium(), new JsonObject(s_services.Select(service => KeyValuePair.Create<string, JsonNode?>(
            service, new JsonObject { ["canary"] = new JsonObject { ["image"] = "app:2", ["weightPercent"] = 10, ["pods"] = 1 } })))).Value;
        var start = ContentHash.Of(whole, s_plan);
        var hashes = new HashSet<string> { start, ContentHash.Of(ASpec.Medium(), s_plan) };
        var leaves = Leaves(SpecJson.ToObject(whole)).ToList();

        foreach (var path in leaves)
        {
            var changed = SpecJson.ToObject(whole);
            ChangeAt(changed, path);
            var spec = SpecJson.Merge(whole, changed).Value;
            Assert.True(hashes.Add(ContentHash.Of(spec, s_plan)), $"{string.Join('.', path)} is not in the hash.");
        }

        Assert.True(leaves.Count > 60, $"Only {leaves.Count} fields were tried.");
    }

    [Fact]
    public void Of_AnyPartOfThePlanChanged_IsAnother()
    {
        Plan[] plans =
        [
            s_plan,
            s_plan with { Notes = [] },
            s_plan with { Entries = [] },
            s_plan with { Entries = [s_entry, s_entry] },
            s_plan with { Entries = [s_entry with { Action = PlanAction.Delete }] },
            s_plan with { Entries = [s_entry with { Component = Component.Redis }] },
            s_plan with { Entries = [s_entry with { ApiVersion = "v2" }] },
            s_plan with { Entries = [s_entry with { Kind = "Pod" }] },
            s_plan with { Entries = [s_entry with { Namespace = "x" }] },
            s_plan with { Entries = [s_entry with { Name = "x" }] },
            s_plan with { Entries = [s_entry with { Reason = "x" }] },
            s_plan with { Entries = [s_entry with { Changes = [new("spec.replicas", "1", "2")] }] },
            s_plan with { Entries = [s_entry with { Changes = [new("spec.replicas", "1", "3")] }] },
            s_plan with { Problems = [new("Service/x/y", "exceeded quota", "Ask.")] },
        ];

        Assert.Equal(plans.Length + 1, plans.Select(plan => ContentHash.Of(ASpec.Small(), plan)).Append(ContentHash.Of(null, s_plan)).Distinct().Count());
    }

    /// <summary>Plans that were stored before there were field changes and problems.</summary>
    [Fact]
    public void Plan_StoredByAnEarlierVersion_IsRead()
    {
        var plan = System.Text.Json.JsonSerializer.Deserialize<Plan>(
            """{"entries":[{"action":"create","component":"base","apiVersion":"v1","kind":"Namespace","namespace":null,"name":"payments-shop"}],"notes":["a note"]}""", SpecJson.Options)!;

        Assert.Equal(ContentHash.Of(null, s_plan), ContentHash.Of(null, plan));
    }

    private static IEnumerable<string[]> Leaves(JsonObject node) =>
        node.SelectMany(member => member.Value is JsonObject inner ? Leaves(inner).Select(path => (string[])[member.Key, .. path]) : [[member.Key]]);

    private static void ChangeAt(JsonObject root, string[] path)
    {
        var parent = path[..^1].Aggregate((JsonNode)root, (node, key) => node[key]!).AsObject();
        parent[path[^1]] = parent[path[^1]] switch
        {
            JsonArray when path[^1] == "disabledRules" => new JsonArray(942100),
            JsonArray when path[^1] == "routes" => new JsonArray(new JsonObject { ["path"] = "/", ["service"] = "gateway" }),
            JsonArray when path[^1] == "wafExclusions" => new JsonArray(new JsonObject { ["path"] = "/a", ["ruleIds"] = new JsonArray(942100) }),
            JsonArray => new JsonArray("elsewhere"),
            null when path[^1] is "scaleMemoryPercent" or "scaleMetricTarget" or "scaleLag" or "assetTtlSeconds" or "auditRetentionDays" => 80,
            null when path[^1] == "from" => new JsonObject { ["namespace"] = "payments-live", ["environment"] = "01990000-0000-7000-8000-000000000002" },
            null => "someone@shop.example",
            var value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => value.GetValue<double>() + 1,
            var value when value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => !value.GetValue<bool>(),
            var value => value.GetValue<string>() switch
            {
                "medium" => "large",
                "production" => "staging",
                "blocking" => "detection",
                "dedicated" => path[0] switch { "metrics" => "operator", "mySql" => "external", _ => "ingressClass" },
                "generated" => "provided",
                "clusterIssuer" => "issuer",
                "recommend" => "memory",
                "leastRecentlyUsed" => "refuse",
                "kafka" => "google",
                "loki" => "elasticsearch",
                "redis" => "valkey",
                "rollBack" => "hold",
                "keep" => "tearDown",
                "ask" => "leave",
                var text => text + "9",
            },
        };
    }
}
