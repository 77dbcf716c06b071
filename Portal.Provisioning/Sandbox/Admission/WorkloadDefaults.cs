using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The defaults of the kinds that run pods.</summary>
internal static class WorkloadDefaults
{
    public static void Deployment(JsonObject root)
    {
        var spec = root.Section("spec");
        Template(spec);
        spec.Default("replicas", 1);
        spec.Default("revisionHistoryLimit", 10);
        spec.Default("progressDeadlineSeconds", 600);
        var strategy = spec.Section("strategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            strategy.Section("rollingUpdate").Default("maxSurge", "25%");
            strategy.Section("rollingUpdate").Default("maxUnavailable", "25%");
        }
    }

    public static void ReplicaSet(JsonObject root)
    {
        var spec = root.Section("spec");
        Template(spec);
        spec.Default("replicas", 1);
    }

    public static void StatefulSet(JsonObject root)
    {
        var spec = root.Section("spec");
        Template(spec);
        spec.Default("replicas", 1);
        spec.Default("revisionHistoryLimit", 10);
        spec.Default("podManagementPolicy", "OrderedReady");
        var update = spec.Section("updateStrategy");
        update.Default("type", "RollingUpdate");
        if (update.Text("type") == "RollingUpdate")
        {
            update.Section("rollingUpdate").Default("partition", 0);
        }

        var retention = spec.Section("persistentVolumeClaimRetentionPolicy");
        retention.Default("whenDeleted", "Retain");
        retention.Default("whenScaled", "Retain");
        foreach (var claim in spec.Items("volumeClaimTemplates"))
        {
            claim.Default("apiVersion", "v1");
            claim.Default("kind", "PersistentVolumeClaim");
            claim.Section("spec").Default("volumeMode", "Filesystem");
            claim.Section("status").Default("phase", "Pending");
        }
    }

    public static void DaemonSet(JsonObject root)
    {
        var spec = root.Section("spec");
        Template(spec);
        spec.Default("revisionHistoryLimit", 10);
        var update = spec.Section("updateStrategy");
        update.Default("type", "RollingUpdate");
        if (update.Text("type") == "RollingUpdate")
        {
            update.Section("rollingUpdate").Default("maxSurge", 0);
            update.Section("rollingUpdate").Default("maxUnavailable", 1);
        }
    }

    /// <summary>A job that does not choose its own selector gets one by its uid, on the template too.</summary>
    public static void Job(JsonObject root)
    {
        var spec = root.Section("spec");
        Template(spec);
        if (spec["completions"] is null && spec["parallelism"] is null)
        {
            spec["completions"] = 1;
        }

        spec.Default("parallelism", 1);
        spec.Default("backoffLimit", 6);
        spec.Default("completionMode", "NonIndexed");
        spec.Default("suspend", false);
        spec.Default("podReplacementPolicy", spec["podFailurePolicy"] is null ? "TerminatingOrFailed" : "Failed");
        spec.Default("manualSelector", false);
        if (!spec.Flag("manualSelector") && root.Map("metadata")?.Text("uid") is { } uid && spec["selector"] is null)
        {
            var labels = spec.Section("template").Section("metadata").Section("labels");
            foreach (var prefix in (ReadOnlySpan<string>)["batch.kubernetes.io/", ""])
            {
                labels.Default($"{prefix}controller-uid", uid);
                labels.Default($"{prefix}job-name", root.Map("metadata")!.Text("name"));
            }

            spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["batch.kubernetes.io/controller-uid"] = uid } };
        }
    }

    public static void CronJob(JsonObject root)
    {
        var spec = root.Section("spec");
        spec.Default("concurrencyPolicy", "Allow");
        spec.Default("suspend", false);
        spec.Default("successfulJobsHistoryLimit", 3);
        spec.Default("failedJobsHistoryLimit", 1);
        if (spec.Map("jobTemplate", "spec") is { } job)
        {
            Template(job);
        }
    }

    private static void Template(JsonObject spec)
    {
        if (spec.Map("template", "spec") is { } pod)
        {
            PodDefaults.Apply(pod);
        }
    }
}
