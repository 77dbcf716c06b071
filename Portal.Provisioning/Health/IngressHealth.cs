using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>Ingresses. They are for a controller that the cluster shares, and not every one publishes an address: nothing waits for it.</summary>
internal static class IngressHealth
{
    public static HealthReport Assess(KubeObject live) => HealthReport.Healthy(PublishedAddress.Of(live) is { } address
        ? $"The shared controller{Of(live)} serves it at {address}."
        : $"The shared controller{Of(live)} has published no address, as some never do; nothing waits for one.");

    private static string Of(KubeObject live) => live.Text("spec", "ingressClassName") is { } name ? $" of class {name}" : "";
}
