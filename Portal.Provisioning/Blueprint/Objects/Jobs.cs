using System.Text.Json.Nodes;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Jobs and CronJobs.</summary>
internal static class Jobs
{
    private const int Tries = 6;

    /// <summary>How late a run of a CronJob may still begin.</summary>
    public const int StartingDeadlineSeconds = 3600;

    /// <summary>Three nights: the history of a nightly Job.</summary>
    private const int CronJobsKeptSeconds = 3 * 86_400;

    /// <summary>A Job that brings data software into shape; safe to run again.</summary>
    /// <remarks>
    /// Its template is immutable, so its name ends in a hash of the template: a changed Job is a new Job. It has no time to live:
    /// were it removed, the reconciler would miss it and run it again. The janitor takes its finished pods.
    /// </remarks>
    /// <param name="tries">How often a pod that failed is followed by another one.</param>
    public static void Add(Workload workload, PodPlan pod, int deadlineSeconds, int tries = Tries) => workload.Stack.Add(
        workload.Component, "batch/v1", "Job", workload.Name, workload.Labels(), ("spec", Spec(workload, pod, deadlineSeconds, tries)));

    /// <remarks>Its Jobs are not applied by the reconciler, so they may have a time to live beside the limit of their number.</remarks>
    public static void AddCron(Workload workload, string schedule, PodPlan pod, int deadlineSeconds) => workload.Stack.Add(
        workload.Component, "batch/v1", "CronJob", workload.Name, workload.Labels(), ("spec", Json.Map(
            ("schedule", schedule),
            ("timeZone", "Etc/UTC"),
            ("concurrencyPolicy", "Forbid"),
            ("startingDeadlineSeconds", StartingDeadlineSeconds),
            ("successfulJobsHistoryLimit", 3),
            ("failedJobsHistoryLimit", 3),
            ("jobTemplate", Json.Map(
                ("metadata", Json.Map(("labels", workload.Labels()))),
                ("spec", Spec(workload, pod, deadlineSeconds, Tries, keptSeconds: CronJobsKeptSeconds)))))));

    private static JsonObject Spec(Workload workload, PodPlan pod, int deadlineSeconds, int tries, int? keptSeconds = null) => Json.Map(
        ("backoffLimit", tries),
        ("ttlSecondsAfterFinished", keptSeconds),
        ("activeDeadlineSeconds", deadlineSeconds),
        ("podReplacementPolicy", "Failed"),
        ("template", (pod with { RestartPolicy = "Never", Spread = Spread.None }).Build(workload)));
}
