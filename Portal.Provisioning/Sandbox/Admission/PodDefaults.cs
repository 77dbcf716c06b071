using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The defaults of pod specs, in pods and in the templates of workloads.</summary>
internal static class PodDefaults
{
    public static void Apply(JsonObject spec)
    {
        spec.Default("restartPolicy", "Always");
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("securityContext", new JsonObject());
        spec.Default("schedulerName", "default-scheduler");
        if (spec.Text("serviceAccountName") is { } account)
        {
            // The deprecated alias: the real server keeps both in step.
            spec["serviceAccount"] = account;
        }

        foreach (var container in spec.Items("containers").Concat(spec.Items("initContainers")))
        {
            Container(container);
        }

        foreach (var volume in spec.Items("volumes"))
        {
            Volume(volume);
        }
    }

    /// <summary>What only pods get, not templates: the values that admission and the pod defaulter add at creation.</summary>
    public static void ApplyToPod(JsonObject root)
    {
        var spec = root.Section("spec");
        spec.Default("serviceAccountName", "default");
        spec["serviceAccount"] = spec["serviceAccountName"].Copy();
        spec.Default("enableServiceLinks", true);
        spec.Default("preemptionPolicy", "PreemptLowerPriority");
        spec.Default("priority", 0);
        spec.Default("tolerations", new JsonArray(Toleration("not-ready"), Toleration("unreachable")));
        foreach (var container in spec.Items("containers").Concat(spec.Items("initContainers")))
        {
            var resources = container.Section("resources");
            foreach (var (name, limit) in resources["limits"] as JsonObject ?? [])
            {
                resources.Section("requests").Default(name, limit.Copy());
            }
        }
    }

    private static JsonObject Toleration(string taint) => new()
    {
        ["key"] = $"node.kubernetes.io/{taint}", ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = 300,
    };

    private static void Container(JsonObject container)
    {
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        container.Default("imagePullPolicy", PullPolicy(container.Text("image") ?? ""));
        container.Default("resources", new JsonObject());
        foreach (var port in container.Items("ports"))
        {
            port.Default("protocol", "TCP");
        }

        foreach (var source in container.Items("env").Select(variable => variable.Map("valueFrom", "fieldRef")).OfType<JsonObject>())
        {
            source.Default("apiVersion", "v1");
        }

        foreach (var name in (ReadOnlySpan<string>)["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container[name] is JsonObject probe)
            {
                Probe(probe);
            }
        }

        foreach (var name in (ReadOnlySpan<string>)["preStop", "postStart"])
        {
            HttpGet(container.Map("lifecycle", name));
        }
    }

    private static void Probe(JsonObject probe)
    {
        probe.Default("timeoutSeconds", 1);
        probe.Default("periodSeconds", 10);
        probe.Default("successThreshold", 1);
        probe.Default("failureThreshold", 3);
        HttpGet(probe);
        (probe["grpc"] as JsonObject)?.Default("service", "");
    }

    private static void HttpGet(JsonObject? handler)
    {
        if (handler?["httpGet"] is JsonObject get)
        {
            get.Default("path", "/");
            get.Default("scheme", "HTTP");
        }
    }

    private static void Volume(JsonObject volume)
    {
        if (volume.Count == 1 && volume.ContainsKey("name"))
        {
            volume["emptyDir"] = new JsonObject();
        }

        foreach (var source in (ReadOnlySpan<string>)["secret", "configMap", "downwardAPI", "projected"])
        {
            (volume[source] as JsonObject)?.Default("defaultMode", 420);
        }

        (volume["hostPath"] as JsonObject)?.Default("type", "");
        foreach (var item in (volume["downwardAPI"] as JsonObject).Items("items"))
        {
            (item["fieldRef"] as JsonObject)?.Default("apiVersion", "v1");
        }

        foreach (var source in (volume["projected"] as JsonObject).Items("sources"))
        {
            (source["serviceAccountToken"] as JsonObject)?.Default("expirationSeconds", 3600);
            foreach (var item in source.Map("downwardAPI").Items("items"))
            {
                (item["fieldRef"] as JsonObject)?.Default("apiVersion", "v1");
            }
        }
    }

    private static string PullPolicy(string image)
    {
        var tag = image.LastIndexOf(':') is var colon && colon > image.LastIndexOf('/') ? image[(colon + 1)..] : "";
        var pinned = image.Contains('@', StringComparison.Ordinal) || (tag.Length > 0 && tag != "latest");
        return pinned ? "IfNotPresent" : "Always";
    }
}
