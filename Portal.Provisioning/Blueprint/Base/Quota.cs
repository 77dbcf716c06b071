using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Finishing;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint.Base;

/// <summary>The namespace's quota, computed from what the stack can grow to and never written by hand.</summary>
internal static class Quota
{
    /// <summary>Pods and Jobs beyond our own: an operator's debug pod, a Job started by hand.</summary>
    private const int Spare = 10;

    /// <summary>A CronJob keeps three good and three failed Jobs beside the running one.</summary>
    private const int JobsOfCron = 7;

    public static void Add(StackContext stack)
    {
        long cpu = 0, memory = 0, pods = 0, storage = 0, claims = 0, jobs = 0;
        var max = Autoscaled(stack.Manifests);
        var raised = Raised(stack.Manifests);
        foreach (var manifest in stack.Manifests)
        {
            var item = manifest.Object;
            if (PodTemplates.Of(item) is { } template)
            {
                var count = item.Kind is "Job" or "CronJob" ? 1 : max.GetValueOrDefault(item.Name, item.Number("spec", "replicas") ?? 0);
                // A rolling update runs a quarter more, rounded up, beside what is there; a StatefulSet replaces in place.
                var withSurge = item.Kind == "Deployment" ? count + (count + 3) / 4 : count;
                jobs += item.Kind is "Job" ? 1 : item.Kind is "CronJob" ? JobsOfCron : 0;
                pods += withSurge;
                cpu += withSurge * PodRequests.Of(template, "cpu");
                memory += withSurge * (PodRequests.Of(template, "memory") + More(template, raised.GetValueOrDefault(item.Name)));
                foreach (var claim in item.Items("spec", "volumeClaimTemplates"))
                {
                    claims += count;
                    storage += count * Storage(claim);
                }
            }
            else if (item.Kind == "PersistentVolumeClaim")
            {
                claims++;
                storage += Storage(item.Root);
            }
        }

        stack.Add(Component.Base, "v1", "ResourceQuota", "environment", stack.LabelsOf(Component.Base), ("spec", Json.Map(("hard", Json.Map(
            ("requests.cpu", Quantity.Millicores(cpu)),
            ("requests.memory", Quantity.MiB(memory)),
            ("limits.memory", Quantity.MiB(memory)),
            ("requests.storage", Quantity.MiB(storage)),
            ("persistentvolumeclaims", Text(claims)),
            ("pods", Text(pods + Spare)),
            ("count/jobs.batch", Text(jobs + Spare)),
            ("services.loadbalancers", Text(stack.Manifests.Count(manifest => manifest.Object.Text("spec", "type") == "LoadBalancer"))))))));
    }

    private static Dictionary<string, long> Autoscaled(IEnumerable<Manifest> manifests) => manifests
        .Where(manifest => manifest.Object.Kind == "HorizontalPodAutoscaler")
        .ToDictionary(manifest => manifest.Object.Text("spec", "scaleTargetRef", "name")!, manifest => manifest.Object.Number("spec", "maxReplicas")!.Value, StringComparer.Ordinal);

    /// <summary>The policies of the vertical autoscalers that change pods, by workload: each says what it may raise a container's memory to.</summary>
    private static Dictionary<string, JsonObject> Raised(IEnumerable<Manifest> manifests) => manifests
        .Where(manifest => manifest.Object.Kind == "VerticalPodAutoscaler" && manifest.Object.Text("spec", "updatePolicy", "updateMode") != "Off")
        .ToDictionary(manifest => manifest.Object.Text("spec", "targetRef", "name")!, manifest => manifest.Object.Items("spec", "resourcePolicy", "containerPolicies").First(), StringComparer.Ordinal);

    private static long More(JsonObject template, JsonObject? policy) => policy is null ? 0 : Math.Max(0, PodTemplates.List(template, "containers")
        .Where(container => (string?)container["name"] == (string?)policy["containerName"])
        .Sum(container => Quantity.Read((string)policy["maxAllowed"]!["memory"]!) - Quantity.Read((string)container["resources"]!["requests"]!["memory"]!)));

    private static long Storage(JsonObject claim) => Quantity.Read((string)claim["spec"]!["resources"]!["requests"]!["storage"]!);

    private static string Text(long amount) => amount.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
