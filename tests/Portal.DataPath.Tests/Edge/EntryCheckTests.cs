using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.LoadBalancer;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.Edge;

/// <summary>The request that ends a rollout, through the real programs of its way.</summary>
public sealed class EntryCheckTests
{
    [Fact]
    public async Task Check_OfAWayThatIsWhole_SaysWhatTheApplicationAnswers()
    {
        await using var entry = await CheckedEntry.StartAsync();

        var (code, output, lastWords) = await entry.CheckAsync(entry.Balancer.Stack, Shown(entry), seconds: 10);

        Assert.Equal((0, ""), (code, lastWords));
        Assert.Equal("The edge of jakarta answers 200 for https://shop.apps.example/ (MISS), and 200 for /api.\n", output);
    }

    [Fact]
    public async Task Check_WithAFirewallThatDetects_WantsTheAttackToPass()
    {
        await using var entry = await CheckedEntry.StartAsync(firewall: WafMode.Detection);

        Assert.Equal(0, (await entry.CheckAsync(entry.Balancer.Stack, Shown(entry))).Code);

        // The same way, where the attack has to be refused.
        var (code, _, lastWords) = await entry.CheckAsync(RenderedText.Stack(LocalLoadBalancer.Spec), Shown(entry));
        Assert.Equal((1, "The firewall answers an attack with 200 where it has to refuse it (403).\nTo do: Look at the log of the load balancer; its firewall is to block, and its rules have to be loaded.\n"), (code, lastWords));
    }

    [Fact]
    public async Task Check_WithAFirewallThatBlocksWhereItHasToDetect_SaysSo()
    {
        await using var entry = await CheckedEntry.StartAsync();
        var detecting = LocalLoadBalancer.Spec with { LoadBalancer = LocalLoadBalancer.Spec.LoadBalancer with { Waf = WafMode.Detection } };

        Assert.StartsWith("The firewall refuses a request that it has to let pass", (await entry.CheckAsync(RenderedText.Stack(detecting), Shown(entry))).LastWords, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WithTheLoadBalancerDead_AsksAgainAndSaysThatNobodyAnswersAndWhatToDo()
    {
        await using var entry = await CheckedEntry.StartAsync();
        // What an edge has kept it goes on answering: the check must not be told that.
        Assert.Equal(200, (await entry.Edge.GetAsync("/")).Status);
        await entry.Balancer.Nginx.StopAsync();

        var (code, output, lastWords) = await entry.CheckAsync(entry.Balancer.Stack, Shown(entry), seconds: 2);

        Assert.Equal((1, output), (code, lastWords));
        Assert.Matches("^A request for /.* gets 502 through the edge of jakarta: nobody behind it answers\\.\nTo do: Look at the load balancer, .*\\.\n$", lastWords);
    }

    [Fact]
    public async Task Check_OfACertificateThatIsNotTheSecrets_SaysWhichSecret()
    {
        await using var entry = await CheckedEntry.StartAsync();

        var (code, _, lastWords) = await entry.CheckAsync(entry.Balancer.Stack, KeyPair.OfEdge(entry.Balancer.Stack).Certificate);

        Assert.Equal(1, code);
        Assert.Matches("^The edge of jakarta shows a certificate that is not right for shop\\.apps\\.example: .*\nTo do: Restart the edges if the Secret edge-tls-[0-9a-f]{8} was changed, ", lastWords);
    }

    [Fact]
    public async Task Check_OfACertificateOfOthers_JudgesItsNamesAndNotItsAuthority()
    {
        await using var entry = await CheckedEntry.StartAsync();
        var provided = LocalLoadBalancer.Spec with { Edge = LocalLoadBalancer.Spec.Edge with { Certificate = new() { Source = CertificateSource.Provided, SecretName = "shop-tls" } } };
        var more = provided with { Edge = provided.Edge with { OtherHostNames = ["www.shop.example"] } };

        Assert.Equal(0, (await entry.CheckAsync(RenderedText.Stack(provided), shown: null)).Code);

        var (code, _, lastWords) = await entry.CheckAsync(RenderedText.Stack(more), shown: null);
        Assert.Equal(1, code);
        Assert.Matches("^The edge of jakarta shows a certificate that is not right for www\\.shop\\.example: .*\nTo do: .* into the Secret shop-tls, ", lastWords);
    }

    [Fact]
    public async Task Check_OfAnEdgeThatIsSetUpOtherwise_SaysWhatIsMissing()
    {
        await using var entry = await CheckedEntry.StartAsync();
        foreach (var (rendered, otherwise, words) in ((string, string, string)[])
        [
            ("add_header X-Cache $upstream_cache_status always;", "", "does not say whether it had the answer (X-Cache)"),
            ("proxy_cache_bypass $skip_auth $skip_cookie $skip_path", "proxy_cache_bypass $skip_auth $skip_cookie", "may keep answers of /api: it says MISS instead of BYPASS"),
            ("return 308 https://", "return 302 https://", "answers 302 to plain http"),
            ("        return 421;\n", "        return 404;\n", "answers 404 for a host name that is not its own"),
        ])
        {
            await entry.Edge.ReplaceAsync(Changed(rendered, otherwise));

            var (code, _, lastWords) = await entry.CheckAsync(entry.Balancer.Stack, Shown(entry));

            Assert.Equal(1, code);
            Assert.Contains(words, lastWords, StringComparison.Ordinal);
        }
    }

    private static string Shown(CheckedEntry entry) => File.ReadAllText(Path.Combine(entry.Edge.CertificateFolder, "tls.crt"));

    /// <summary>A stack whose edges are configured in another way than their stack's check knows.</summary>
    private static RenderedStack Changed(string rendered, string broken)
    {
        var stack = RenderedText.Stack(LocalLoadBalancer.Spec);
        var changed = RenderedText.Of(stack, "edge-jakarta-conf", "nginx.conf").With(rendered, broken);
        stack.Manifests.Single(manifest => manifest.Object.Kind == "ConfigMap" && manifest.Object.Name == "edge-jakarta-conf").Object.Root["data"]!["nginx.conf"] = changed.Text;
        return stack;
    }
}
