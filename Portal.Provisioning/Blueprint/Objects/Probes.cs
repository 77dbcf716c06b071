using System.Text.Json.Nodes;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Probes and shutdown hooks.</summary>
internal static class Probes
{
    public static JsonObject Http(string path, string port, int period, int failures) =>
        Timed(Json.Map(("httpGet", Json.Map(("path", path), ("port", port)))), period, failures, timeout: 2);

    public static JsonObject Tcp(string port, int period, int failures) =>
        Timed(Json.Map(("tcpSocket", Json.Map(("port", port)))), period, failures, timeout: 2);

    public static JsonObject Exec(IReadOnlyList<string> command, int period, int failures) =>
        Timed(Json.Map(("exec", Json.Map(("command", Json.Texts(command))))), period, failures, timeout: 5);

    /// <summary>Waits while the pod's endpoints drain; needs no shell in the image.</summary>
    public static JsonObject Sleep(int seconds) => Json.Map(("sleep", Json.Map(("seconds", seconds))));

    public static JsonObject Run(params ReadOnlySpan<string> command) => Json.Map(("exec", Json.Map(("command", Json.Texts([.. command])))));

    private static JsonObject Timed(JsonObject probe, int period, int failures, int timeout)
    {
        probe.Add("periodSeconds", period);
        probe.Add("failureThreshold", failures);
        probe.Add("timeoutSeconds", timeout);
        return probe;
    }
}
