using Portal.DataPath.Tests.Programs;
using Portal.Provisioning.Blueprint;
using Portal.Testing;

namespace Portal.DataPath.Tests.Monitoring;

/// <summary>Alertmanager's rendered configuration as amtool reads it: valid for every choice of receivers, and alerts take the right way.</summary>
public sealed class NotificationTests : IDisposable
{
    private const string Email = "team.o'brien@shop.example";
    private const string Slack = "#shop-alerts";
    private const string Webhook = "https://hooks.shop.example:8443/alerts?a=b&c=%20d";

    private static readonly MailServer s_mail = new("mail.example", 587, "alerts@portal.example", true);

    private readonly string _directory = TemporaryDirectory.Create("portal-monitoring-");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<bool, bool, bool> Choices =>
        [.. from email in new[] { true, false } from slack in new[] { true, false } from webhook in new[] { true, false } select (email, slack, webhook)];

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task Configuration_OfAnyChoiceOfReceivers_IsValidAndTellsThem(bool email, bool slack, bool webhook)
    {
        var config = Save(MonitoredStacks.Receivers(email ? Email : null, slack ? Slack : null, webhook ? Webhook : null, s_mail));

        var (code, output) = await RunToEnd.Async("amtool", ["check-config", config]);

        Assert.True(code == 0, output);
        var isHeard = email || slack || webhook;
        Assert.Equal(isHeard ? "critical" : "portal", await RouteAsync(config, "alertname=X", "severity=critical"));
        Assert.Equal(isHeard ? "warning" : "portal", await RouteAsync(config, "alertname=X", "severity=warning"));
        Assert.Equal("portal", await RouteAsync(config, "alertname=Watchdog", "severity=none"));
    }

    [Theory]
    [InlineData(true, true, true, "email slack webhook", "slack webhook")]
    [InlineData(true, false, true, "email webhook", "webhook")]
    [InlineData(true, false, false, "email", "email")]
    public void Receivers_OfACriticalAlertAndAWarning_AreAllAndThoseThatSpareTheMailbox(bool email, bool slack, bool webhook, string critical, string warning)
    {
        var text = MonitoredStacks.Receivers(email ? Email : null, slack ? Slack : null, webhook ? Webhook : null, s_mail).Text;
        var (first, second) = (text.IndexOf("- name: critical", StringComparison.Ordinal), text.IndexOf("- name: warning", StringComparison.Ordinal));

        Assert.Equal(critical, Channels(text[first..second]));
        Assert.Equal(warning, Channels(text[second..]));
    }

    [Fact]
    public void Configuration_WithoutAMailServer_HasNoMailAndTheStackSaysSo()
    {
        var stack = RenderedText.Stack(MonitoredStacks.Spec with { Alerting = MonitoredStacks.Spec.Alerting with { NotifyEmail = Email } });

        Assert.DoesNotContain("email", RenderedText.Of(stack, "alertmanager-conf", "alertmanager.yml").Text, StringComparison.Ordinal);
        Assert.Contains(stack.Notes, note => note.Contains("no mail server", StringComparison.Ordinal));
    }

    private string Save(RenderedText config) => config.Save(_directory, "alertmanager.yml");

    private static async Task<string> RouteAsync(string config, params string[] labels) =>
        (await RunToEnd.Async("amtool", ["config", "routes", "test", $"--config.file={config}", .. labels])).Output.Split('\n')[0];

    private static string Channels(string receiver) =>
        string.Join(' ', new[] { "email", "slack", "webhook" }.Where(channel => receiver.Contains($"{channel}_configs", StringComparison.Ordinal)));
}
