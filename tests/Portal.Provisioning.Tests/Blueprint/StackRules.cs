using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using static Portal.Provisioning.Tests.Blueprint.StackRule;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>What must hold of every stack, whatever the spec and the cluster.</summary>
internal static partial class StackRules
{
    private static readonly string[] s_labels = [Labels.Name, Labels.Component, Labels.PartOf, Labels.ManagedBy, Labels.Instance, Labels.Environment, Labels.Team];

    public static IReadOnlyList<StackRule> All { get; } =
    [
        new("every object and pod template carries the labels", Unlabelled, stack => Metadata(stack, "Deployment").Remove("labels")),
        new("the component label is the component's slug", Mislabelled, stack => Metadata(stack, "Service")["labels"]![Labels.Component] = "web"),
        new("names are unique, fit their limits and are DNS labels", BadNames, stack => Metadata(stack, "StatefulSet")["name"] = new string('a', 60)),
        new("containers request and limit their resources", PodRules.Unlimited, stack => FirstContainer(stack).Remove("resources")),
        new("running containers have probes", PodRules.Unprobed, stack => FirstContainer(stack).Remove("livenessProbe")),
        new("images have a version and none is the latest", PodRules.Unpinned, stack => FirstContainer(stack)["image"] = "nginx:latest"),
        new("pods are restricted", PodRules.Unrestricted, stack => FirstContainer(stack)["securityContext"]!["allowPrivilegeEscalation"] = true),
        new("no ConfigMap holds a secret", Leaks, stack => ((JsonObject)One(stack, "ConfigMap").At("data")!)["x"] = "password=abcdefgh12345678"),
        new("Secrets hold nothing and say what to generate", FilledSecrets, stack => One(stack, "Secret").Root["data"] = new JsonObject { ["password"] = "x" }),
        new("selectors match their own template", ReferenceRules.Mismatched, stack => ((JsonObject)One(stack, "Deployment").At("spec", "selector", "matchLabels")!)["x"] = "y"),
        new("Services, budgets and policies select something, Services a port of it", ReferenceRules.SelectNothing, stack => ((JsonObject)One(stack, "Service").At("spec", "selector")!)[Labels.Component] = "nobody"),
        new("no two workloads select the same pods", ReferenceRules.Overlapping, stack => ((JsonObject)Of(stack, "Deployment").Last().At("spec", "selector")!)["matchLabels"] = One(stack, "Deployment").At("spec", "selector", "matchLabels")!.DeepClone()),
        new("what pods refer to exists", ReferenceRules.Dangling, stack => ((JsonObject)FirstPod(stack)["volumes"]![0]!)["configMap"] = new JsonObject { ["name"] = "nowhere" }),
        new("an autoscaled Deployment names no replicas, any other does", DoublyScaled, stack => ((JsonObject)One(stack, "Deployment").At("spec")!)["replicas"] = Of(stack, "HorizontalPodAutoscaler").Any() ? null : 0),
        new("what can have several pods has a disruption budget, a single pod has none", Unbudgeted, stack => ((JsonObject)One(stack, "StatefulSet").At("spec")!)["replicas"] = IsBudgeted(stack, One(stack, "StatefulSet")) ? 1 : 2),
        new("only what speaks to the API server has a token, and a role", PodRules.Tokens, stack => FirstPod(stack)["automountServiceAccountToken"] = true),
    ];

    private static JsonObject Metadata(RenderedStack stack, string kind) => (JsonObject)One(stack, kind).Root["metadata"]!;

    private static JsonObject FirstContainer(RenderedStack stack) => (JsonObject)FirstPod(stack)["containers"]![0]!;

    private static IEnumerable<string> Unlabelled(RenderedStack stack) =>
        Of(stack).Concat(Templates(stack).Select(each => each.Template))
            .SelectMany(item => s_labels.Where(label => string.IsNullOrEmpty(item.Label(label))).Select(label => $"{item}: no label {label}"));

    private static IEnumerable<string> Mislabelled(RenderedStack stack) =>
        stack.Manifests.Where(manifest => manifest.Object.Label(Labels.Component) != manifest.Component.Slug()).Select(manifest => $"{manifest.Object}: not {manifest.Component}")
            .Concat(Templates(stack).Where(each => Labels.SlugOf(each.Template) != each.Item.Label(Labels.Component)).Select(each => $"{each.Item}: template differs"));

    private static IEnumerable<string> BadNames(RenderedStack stack)
    {
        foreach (var item in Of(stack))
        {
            var limit = item.Kind is "Deployment" or "StatefulSet" or "CronJob" ? 52 : 63;
            if (item.Name.Length > limit || !DnsLabel().IsMatch(item.Name))
            {
                yield return $"{item}: at most {limit} characters of a DNS label";
            }
        }

        foreach (var twice in Of(stack).GroupBy(item => item.Ref).Where(group => group.Count() > 1))
        {
            yield return $"{twice.Key}: twice";
        }

        foreach (var (item, template) in Templates(stack))
        {
            foreach (var (_, value) in (JsonObject)template.At("metadata", "labels")!)
            {
                if (!LabelValue().IsMatch((string)value!))
                {
                    yield return $"{item}: label value {value}";
                }
            }
        }
    }

    private static IEnumerable<string> Leaks(RenderedStack stack) =>
        from item in Of(stack, "ConfigMap")
        from file in (JsonObject)item.At("data")!
        where SecretLooking().IsMatch((string)file.Value!)
        select $"{item}/{file.Key}: {SecretLooking().Match((string)file.Value!).Value}";

    private static IEnumerable<string> FilledSecrets(RenderedStack stack) =>
        from manifest in stack.Manifests
        where manifest.Object.Kind == "Secret"
            ? manifest.Generated is not { Count: 1 } || manifest.Object.Root["data"] is not null || manifest.Object.Root["stringData"] is not null
            : manifest.Generated is not null
        select $"{manifest.Object}: {manifest.Generated?.Count} generated values";

    private static IEnumerable<string> DoublyScaled(RenderedStack stack)
    {
        var scaled = Of(stack, "HorizontalPodAutoscaler").Select(item => item.Text("spec", "scaleTargetRef", "name")!).ToHashSet();
        return Of(stack, "Deployment")
            .Where(item => scaled.Contains(item.Name) ? item.Root["spec"]!.AsObject().ContainsKey("replicas") : item.Number("spec", "replicas") is null or 0)
            .Select(item => $"{item}: replicas {item.Number("spec", "replicas")}");
    }

    private static IEnumerable<string> Unbudgeted(RenderedStack stack)
    {
        var most = Of(stack, "HorizontalPodAutoscaler").ToDictionary(item => item.Text("spec", "scaleTargetRef", "name")!, item => item.Number("spec", "maxReplicas"));
        return Of(stack, "Deployment", "StatefulSet")
            .Where(item => ((most.GetValueOrDefault(item.Name) ?? item.Number("spec", "replicas")) > 1) != IsBudgeted(stack, item))
            .Select(item => $"{item}: budget");
    }

    private static bool IsBudgeted(RenderedStack stack, KubeObject workload) =>
        Of(stack, "PodDisruptionBudget").Any(budget => JsonNode.DeepEquals(budget.At("spec", "selector"), workload.At("spec", "selector")));

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex DnsLabel();

    [GeneratedRegex("^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")]
    private static partial Regex LabelValue();

    [GeneratedRegex("""PRIVATE KEY|(?i:password|secret|token|passwd)["']?\s*[=:]\s*["']?[A-Za-z0-9+/]{8,}|#[0-9a-f]{64}""")]
    private static partial Regex SecretLooking();
}
