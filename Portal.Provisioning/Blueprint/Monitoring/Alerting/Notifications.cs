using System.Globalization;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Alerting;

/// <summary>Who hears of an alert: Alertmanager's configuration from the channels that the spec names and the platform has.</summary>
/// <remarks>
/// Critical alerts go to every channel. Warnings spare the mailbox where there is another channel. Watchdog, which always fires, goes to
/// nobody: it is there to be looked for.
/// </remarks>
internal static class Notifications
{
    private const string Folder = "Monitoring/Alerting/";

    public static string Configuration(AlertingSpec spec, MailServer? mail)
    {
        var mailed = spec.NotifyEmail is not null && mail is not null ? Template.Fill(Folder + "receiver-mail.yml", ("TO", Quoted(spec.NotifyEmail))) : "";
        var others = Others(spec);
        var isSilent = mailed.Length + others.Length == 0;
        return Template.Fill(
            Folder + "alertmanager.yml",
            ("MAIL", mailed.Length == 0 ? "" : MailServerPart(mail!)),
            ("ROUTES", isSilent ? "" : Template.Fill(Folder + "routes.yml")),
            ("RECEIVERS", isSilent ? "" : $"  - name: critical\n{mailed}{others}  - name: warning\n{(others.Length > 0 ? others : mailed)}"));
    }

    private static string Others(AlertingSpec spec) =>
        (spec.SlackChannel is { } channel ? Template.Fill(Folder + "receiver-slack.yml", ("CHANNEL", channel)) : "")
        + (spec.WebhookUrl is { } url ? Template.Fill(Folder + "receiver-webhook.yml", ("URL", url)) : "");

    private static string MailServerPart(MailServer mail) => Template.Fill(
        Folder + "mail.yml",
        ("HOST", mail.Host), ("PORT", mail.Port.ToString(CultureInfo.InvariantCulture)), ("FROM", mail.From), ("REQUIRE_TLS", mail.RequireTls ? "true" : "false"));

    /// <summary>Within single quotes YAML knows one escape: a quote is written twice.</summary>
    private static string Quoted(string text) => text.Replace("'", "''", StringComparison.Ordinal);
}
