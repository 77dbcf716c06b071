using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint.Finishing;

/// <summary>Finds the pod template of any kind of workload.</summary>
internal static class PodTemplates
{
    public static JsonObject? Of(KubeObject workload) => workload.Kind switch
    {
        "Deployment" or "StatefulSet" or "Job" => (JsonObject?)workload.At("spec", "template"),
        "CronJob" => (JsonObject?)workload.At("spec", "jobTemplate", "spec", "template"),
        _ => null,
    };

    public static IEnumerable<JsonObject> Containers(JsonObject template) => List(template, "initContainers").Concat(List(template, "containers"));

    public static IEnumerable<JsonObject> List(JsonObject template, string key) => (template["spec"]?[key] as JsonArray ?? []).OfType<JsonObject>();
}
