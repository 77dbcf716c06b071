using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The validation rules of single kinds, as far as the sandbox knows them.</summary>
internal static class KindRules
{
    public static void Check(ResourceKind kind, JsonObject root, List<FieldCause> causes)
    {
        var spec = root["spec"] as JsonObject ?? [];
        if (kind == Kinds.Deployment || kind == Kinds.ReplicaSet || kind == Kinds.StatefulSet || kind == Kinds.DaemonSet)
        {
            Workload(spec, causes);
        }
        else if (kind == Kinds.Job)
        {
            Job(spec, "spec", causes);
        }
        else if (kind == Kinds.CronJob)
        {
            Job(spec.Map("jobTemplate", "spec") ?? [], "spec.jobTemplate.spec", causes);
            if (CronSchedule.Parse(spec.Text("schedule")) is null)
            {
                causes.Add(FieldCause.Invalid("spec.schedule", spec["schedule"].Copy(), "expected exactly 5 fields, each a number, a range, a list or a step within its bounds"));
            }

            if (spec.Text("timeZone") is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            {
                causes.Add(FieldCause.Invalid("spec.timeZone", spec["timeZone"].Copy(), "unknown time zone"));
            }
        }
        else if (kind == Kinds.Pod)
        {
            PodRules.Check(spec, "spec", causes);
        }
        else if (kind == Kinds.Service)
        {
            Service(spec, causes);
        }
        else if (kind == Kinds.PersistentVolumeClaim)
        {
            if (spec["accessModes"] is not JsonArray { Count: > 0 })
            {
                causes.Add(FieldCause.Required("spec.accessModes", "at least 1 access mode is required"));
            }

            if (spec.Map("resources", "requests")?["storage"] is null)
            {
                causes.Add(FieldCause.Required("spec.resources[storage]"));
            }
        }
        else if (kind == Kinds.PodDisruptionBudget && spec["minAvailable"] is not null && spec["maxUnavailable"] is not null)
        {
            causes.Add(FieldCause.Invalid("spec", spec.DeepClone(), "minAvailable and maxUnavailable cannot be both set"));
        }
        else if (kind == Kinds.HorizontalPodAutoscaler && spec.Number("maxReplicas") < (spec.Number("minReplicas") ?? 1))
        {
            causes.Add(FieldCause.Invalid("spec.maxReplicas", spec["maxReplicas"].Copy(), "must be greater than or equal to `minReplicas`"));
        }
    }

    private static void Workload(JsonObject spec, List<FieldCause> causes)
    {
        if (spec.Number("replicas") < 0)
        {
            causes.Add(FieldCause.Invalid("spec.replicas", spec["replicas"].Copy(), "must be greater than or equal to 0"));
        }

        var labels = (spec.Map("template", "metadata", "labels") ?? [])
            .ToDictionary(label => label.Key, label => label.Value.AsText() ?? "", StringComparer.Ordinal);
        var selector = spec["selector"] as JsonObject ?? [];
        if (selector["matchLabels"] is not JsonObject { Count: > 0 } && selector["matchExpressions"] is not JsonArray { Count: > 0 })
        {
            causes.Add(FieldCause.Invalid("spec.selector", selector.DeepClone(), "empty selector is invalid for this kind"));
        }
        else if (!LabelSelector.FromObject(selector)!.Matches(labels))
        {
            causes.Add(FieldCause.Invalid("spec.template.metadata.labels", spec.Map("template", "metadata", "labels").Copy(), "`selector` does not match template `labels`"));
        }

        Validator.Labels(spec.Map("template", "metadata", "labels"), "spec.template.metadata.labels", causes);
        Template(spec, "spec", causes);
        if (spec.Map("template", "spec")?.Text("restartPolicy") is { } policy and not "Always")
        {
            causes.Add(FieldCause.NotSupported("spec.template.spec.restartPolicy", policy, "Always"));
        }
    }

    private static void Job(JsonObject spec, string path, List<FieldCause> causes)
    {
        Template(spec, path, causes);
        if (spec.Map("template", "spec")?.Text("restartPolicy") is "Always")
        {
            causes.Add(FieldCause.NotSupported($"{path}.template.spec.restartPolicy", "Always", "OnFailure", "Never"));
        }
    }

    private static void Template(JsonObject spec, string path, List<FieldCause> causes)
    {
        if (spec.Map("template", "spec") is { } pod)
        {
            PodRules.Check(pod, $"{path}.template.spec", causes);
        }
        else
        {
            causes.Add(FieldCause.Required($"{path}.template.spec.containers"));
        }
    }

    private static void Service(JsonObject spec, List<FieldCause> causes)
    {
        var type = spec.Text("type");
        if (type is not ("ClusterIP" or "NodePort" or "LoadBalancer" or "ExternalName"))
        {
            causes.Add(FieldCause.NotSupported("spec.type", spec["type"].Copy(), "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"));
        }

        var ports = spec.Items("ports").ToList();
        if (ports.Count == 0 && type != "ExternalName" && spec.Text("clusterIP") != "None")
        {
            causes.Add(FieldCause.Required("spec.ports"));
        }

        for (var i = 0; i < ports.Count; i++)
        {
            if (ports[i].Number("port") is not (>= 1 and <= 65535))
            {
                causes.Add(FieldCause.Invalid($"spec.ports[{i}].port", ports[i]["port"].Copy(), "must be between 1 and 65535, inclusive"));
            }

            if (ports.Count > 1 && ports[i]["name"] is null)
            {
                causes.Add(FieldCause.Required($"spec.ports[{i}].name"));
            }
        }
    }
}
