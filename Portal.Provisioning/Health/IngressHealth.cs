using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class IngressHealth
{
    public static HealthReport Assess(KubeObject live) => PublishedAddress.Of(live) is { } address
        ? HealthReport.Healthy($"Reachable from outside at {address}.")
        : HealthReport.Progressing(live.Text("spec", "ingressClassName") is { } name
            ? $"Waiting for the ingress controller of class {name} to publish an address."
            : "Waiting for an ingress controller to publish an address.");
}
