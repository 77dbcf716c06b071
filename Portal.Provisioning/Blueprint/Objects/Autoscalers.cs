using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Horizontal autoscaling by CPU; vertical recommendations that change nothing by themselves and so never fight it.</summary>
internal static class Autoscalers
{
    /// <remarks>Steers by the CPU of one container, so that sidecars do not count.</remarks>
    public static void AddHorizontal(Workload workload, Scale scale, string container) => workload.Stack.Add(
        workload.Component, "autoscaling/v2", "HorizontalPodAutoscaler", workload.Name, workload.Labels(), ("spec", Json.Map(
            ("scaleTargetRef", Target("Deployment", workload)),
            ("minReplicas", scale.Min),
            ("maxReplicas", scale.Max),
            ("metrics", Json.List(Json.Map(
                ("type", "ContainerResource"),
                ("containerResource", Json.Map(
                    ("name", "cpu"),
                    ("container", container),
                    ("target", Json.Map(("type", "Utilization"), ("averageUtilization", scale.TargetCpuPercent)))))))),
            ("behavior", Json.Map(
                ("scaleUp", Json.Map(
                    ("stabilizationWindowSeconds", 0),
                    ("selectPolicy", "Max"),
                    ("policies", Json.List(Policy("Percent", 100, 30), Policy("Pods", 4, 30))))),
                ("scaleDown", Json.Map(
                    ("stabilizationWindowSeconds", 300),
                    ("selectPolicy", "Min"),
                    ("policies", Json.List(Policy("Percent", 20, 60))))))))));

    public static void AddVertical(Workload workload, string kind, string container)
    {
        if (!workload.Stack.Capabilities.HasVerticalPodAutoscaler)
        {
            workload.Stack.Note("There are no size recommendations: the cluster has no VerticalPodAutoscaler.");
            return;
        }

        workload.Stack.Add(workload.Component, "autoscaling.k8s.io/v1", "VerticalPodAutoscaler", workload.Name, workload.Labels(), ("spec", Json.Map(
            ("targetRef", Target(kind, workload)),
            ("updatePolicy", Json.Map(("updateMode", "Off"))),
            ("resourcePolicy", Json.Map(("containerPolicies", Json.List(
                Json.Map(("containerName", container), ("controlledResources", Json.List("cpu", "memory"))),
                Json.Map(("containerName", "*"), ("mode", "Off")))))))));
    }

    private static JsonObject Target(string kind, Workload workload) =>
        Json.Map(("apiVersion", "apps/v1"), ("kind", kind), ("name", workload.Name));

    private static JsonObject Policy(string type, int value, int seconds) =>
        Json.Map(("type", type), ("value", value), ("periodSeconds", seconds));
}
