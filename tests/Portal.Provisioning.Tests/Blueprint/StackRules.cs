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
        new("containers request and limit their resources", Unlimited, stack => FirstContainer(stack).Remove("resources")),
        new("running containers have probes", Unprobed, stack => FirstContainer(stack).Remove("livenessProbe")),
        new("images have a version and none is the latest", Unpinned, stack => FirstContainer(stack)["image"] = "nginx:latest"),
        new("pods are restricted", Unrestricted, stack => FirstContainer(stack)["securityContext"]!["allowPrivilegeEscalation"] = true),
        new("no ConfigMap holds a secret", Leaks, stack => ((JsonObject)One(stack, "ConfigMap").At("data")!)["x"] = "password=abcdefgh12345678"),
        new("Secrets hold nothing and say what to generate", FilledSecrets, stack => One(stack, "Secret").Root["data"] = new JsonObject { ["password"] = "x" }),
        new("selectors match their own template", Mismatched, stack => ((JsonObject)One(stack, "Deployment").At("spec", "selector", "matchLabels")!)["x"] = "y"),
        new("Services, budgets and policies select something, Services a port of it", SelectNothing, stack => ((JsonObject)One(stack, "Service").At("spec", "selector")!)[Labels.Component] = "nobody"),
        new("no two workloads select the same pods", Overlapping, stack => ((JsonObject)Of(stack, "Deployment").Last().At("spec", "selector")!)["matchLabels"] = One(stack, "Deployment").At("spec", "selector", "matchLabels")!.DeepClone()),
        new("what pods refer to exists", Dangling, stack => ((JsonObject)FirstPod(stack)["volumes"]![0]!)["configMap"] = new JsonObject { ["name"] = "nowhere" }),
        new("an autoscaled Deployment names no replicas, any other does", DoublyScaled, stack => ((JsonObject)One(stack, "Deployment").At("spec")!)["replicas"] = Of(stack, "HorizontalPodAutoscaler").Any() ? null : 0),
        new("only what speaks to the API server has a token, and a role", Tokens, stack => FirstPod(stack)["automountServiceAccountToken"] = true),
    ];

    private static JsonObject Metadata(RenderedStack stack, string kind) => (JsonObject)One(stack, kind).Root["metadata"]!;

    private static JsonObject FirstContainer(RenderedStack stack) => (JsonObject)FirstPod(stack)["containers"]![0]!;

    private static IEnumerable<string> Unlabelled(RenderedStack stack) =>
        Of(stack).Concat(Templates(stack).Select(each => each.Template))
            .SelectMany(item => s_labels.Where(label => string.IsNullOrEmpty(item.Label(label))).Select(label => $"{item}: no label {label}"));

    private static IEnumerable<string> Mislabelled(RenderedStack stack) =>
        stack.Manifests.Where(manifest => manifest.Object.Label(Labels.Component) != manifest.Component.Slug()).Select(manifest => $"{manifest.Object}: not {manifest.Component}")
            .Concat(Templates(stack).Where(each => each.Template.Label(Labels.Component) != each.Item.Label(Labels.Component)).Select(each => $"{each.Item}: template differs"));

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

    private static IEnumerable<string> Unlimited(RenderedStack stack) =>
        from each in Containers(stack)
        from path in new[] { "requests.cpu", "requests.memory", "requests.ephemeral-storage", "limits.memory", "limits.ephemeral-storage" }
        let parts = path.Split('.')
        where new KubeObject(each.Container).Text("resources", parts[0], parts[1]) is null
        select $"{each.Item}/{each.Container["name"]}: no {path}";

    private static IEnumerable<string> Unprobed(RenderedStack stack)
    {
        foreach (var (item, template) in Templates(stack).Where(each => each.Item.Kind is "Deployment" or "StatefulSet" && each.Template.Label(Labels.Role) != "headroom"))
        {
            var containers = template.Items("spec", "containers").ToList();
            foreach (var container in containers.Where(container => container["livenessProbe"] is null))
            {
                yield return $"{item}/{container["name"]}: no liveness probe";
            }

            if (containers.All(container => container["readinessProbe"] is null))
            {
                yield return $"{item}: no readiness probe";
            }
        }

        foreach (var (item, container, _) in Containers(stack))
        {
            var ports = (container["ports"] as JsonArray ?? []).Select(port => (string)port!["name"]!).ToList();
            foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
            {
                var port = (string?)(container[probe]?["httpGet"]?["port"] ?? container[probe]?["tcpSocket"]?["port"]);
                if (port is not null && !ports.Contains(port))
                {
                    yield return $"{item}/{container["name"]}: {probe} asks port {port}";
                }
            }
        }
    }

    private static IEnumerable<string> Unpinned(RenderedStack stack) =>
        from each in Containers(stack)
        let image = (string)each.Container["image"]!
        where !Pinned().IsMatch(image) || image.EndsWith(":latest", StringComparison.Ordinal)
        select $"{each.Item}: {image}";

    private static IEnumerable<string> Unrestricted(RenderedStack stack)
    {
        foreach (var (item, template) in Templates(stack))
        {
            if (template.Flag("spec", "securityContext", "runAsNonRoot") != true || template.Number("spec", "securityContext", "runAsUser") is null or 0 ||
                template.Text("spec", "securityContext", "seccompProfile", "type") != "RuntimeDefault")
            {
                yield return $"{item}: pod security context";
            }

            foreach (var volume in template.Items("spec", "volumes").Where(volume => !volume.Any(pair => pair.Key is "configMap" or "secret" or "emptyDir" or "projected" or "persistentVolumeClaim")))
            {
                yield return $"{item}: volume {volume["name"]}";
            }
        }

        foreach (var (item, container, _) in Containers(stack))
        {
            var security = new KubeObject(container);
            if (security.Flag("securityContext", "allowPrivilegeEscalation") != false || security.Flag("securityContext", "readOnlyRootFilesystem") != true ||
                (string?)(security.At("securityContext", "capabilities", "drop") as JsonArray)?[0] != "ALL")
            {
                yield return $"{item}/{container["name"]}: container security context";
            }
        }

        if (One(stack, "Namespace").Label("pod-security.kubernetes.io/enforce") != "restricted")
        {
            yield return "namespace: not restricted";
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

    private static IEnumerable<string> Mismatched(RenderedStack stack) =>
        from each in Templates(stack)
        where each.Item.Kind is "Deployment" or "StatefulSet"
        where !Matches((JsonObject)each.Item.At("spec", "selector", "matchLabels")!, (JsonObject?)each.Template.At("metadata", "labels"))
        select $"{each.Item}: selector";

    private static IEnumerable<string> SelectNothing(RenderedStack stack)
    {
        var pods = Templates(stack).Select(each => each.Template).ToList();
        foreach (var item in Of(stack, "Service", "PodDisruptionBudget", "NetworkPolicy"))
        {
            var selector = (JsonObject?)(item.Kind switch
            {
                "Service" => item.At("spec", "selector"),
                "PodDisruptionBudget" => item.At("spec", "selector", "matchLabels"),
                _ => item.At("spec", "podSelector", "matchLabels"),
            });
            var selected = pods.Where(pod => selector is null || Matches(selector, (JsonObject?)pod.At("metadata", "labels"))).ToList();
            if (selected.Count == 0)
            {
                yield return $"{item}: selects nothing";
            }

            foreach (var target in item.Kind == "Service" ? item.Items("spec", "ports").Select(port => (string)port["targetPort"]!) : [])
            {
                if (!selected.All(pod => pod.Items("spec", "containers").SelectMany(container => container["ports"] as JsonArray ?? []).Any(port => (string?)port!["name"] == target)))
                {
                    yield return $"{item}: a selected pod has no port {target}";
                }
            }
        }
    }

    private static IEnumerable<string> Overlapping(RenderedStack stack) =>
        from owner in Of(stack, "Deployment", "StatefulSet")
        let selector = (JsonObject)owner.At("spec", "selector", "matchLabels")!
        from other in Templates(stack)
        where !ReferenceEquals(owner, other.Item) && Matches(selector, (JsonObject?)other.Template.At("metadata", "labels"))
        select $"{owner} selects the pods of {other.Item}";

    private static IEnumerable<string> Dangling(RenderedStack stack)
    {
        HashSet<(string, string)> known = [.. Of(stack).Select(item => (item.Kind, item.Name)), ("ConfigMap", "kube-root-ca.crt")];
        foreach (var (item, template) in Templates(stack))
        {
            foreach (var (kind, name) in References(item, template).Where(reference => !known.Contains(reference)))
            {
                yield return $"{item}: there is no {kind} {name}";
            }

            var volumes = template.Items("spec", "volumes").Concat(item.Items("spec", "volumeClaimTemplates").Select(claim => (JsonObject)claim["metadata"]!)).Select(volume => (string)volume["name"]!).ToList();
            var mounts = template.Items("spec", "containers").Concat(template.Items("spec", "initContainers")).SelectMany(container => container["volumeMounts"] as JsonArray ?? []).Select(mount => (string)mount!["name"]!).ToList();
            foreach (var name in mounts.Except(volumes).Select(mount => $"mount {mount} has no volume").Concat(volumes.Except(mounts).Select(volume => $"volume {volume} is not mounted")))
            {
                yield return $"{item}: {name}";
            }
        }

        foreach (var backend in Of(stack, "Ingress").SelectMany(item => item.Items("spec", "rules")).SelectMany(rule => (JsonArray)rule["http"]!["paths"]!))
        {
            var name = (string)backend!["backend"]!["service"]!["name"]!;
            if (!known.Contains(("Service", name)))
            {
                yield return $"Ingress: there is no Service {name}";
            }
        }
    }

    private static IEnumerable<(string Kind, string Name)> References(KubeObject item, KubeObject template)
    {
        yield return ("ServiceAccount", template.Text("spec", "serviceAccountName")!);
        if (item.Kind == "StatefulSet")
        {
            yield return ("Service", item.Text("spec", "serviceName")!);
        }

        if (template.Text("spec", "priorityClassName") is { } priority)
        {
            yield return ("PriorityClass", priority);
        }

        foreach (var volume in template.Items("spec", "volumes").Select(volume => new KubeObject(volume)))
        {
            foreach (var (kind, name) in new[] { ("ConfigMap", volume.Text("configMap", "name")), ("Secret", volume.Text("secret", "secretName")), ("PersistentVolumeClaim", volume.Text("persistentVolumeClaim", "claimName")) })
            {
                if (name is not null)
                {
                    yield return (kind, name);
                }
            }

            foreach (var source in volume.Items("projected", "sources").Select(source => new KubeObject(source)))
            {
                if (source.Text("secret", "name") is { } secret)
                {
                    yield return ("Secret", secret);
                }

                if (source.Text("configMap", "name") is { } config)
                {
                    yield return ("ConfigMap", config);
                }
            }
        }

        foreach (var container in template.Items("spec", "containers").Concat(template.Items("spec", "initContainers")).Select(container => new KubeObject(container)))
        {
            foreach (var source in container.Items("envFrom"))
            {
                yield return ("ConfigMap", (string)source["configMapRef"]!["name"]!);
            }

            foreach (var secret in container.Items("env").Select(variable => (string?)variable["valueFrom"]?["secretKeyRef"]?["name"]).OfType<string>())
            {
                yield return ("Secret", secret);
            }
        }
    }

    private static IEnumerable<string> DoublyScaled(RenderedStack stack)
    {
        var scaled = Of(stack, "HorizontalPodAutoscaler").Select(item => item.Text("spec", "scaleTargetRef", "name")!).ToHashSet();
        return Of(stack, "Deployment")
            .Where(item => scaled.Contains(item.Name) ? item.Root["spec"]!.AsObject().ContainsKey("replicas") : item.Number("spec", "replicas") is null or 0)
            .Select(item => $"{item}: replicas {item.Number("spec", "replicas")}");
    }

    private static IEnumerable<string> Tokens(RenderedStack stack)
    {
        var bound = Of(stack, "RoleBinding").Select(item => item.Name).ToHashSet();
        foreach (var (item, template) in Templates(stack))
        {
            var hasToken = template.Items("spec", "volumes").Any(volume => (volume["projected"]?["sources"] as JsonArray ?? []).Any(source => source!["serviceAccountToken"] is not null));
            if (template.Flag("spec", "automountServiceAccountToken") != false || hasToken != bound.Contains(template.Text("spec", "serviceAccountName")!))
            {
                yield return $"{item}: token {hasToken}";
            }
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex DnsLabel();

    [GeneratedRegex("^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")]
    private static partial Regex LabelValue();

    [GeneratedRegex("^[a-z0-9.-]+/[a-z0-9./_-]+(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$")]
    private static partial Regex Pinned();

    [GeneratedRegex("""PRIVATE KEY|(?i:password|secret|token|passwd)["']?\s*[=:]\s*["']?[A-Za-z0-9+/]{8,}|#[0-9a-f]{64}""")]
    private static partial Regex SecretLooking();
}
