using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Metrics;

/// <summary>Metrics that go to a server elsewhere as well. Its password or token is a Secret that people put into the namespace.</summary>
internal static class RemoteWrite
{
    private const string Secret = "remote-write";
    private const string Key = "password";
    private const string Volume = "remote-write";
    private const string Directory = "/run/secrets/remote-write";

    public static string Configuration(StackContext stack)
    {
        if (stack.Spec.Metrics is not { RemoteWriteUrl: { } url } metrics)
        {
            return "";
        }

        stack.Note($"Metrics are sent to {url} once the Secret {Secret} is there: put the {(metrics.RemoteWriteUser is null ? "token" : "password")} into its key {Key}.");
        return Template.Fill("Monitoring/Metrics/remote-write.yml", ("URL", url), ("LOGIN", metrics.RemoteWriteUser is { } user
            ? $"basic_auth: {{username: \"{user}\", password_file: {Directory}/{Key}}}"
            : $"authorization: {{credentials_file: {Directory}/{Key}}}"));
    }

    public static (JsonObject Volume, JsonObject Mount)? Login(MetricsSpec metrics) => metrics.RemoteWriteUrl is null
        ? null
        : (Volumes.OptionalSecret(Volume, Secret, Key), Volumes.ReadOnly(Volume, Directory));

    /// <summary>Only what has a public address may be named, and only that can be reached.</summary>
    public static IEnumerable<Flow> Flows(MetricsSpec metrics) => metrics.RemoteWriteUrl is { } url
        ? [Wiring.Tcp(Component.Metrics, null, "metrics to a server elsewhere", new Uri(url).Port) with { Role = Roles.Prometheus, Within = AddressRange.Public }]
        : [];
}
