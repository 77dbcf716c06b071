using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class ServiceHealth
{
    /// <summary>An object does not tell that nobody looks after it, so both reasons are named.</summary>
    private const string NoAddress = "If none comes within two minutes, the cluster has no load balancer controller or no address left: ask its operators.";

    public static HealthReport Assess(KubeObject live)
    {
        if (live.Text("spec", "type") != "LoadBalancer")
        {
            return HealthReport.Healthy(live.Text("spec", "clusterIP") is { } ip and not "None" ? $"Reachable in the cluster at {ip}." : "It exists.");
        }

        return PublishedAddress.Of(live) is { } address
            ? HealthReport.Healthy($"Reachable from outside at {address}.")
            : HealthReport.Waiting(HealthCause.Other, "Waiting for the load balancer to give an address.", NoAddress);
    }
}
