using System.Text.Json.Nodes;
using Portal.Provisioning.Blueprint.Finishing;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint.Base;

/// <summary>What objects take of their namespace's quota when they have grown as far as they may: millicores, MiB and numbers.</summary>
/// <remarks>Reads rendered objects and those of a cluster alike, which spell amounts in their own way.</remarks>
internal readonly record struct QuotaNeed(long Cpu, long Memory, long Storage, long Claims, long Pods, long Jobs, long Balancers)
{
    /// <summary>A CronJob keeps three good and three failed Jobs beside the running one.</summary>
    private const int JobsOfCron = 7;

    public static QuotaNeed operator +(QuotaNeed left, QuotaNeed right) => new(
        left.Cpu + right.Cpu, left.Memory + right.Memory, left.Storage + right.Storage, left.Claims + right.Claims,
        left.Pods + right.Pods, left.Jobs + right.Jobs, left.Balancers + right.Balancers);

    /// <summary>Of each amount the larger one: an object that changes is one of both at a time.</summary>
    public static QuotaNeed Larger(QuotaNeed left, QuotaNeed right) => new(
        Math.Max(left.Cpu, right.Cpu), Math.Max(left.Memory, right.Memory), Math.Max(left.Storage, right.Storage), Math.Max(left.Claims, right.Claims),
        Math.Max(left.Pods, right.Pods), Math.Max(left.Jobs, right.Jobs), Math.Max(left.Balancers, right.Balancers));

    public static QuotaNeed Sum(IEnumerable<QuotaNeed> needs) => needs.Aggregate(default(QuotaNeed), (sum, need) => sum + need);

    /// <summary>What each of the objects needs; an autoscaler counts with what it scales.</summary>
    public static Dictionary<(string Kind, string Name), QuotaNeed> Each(IReadOnlyCollection<KubeObject> objects)
    {
        var most = objects.Where(item => item.Kind == "HorizontalPodAutoscaler")
            .ToLookup(item => item.Text("spec", "scaleTargetRef", "name"), item => item.Number("spec", "maxReplicas") ?? 0, StringComparer.Ordinal);
        // Those that change pods say what they may raise a container's memory to.
        var raised = objects.Where(item => item.Kind == "VerticalPodAutoscaler" && item.Text("spec", "updatePolicy", "updateMode") != "Off")
            .ToLookup(item => item.Text("spec", "targetRef", "name"), item => item.Items("spec", "resourcePolicy", "containerPolicies").FirstOrDefault(), StringComparer.Ordinal);
        var needs = new Dictionary<(string Kind, string Name), QuotaNeed>();
        foreach (var item in objects)
        {
            var need = PodTemplates.Of(item) is { } template
                ? OfWorkload(item, template, most[item.Name].Append(-1).Max(), raised[item.Name].FirstOrDefault())
                : item.Kind == "PersistentVolumeClaim" ? new() { Claims = 1, Storage = AskedStorage(item.Root) }
                : item.Kind == "Service" && item.Text("spec", "type") == "LoadBalancer" ? new() { Balancers = 1 }
                : default;
            if (need != default)
            {
                needs[(item.Kind, item.Name)] = need;
            }
        }

        return needs;
    }

    /// <param name="most">The pods that an autoscaler may make of it; below zero without one.</param>
    private static QuotaNeed OfWorkload(KubeObject item, JsonObject template, long most, JsonObject? raised)
    {
        var count = item.Kind is "Job" or "CronJob" ? 1 : most >= 0 ? most : item.Number("spec", "replicas") ?? 0;
        // A rolling update runs a quarter more, rounded up, beside what is there; a StatefulSet replaces in place.
        var pods = item.Kind == "Deployment" ? count + (count + 3) / 4 : count;
        var claims = item.Kind == "StatefulSet" ? item.Items("spec", "volumeClaimTemplates").ToList() : [];
        return new(
            pods * PodRequests.Of(template, "cpu"), pods * (PodRequests.Of(template, "memory") + More(template, raised)), count * claims.Sum(AskedStorage), count * claims.Count,
            pods, item.Kind is "Job" ? 1 : item.Kind is "CronJob" ? JobsOfCron : 0, 0);
    }

    private static long More(JsonObject template, JsonObject? policy) => policy?["maxAllowed"]?["memory"] is not { } limit ? 0 : Math.Max(0, PodTemplates.List(template, "containers")
        .Where(container => (string?)container["name"] == (string?)policy["containerName"])
        .Sum(container => PodRequests.Amount(limit, "memory") - PodRequests.Amount(container["resources"]?["requests"]?["memory"], "memory")));

    private static long AskedStorage(JsonObject claim) => PodRequests.Amount(claim["spec"]?["resources"]?["requests"]?["storage"], "storage");
}
