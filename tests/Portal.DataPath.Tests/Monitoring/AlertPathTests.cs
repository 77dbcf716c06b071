using System.Text.RegularExpressions;
using Portal.DataPath.Tests.Programs;
using Portal.Testing;

namespace Portal.DataPath.Tests.Monitoring;

/// <summary>The way of an alert, from a program that dies to the people who hear of it, on the real programs.</summary>
public sealed partial class AlertPathTests
{
    [Fact]
    public async Task Alert_ExporterKilledAndStartedAgain_ReachesMailSlackAndWebhookAndIsResolved()
    {
        await using var world = await AlertWorld.StartAsync();
        var exporter = world.StartRedisExporter();
        await world.UntilAsync("count(up{namespace=\"shop\"} == 1)", "6", "every target answers, by the rendered relabelling");
        Assert.Equal(["1"], await world.QueryAsync("nginx_up{component=\"edge\",pod=\"edge-jakarta-0\"}"));
        Assert.Equal(["1"], await world.QueryAsync("redis_up{component=\"redis\",pod=\"redis-s0-0\"}"));
        Assert.Equal(["0"], await world.QueryAsync("mysql_up{component=\"mysql\",pod=\"mysql-0\"}"));

        await exporter.StopAsync();

        await Heard(world, "[FIRING] TargetDown (shop)");
        Assert.Contains(world.Mail.Mails, mail => mail.Contains("To: team@shop.example", StringComparison.Ordinal) && mail.Contains("From: alerts@portal.example", StringComparison.Ordinal));
        Assert.Contains(world.Hooks.ReceivedAt("/slack"), message => message.Contains("redis: redis-s0-0 (exporter) cannot be scraped", StringComparison.Ordinal) && message.Contains("#shop-alerts", StringComparison.Ordinal));

        world.StartRedisExporter();

        await Heard(world, "[RESOLVED] TargetDown (shop)");
        Assert.DoesNotContain(world.Hooks.ReceivedAt("/alerts"), message => message.Contains("Watchdog", StringComparison.Ordinal));
        Assert.Equal(["firing"], (await world.QueryAsync("ALERTS{alertname=\"Watchdog\"}")).Select(_ => "firing"));
    }

    [Fact]
    public async Task Mail_ServerThatAsksForALogin_GetsThePasswordOnceTheSecretIsThere()
    {
        await using var world = await AlertWorld.StartAsync(mailAsksForLogin: true);
        await Eventually.Holds(() => world.Hooks.ReceivedAt("/alerts").Any(message => message.Contains("TargetDown", StringComparison.Ordinal)), "the webhook hears of the exporter that is not there");
        Assert.Empty(world.Mail.Mails);

        await File.WriteAllTextAsync(Path.Combine(world.Secrets, "smtp-password"), "a-password");

        // Without a restart, for the alert that is already firing: Alertmanager tries again.
        await Eventually.Holds(() => world.Mail.Mails.Any(mail => mail.Contains("TargetDown", StringComparison.Ordinal)), "the mail arrives", TimeSpan.FromSeconds(40));
        Assert.All(world.Mail.Logins, login => Assert.Equal("alerts@portal.example a-password", login));
    }

    [Fact]
    public async Task Rules_Changed_AreInForceWithoutARestartAndBrokenOnesAreRefused()
    {
        await using var world = await AlertWorld.StartAsync();
        await world.UntilAsync("count(ALERTS{alertname=\"Watchdog\"})", "1", "the rendered rules are in force");
        var rules = await File.ReadAllTextAsync(world.RulesFile);
        var reloader = world.StartReloader();

        await File.WriteAllTextAsync(world.RulesFile, rules.Replace("alert: Watchdog", "alert: AnotherWatchdog", StringComparison.Ordinal));
        await world.UntilAsync("count(ALERTS{alertname=\"AnotherWatchdog\"})", "1", "the changed rules are in force");

        await File.WriteAllTextAsync(world.RulesFile, "broken: [");
        await Eventually.Holds(() => reloader.Log.Contains("Not taken over", StringComparison.Ordinal), "the broken rules are refused");
        await world.UntilAsync("prometheus_config_last_reload_successful", "0", "Prometheus says so");
        Assert.Equal(["1"], await world.QueryAsync("count(ALERTS{alertname=\"AnotherWatchdog\"})"));

        await File.WriteAllTextAsync(world.RulesFile, rules);
        await world.UntilAsync("prometheus_config_last_reload_successful", "1", "mended rules are taken");
    }

    /// <summary>Names that only a cluster, a replica or another server would show are left out.</summary>
    [Fact]
    public async Task RulesAndDashboards_NameOnlyMetricsThatTheExportersHave()
    {
        await using var world = await AlertWorld.StartAsync();
        world.StartRedisExporter();
        await world.UntilAsync("count(up{namespace=\"shop\"} == 1)", "6", "every target answers");
        string[] elsewhere = ["redis_cluster_state", "redis_cluster_slots_ok", "redis_master_link_up"];
        var named = RuleTests.Queries(MonitoredStacks.Default).Append(MonitoredStacks.Rules(MonitoredStacks.Default).Text)
            .SelectMany(text => Metric().Matches(text)).Select(match => match.Value).Distinct().Except(elsewhere).Order(StringComparer.Ordinal).ToList();

        await Eventually.Holds(
            async () => string.Join(' ', named.Except(await world.MetricNamesAsync())), missing => missing.Length == 0, "each is there", TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(200));

        Assert.True(named.Count > 25, string.Join(' ', named));
    }

    private static Task Heard(AlertWorld world, string subject) => Eventually.Holds(
        () => world.Mail.Mails.Any(mail => mail.Contains($"Subject: {subject}", StringComparison.Ordinal))
            && world.Hooks.ReceivedAt("/slack").Any(message => message.Contains(subject, StringComparison.Ordinal))
            && world.Hooks.ReceivedAt("/alerts").Any(message => message.Contains($"\"status\":\"{(subject.StartsWith("[FIRING]", StringComparison.Ordinal) ? "firing" : "resolved")}\"", StringComparison.Ordinal)),
        $"mail, Slack and webhook hear: {subject}", TimeSpan.FromSeconds(60));

    [GeneratedRegex(@"\b(nginx|redis|prometheus|alertmanager|node_filesystem)_[a-z_]+(?=\{)")]
    private static partial Regex Metric();
}
