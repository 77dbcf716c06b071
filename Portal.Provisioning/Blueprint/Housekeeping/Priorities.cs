using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Finishing;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Housekeeping;

/// <summary>Who gives way when the nodes are full: data goes before the web, the web before Jobs, and placeholders give way to all.</summary>
/// <remarks>
/// The classes are the environment's own, because a class belongs to whoever made it and a portal may share its cluster. All of an
/// environment for development or staging is below all of one for production, so that it never takes production's place.
/// </remarks>
internal static class Priorities
{
    public const string Headroom = "headroom";

    private const string Data = "data";
    private const string Web = "web";
    private const string Batch = "batch";

    public static void AddClasses(StackContext stack)
    {
        var (data, web, batch) = stack.IsProduction ? (100_000, 50_000, 2_000) : (1_000, 500, 100);
        Add(stack, Data, data, "PreemptLowerPriority", "Databases, caches and brokers.");
        Add(stack, Web, web, "PreemptLowerPriority", "What answers requests, and what watches over it.");
        Add(stack, Batch, batch, "Never", "Jobs: they can wait.");
        if (stack.Spec.Housekeeping.HeadroomPods > 0)
        {
            // Not below -10: the node autoscaler adds no node for pods of lower priority.
            Add(stack, Headroom, -10, "Never", "Placeholders that give way to any other pod.");
        }
    }

    /// <summary>Ranks every pod that has no class yet. Done for the whole stack at the end, so that no layer can forget it.</summary>
    public static void Assign(StackContext stack)
    {
        foreach (var manifest in stack.Manifests)
        {
            if (PodTemplates.Of(manifest.Object) is { } template && template["spec"] is JsonObject pod && pod["priorityClassName"] is null)
            {
                pod["priorityClassName"] = NameOf(stack, ClassOf(manifest));
            }
        }
    }

    public static string NameOf(StackContext stack, string @class) => Names.Fit($"{stack.Identity.Namespace}-{@class}", 63);

    private static string ClassOf(Manifest manifest) => manifest switch
    {
        { Object.Kind: "Job" or "CronJob" } => Batch,
        { Component: Component.MySql or Component.Redis or Component.PubSub, Object.Kind: "StatefulSet" } => Data,
        _ => Web,
    };

    private static void Add(StackContext stack, string @class, int value, string preemption, string description) => stack.Add(
        Component.Housekeeping, "scheduling.k8s.io/v1", "PriorityClass", NameOf(stack, @class), stack.LabelsOf(Component.Housekeeping),
        ("value", value), ("preemptionPolicy", preemption), ("description", description));
}
