using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Pod Security admission: refuses pods below the level that their namespace enforces, with all complaints at once.</summary>
/// <remarks>
/// https://kubernetes.io/docs/concepts/security/pod-security-standards/ for Linux pods, without the rules on SELinux, AppArmor, procMount
/// and sysctls. Only pods are refused, as on the real server: a workload is accepted and its controller cannot make pods.
/// </remarks>
internal static class PodSecurity
{
    private const string Enforce = "pod-security.kubernetes.io/enforce";
    private static readonly string[] s_hostNamespaces = ["hostNetwork", "hostPID", "hostIPC"];
    private static readonly string[] s_volumes = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];
    private static readonly string[] s_grantable =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    public static void Check(StoredObject home, JsonObject pod)
    {
        var level = home.Labels.GetValueOrDefault(Enforce);
        if (level is not ("baseline" or "restricted"))
        {
            return;
        }

        var spec = pod.Section("spec");
        var complaints = new List<string>();
        if (level == "restricted")
        {
            Restricted(spec, complaints);
        }

        Baseline(spec, complaints);
        if (complaints.Count > 0)
        {
            throw ApiFault.Forbidden(Kinds.Pod, pod.Section("metadata").Text("name") ?? "", $"violates PodSecurity \"{level}:latest\": {string.Join(", ", complaints)}");
        }
    }

    private static void Baseline(JsonObject spec, List<string> complaints)
    {
        if (s_hostNamespaces.Where(spec.Flag).ToList() is { Count: > 0 } shared)
        {
            complaints.Add($"host namespaces ({string.Join(", ", shared.Select(flag => $"{flag}=true"))})");
        }

        if (spec.Items("volumes").Where(volume => volume["hostPath"] is not null).ToList() is { Count: > 0 } paths)
        {
            complaints.Add($"hostPath volumes ({Quoted("volume", paths)})");
        }

        Add(complaints, spec, "hostPort", container => container.Items("ports").Any(port => port.Number("hostPort") > 0), "uses a hostPort");
        Add(complaints, spec, "privileged", container => Security(container).Flag("privileged"), "must not set securityContext.privileged=true");
        Add(complaints, spec, "non-default capabilities", container => Security(container).Map("capabilities").Texts("add").Except(s_grantable).Any(), "must not include other than the default capabilities in securityContext.capabilities.add");
    }

    private static void Restricted(JsonObject spec, List<string> complaints)
    {
        var context = spec["securityContext"] as JsonObject ?? [];
        Add(complaints, spec, "allowPrivilegeEscalation != false", container => Security(container)["allowPrivilegeEscalation"] is not { } allowed || allowed.AsFlag(), "must set securityContext.allowPrivilegeEscalation=false");
        Add(complaints, spec, "unrestricted capabilities", container => !Security(container).Map("capabilities").Texts("drop").Contains("ALL") || Security(container).Map("capabilities").Texts("add").Any(name => name != "NET_BIND_SERVICE"), "must set securityContext.capabilities.drop=[\"ALL\"]");
        if (spec.Items("volumes").Where(volume => !volume.Any(field => s_volumes.Contains(field.Key)) && volume.Count > 1).ToList() is { Count: > 0 } odd)
        {
            complaints.Add($"restricted volume types ({Quoted("volume", odd)} may not be of another type than {string.Join(", ", s_volumes)})");
        }

        Add(complaints, spec, "runAsNonRoot != true", container => !(Security(container)["runAsNonRoot"] ?? context["runAsNonRoot"]).AsFlag(), "must set securityContext.runAsNonRoot=true", "pod or container");
        Add(complaints, spec, "runAsUser=0", container => (Security(container)["runAsUser"] ?? context["runAsUser"]).AsNumber() == 0, "must not set runAsUser=0", "pod or container");
        Add(complaints, spec, "seccompProfile", container => (Security(container).Map("seccompProfile") ?? context.Map("seccompProfile"))?.Text("type") is not ("RuntimeDefault" or "Localhost"), "must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"", "pod or container");
    }

    private static void Add(List<string> complaints, JsonObject spec, string rule, Func<JsonObject, bool> violates, string remedy, string who = "container")
    {
        if (spec.Items("initContainers").Concat(spec.Items("containers")).Where(violates).ToList() is { Count: > 0 } guilty)
        {
            complaints.Add($"{rule} ({Quoted(who, guilty)} {remedy})");
        }
    }

    private static JsonObject Security(JsonObject container) => container["securityContext"] as JsonObject ?? [];

    private static string Quoted(string what, List<JsonObject> named) =>
        $"{what}{(named.Count > 1 ? "s" : "")} {string.Join(", ", named.Select(item => $"\"{item.Text("name")}\""))}";
}
