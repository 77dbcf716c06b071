using System.Text.Json.Nodes;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>A rule over a whole rendered stack, with a way to break it that proves that it can fail.</summary>
internal sealed record StackRule(string Name, Func<RenderedStack, IEnumerable<string>> Violations, Action<RenderedStack> Break)
{
    public override string ToString() => Name;

    public static IEnumerable<KubeObject> Of(RenderedStack stack, params string[] kinds) =>
        stack.Manifests.Select(manifest => manifest.Object).Where(item => kinds.Length == 0 || kinds.Contains(item.Kind));

    public static KubeObject One(RenderedStack stack, string kind) => Of(stack, kind).First();

    /// <summary>Every workload with its pod template.</summary>
    public static IEnumerable<(KubeObject Item, KubeObject Template)> Templates(RenderedStack stack) =>
        from item in Of(stack)
        let template = item.Kind switch
        {
            "Deployment" or "StatefulSet" or "Job" => item.At("spec", "template"),
            "CronJob" => item.At("spec", "jobTemplate", "spec", "template"),
            _ => null,
        }
        where template is not null
        select (item, new KubeObject((JsonObject)template));

    public static IEnumerable<(KubeObject Item, JsonObject Container, bool IsInit)> Containers(RenderedStack stack) =>
        from each in Templates(stack)
        from container in each.Template.Items("spec", "initContainers").Select(container => (container, true)).Concat(each.Template.Items("spec", "containers").Select(container => (container, false)))
        select (each.Item, container.Item1, container.Item2);

    /// <summary>The pod template of the first Deployment, to break.</summary>
    public static JsonObject FirstPod(RenderedStack stack) => (JsonObject)One(stack, "Deployment").At("spec", "template", "spec")!;

    public static bool Matches(JsonObject selector, JsonObject? labels) =>
        selector.All(pair => (string?)labels?[pair.Key] == (string?)pair.Value || pair.Key == "statefulset.kubernetes.io/pod-name");
}
