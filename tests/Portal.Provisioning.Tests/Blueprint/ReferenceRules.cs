using System.Text.Json.Nodes;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using static Portal.Provisioning.Tests.Blueprint.StackRule;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>Rules on what points to what: selectors, volumes, accounts, Services.</summary>
internal static class ReferenceRules
{
    public static IEnumerable<string> Mismatched(RenderedStack stack) =>
        from each in Templates(stack)
        where each.Item.Kind is "Deployment" or "StatefulSet"
        where !Matches((JsonObject)each.Item.At("spec", "selector", "matchLabels")!, (JsonObject?)each.Template.At("metadata", "labels"))
        select $"{each.Item}: selector";

    public static IEnumerable<string> SelectNothing(RenderedStack stack)
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

    public static IEnumerable<string> Overlapping(RenderedStack stack) =>
        from owner in Of(stack, "Deployment", "StatefulSet")
        let selector = (JsonObject)owner.At("spec", "selector", "matchLabels")!
        from other in Templates(stack)
        where !ReferenceEquals(owner, other.Item) && Matches(selector, (JsonObject?)other.Template.At("metadata", "labels"))
        select $"{owner} selects the pods of {other.Item}";

    public static IEnumerable<string> Dangling(RenderedStack stack)
    {
        HashSet<(string, string)> known = [.. Of(stack).Select(item => (item.Kind, item.Name)), .. Of(stack, "Certificate").Select(item => ("Secret", item.Text("spec", "secretName")!)), ("ConfigMap", "kube-root-ca.crt"), .. StackCase.OwnSecrets.Concat(StackCase.PlatformSecrets).Append(StackCase.OwnCertificate).Append(StackCase.OwnPassword).Select(name => ("Secret", name))];
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

        var paths = Of(stack, "Ingress").SelectMany(item => item.Items("spec", "rules")).SelectMany(rule => (JsonArray)rule["http"]!["paths"]!).Select(path => (string)path!["backend"]!["service"]!["name"]!);
        var backends = Of(stack, "HTTPRoute").SelectMany(item => item.Items("spec", "rules")).SelectMany(rule => rule["backendRefs"] as JsonArray ?? []).Select(backend => (string)backend!["name"]!);
        foreach (var name in paths.Concat(backends).Where(name => !known.Contains(("Service", name))))
        {
            yield return $"ingress: there is no Service {name}";
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

        // What is optional may be missing.
        foreach (var volume in template.Items("spec", "volumes").Select(volume => new KubeObject(volume)).Where(volume => volume.Flag("secret", "optional") != true))
        {
            // What is optional is not ours: people put it there or do without.
            var secretName = volume.Flag("secret", "optional") == true ? null : volume.Text("secret", "secretName");
            foreach (var (kind, name) in new[] { ("ConfigMap", volume.Text("configMap", "name")), ("Secret", secretName), ("PersistentVolumeClaim", volume.Text("persistentVolumeClaim", "claimName")) })
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

            foreach (var secret in container.Items("env").Select(variable => variable["valueFrom"]?["secretKeyRef"]).Where(key => (bool?)key?["optional"] != true).Select(key => (string?)key?["name"]).OfType<string>())
            {
                yield return ("Secret", secret);
            }
        }
    }
}
