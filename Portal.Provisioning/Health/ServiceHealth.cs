using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class ServiceHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        if (live.Text("spec", "type") != "LoadBalancer")
        {
            return HealthReport.Healthy(live.Text("spec", "clusterIP") is { } ip and not "None" ? $"Reachable in the cluster at {ip}." : "It exists.");
        }

        return PublishedAddress.Of(live) is { } address
            ? HealthReport.Healthy($"Reachable from outside at {address}.")
            : HealthReport.Progressing("Waiting for the load balancer to give an address.");
    }
}
