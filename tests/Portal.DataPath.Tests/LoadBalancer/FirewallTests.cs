using System.Text;
using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Web;
using Portal.Testing;

namespace Portal.DataPath.Tests.LoadBalancer;

/// <summary>What the web application firewall lets pass, by its parameters.</summary>
public sealed class FirewallTests
{
    private const string Script = "/api/s?q=%3Cscript%3Ealert(1)%3C/script%3E";

    /// <summary>Special characters that only a suspicious rule set minds.</summary>
    private const string Odd = "/api/s?q=~!@%23$%25%5E*()_%2B%7B%7D%5B%5D%7C";

    [Fact]
    public async Task Firewall_Blocking_RefusesAttacksAndLetsPassWhatIsHarmless()
    {
        await using var balancer = await LocalLoadBalancer.StartAsync();

        foreach (var attack in (string[])[Script, "/api/s?id=1%27%20OR%20%271%27=%271%20--%20", "/api/s?id=1%20UNION%20SELECT%20password%20FROM%20users", "/api/f?f=../../../../etc/passwd"])
        {
            Assert.Equal((403, attack), ((await balancer.GetAsync(attack)).Status, attack));
        }

        Assert.Equal(403, (await PostAsync(balancer, """{"name":"x' OR 1=1 -- "}""")).Status);
        Assert.Equal(400, (await PostAsync(balancer, """{"name":""")).Status);
        Assert.Equal(0, balancer.Of("gateway").AllHits);

        Assert.Equal((200, "gateway"), await ReadAsync(balancer.GetAsync("/api/s?q=kemeja+batik&page=2")));
        Assert.Equal((200, "gateway"), await ReadAsync(PostAsync(balancer, """{"name":"Budi","qty":2}""")));
        Assert.Equal((200, "gateway"), await ReadAsync(balancer.SendAsync(HttpMethod.Delete, "/api/s/7", content: null)));
    }

    [Fact]
    public async Task Firewall_Detecting_LetsPassAndLogsTheRulesWithTheIdOfTheRequest()
    {
        await using var balancer = await LocalLoadBalancer.StartAsync(spec => spec with { Waf = WafMode.Detection });

        Assert.Equal((200, "gateway"), await ReadAsync(balancer.GetAsync(Script, ("X-Request-Id", "trace-me-0001"))));

        // A detection is no refusal, so the engine's word of it is in the error log and not in the audit log.
        await Eventually.Holds(() => balancer.Nginx.Log.Contains("941100", StringComparison.Ordinal) && balancer.Nginx.Log.Contains("trace-me-0001", StringComparison.Ordinal), "the log names the rule and the request");
    }

    [Fact]
    public async Task Firewall_Blocking_LogsTheRefusalInTheAuditLogWithoutBodiesAndHeaders()
    {
        await using var balancer = await LocalLoadBalancer.StartAsync();

        await balancer.GetAsync(Script, ("X-Request-Id", "trace-me-0002"), ("Authorization", "Bearer do-not-log-me"));

        await Eventually.Holds(() => balancer.Nginx.Log.Contains("\"unique_id\":\"trace-me-0002\"", StringComparison.Ordinal), "the audit log has the refusal");
        Assert.DoesNotContain("do-not-log-me", balancer.Nginx.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule_SwitchedOff_LetsPassWhatItAloneRefused()
    {
        await using var strict = await LocalLoadBalancer.StartAsync();
        await using var without = await LocalLoadBalancer.StartAsync(spec => spec with { DisabledRules = [911_100] });
        var method = new HttpMethod("PROPFIND");

        Assert.Equal(403, (await strict.SendAsync(method, "/api/s", content: null)).Status);
        Assert.Equal((200, "gateway"), await ReadAsync(without.SendAsync(method, "/api/s", content: null)));
        Assert.Equal(403, (await without.GetAsync(Script)).Status);
    }

    [Fact]
    public async Task Rules_SwitchedOffUnderAPath_StayOnEverywhereElse()
    {
        const string query = "?q=%3Cscript%3Ealert(1)%3C/script%3E";
        // Those that find the script, and those that mind dots in a path: only the exclusion's own idea of the path is asked.
        int[] rules = [941_100, 941_110, 941_160, 941_390, 930_100, 930_110, 930_120, 930_130, 932_160, 920_200, 920_220, 920_230];
        await using var balancer = await LocalLoadBalancer.StartAsync(spec => spec with { WafExclusions = [new("/api/editor/", rules)] });

        Assert.Equal((200, "gateway"), await ReadAsync(balancer.GetAsync("/api/editor" + query)));
        Assert.Equal((200, "gateway"), await ReadAsync(balancer.GetAsync("/api/editor/7/text" + query)));
        foreach (var path in (string[])["/api/s", "/api/editors", "/x/api/editor", "/", "/api"])
        {
            Assert.Equal((403, path), ((await balancer.GetAsync(path + query)).Status, path));
        }

        // nginx takes these to /api/s, and so does the firewall.
        foreach (var path in (string[])["/api/editor/../s", "/api/editor/%2e%2e/s", "/api//editor/..//s", "/api/editor/x/../../s"])
        {
            Assert.Equal((403, path), (await balancer.StatusOfRawAsync(path + query), path));
        }
    }

    [Fact]
    public async Task Paranoia_OfAHigherLevel_RefusesWhatALowerOneLetsPass()
    {
        await using var calm = await LocalLoadBalancer.StartAsync();
        await using var paranoid = await LocalLoadBalancer.StartAsync(spec => spec with { ParanoiaLevel = 4 });

        Assert.Equal(200, (await calm.GetAsync(Odd)).Status);
        Assert.Equal(403, (await paranoid.GetAsync(Odd)).Status);
    }

    [Fact]
    public async Task Threshold_ThatIsHigh_LetsPassWhatScoresLess()
    {
        await using var balancer = await LocalLoadBalancer.StartAsync(spec => spec with { AnomalyThreshold = 1000 });

        Assert.Equal((200, "gateway"), await ReadAsync(balancer.GetAsync(Script)));
    }

    [Fact]
    public async Task Body_OfAnyKind_MayBeAsLargeAsTheSpecSays()
    {
        await using var balancer = await LocalLoadBalancer.StartAsync(spec => spec with { MaxBodyMiB = 1 });

        Assert.Equal(413, (await PostAsync(balancer, $$"""{"a":"{{new string('x', 1024 * 1024)}}"}""")).Status);
        Assert.Equal(0, balancer.Of("gateway").AllHits);
        Assert.Equal((200, "gateway"), await ReadAsync(PostAsync(balancer, $$"""{"a":"{{new string('x', 900 * 1024)}}"}""")));
    }

    private static async Task<Answer> PostAsync(LocalLoadBalancer balancer, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await balancer.SendAsync(HttpMethod.Post, "/api/s", content);
    }

    private static async Task<(int, string)> ReadAsync(Task<Answer> asked) => await asked is var answer ? (answer.Status, answer.Text) : default;
}
