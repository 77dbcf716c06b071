using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.Monitoring;

/// <summary>The stacks whose monitoring is tried, and the files of it.</summary>
internal static class MonitoredStacks
{
    public static EnvironmentSpec Spec { get; } = Presets.Create(Preset.Medium, Purpose.Production, "shop.apps.example");

    public static RenderedStack Default { get; } = RenderedText.Stack(Spec);

    public static RenderedText Rules(RenderedStack stack) => RenderedText.Of(stack, "prometheus-rules", "rules.yml");

    /// <summary>Alertmanager's configuration for a choice of receivers.</summary>
    public static RenderedText Receivers(string? email, string? slack, string? webhook, MailServer? mail) => RenderedText.Of(
        RenderedText.Stack(
            Spec with { Alerting = Spec.Alerting with { NotifyEmail = email, SlackChannel = slack, WebhookUrl = webhook } },
            platform: new PlatformSettings { Mail = mail }),
        "alertmanager-conf", "alertmanager.yml");

    /// <summary>Prometheus' configuration with the one block that Debian's build does not know replaced: targets come from a file.</summary>
    public static RenderedText PrometheusWithTargetsFrom(string targets, RenderedStack? stack = null)
    {
        var config = RenderedText.Of(stack ?? Default, "prometheus-conf", "prometheus.yml");
        return config.With(
            """
                kubernetes_sd_configs:
                  - role: pod
                    namespaces: {names: ["shop"]}
                    selectors: [{role: pod, label: "app.kubernetes.io/part-of=shop"}]
            """,
            $$"""
                file_sd_configs:
                  - {files: ["{{targets}}"], refresh_interval: 1s}
            """);
    }

    /// <summary>Without what is read by name, which <see cref="EntryTests"/> has: kube-state-metrics and the prober.</summary>
    public static RenderedText PodsAlone(RenderedText prometheus) => prometheus with { Text = prometheus.Text[..prometheus.Text.IndexOf("  # Its series speak", StringComparison.Ordinal)] };
}
