using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using static Portal.Provisioning.Tests.Blueprint.StackRule;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>Rules on what a pod asks for, may do and is asked.</summary>
internal static partial class PodRules
{
    public static IEnumerable<string> Unlimited(RenderedStack stack) =>
        from each in Containers(stack)
        from path in new[] { "requests.cpu", "requests.memory", "requests.ephemeral-storage", "limits.memory", "limits.ephemeral-storage" }
        let parts = path.Split('.')
        where new KubeObject(each.Container).Text("resources", parts[0], parts[1]) is null
        select $"{each.Item}/{each.Container["name"]}: no {path}";

    public static IEnumerable<string> Unprobed(RenderedStack stack)
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

    public static IEnumerable<string> Unpinned(RenderedStack stack) =>
        from each in Containers(stack)
        let image = (string)each.Container["image"]!
        where !Pinned().IsMatch(image) || image.EndsWith(":latest", StringComparison.Ordinal)
        select $"{each.Item}: {image}";

    public static IEnumerable<string> Unrestricted(RenderedStack stack)
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

    public static IEnumerable<string> Tokens(RenderedStack stack)
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

    [GeneratedRegex("^[a-z0-9.-]+/[a-z0-9./_-]+(:[A-Za-z0-9._-]+(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$")]
    private static partial Regex Pinned();
}
