using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Starts the Jobs of CronJobs on their schedule and keeps as many finished ones as the limits say. <c>timeZone</c> is honoured; without one it is UTC.</summary>
internal sealed class CronJobController(ControlContext cluster) : Controller(cluster)
{
    private const string Component = "cronjob-controller";
    private const string ScheduledAt = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    // One timer for each CronJob: every look would else add one.
    private readonly Dictionary<ObjectKey, DateTimeOffset> _waits = [];

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.CronJob, Kinds.Job];

    public override void Observe(Change change)
    {
        if (change.Removed && change.Key.Kind == Kinds.CronJob)
        {
            _waits.Remove(change.Key);
            return;
        }

        LookAtSelfOrOwner(change, Kinds.CronJob);
    }

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } item)
        {
            return;
        }

        var spec = item.View.At("spec") as JsonObject ?? [];
        var jobs = Cluster.Owned(item.Uid, Kinds.Job).ToList();
        Trim(jobs, spec.Number("successfulJobsHistoryLimit") ?? 3, "Complete");
        Trim(jobs, spec.Number("failedJobsHistoryLimit") ?? 1, "Failed");
        var started = spec.Flag("suspend") ? null : Start(item, spec, jobs);
        Report(item, started);
    }

    /// <returns>The scheduled time that was served, if one was due.</returns>
    private DateTimeOffset? Start(StoredObject item, JsonObject spec, List<StoredObject> jobs)
    {
        if (CronSchedule.Parse(spec.Text("schedule")) is not { } schedule || Zone(spec.Text("timeZone")) is not { } zone)
        {
            Cluster.Events.Warning(item, Component, "UnparseableSchedule", $"unparseable schedule: \"{spec.Text("schedule")}\" in time zone \"{spec.Text("timeZone") ?? "UTC"}\"");
            return null;
        }

        var now = Cluster.Time.GetUtcNow();
        var since = DateTimeOffset.Parse(item.View.Text("status", "lastScheduleTime") ?? item.View.Text("metadata", "creationTimestamp") ?? Cluster.Now, CultureInfo.InvariantCulture);
        var due = schedule.LastBetween(TimeZoneInfo.ConvertTime(since, zone), TimeZoneInfo.ConvertTime(now, zone));
        if (schedule.After(TimeZoneInfo.ConvertTime(now, zone)) is { } later)
        {
            WaitUntil(item.Key, later, now);
        }

        return due is { } time && !IsTooLate(item, spec, time, now) && MayStart(item, spec, jobs) && Create(item, spec, time) ? time : null;
    }

    private void WaitUntil(ObjectKey key, DateTimeOffset time, DateTimeOffset now)
    {
        if (!_waits.TryGetValue(key, out var known) || known <= now || known > time)
        {
            _waits[key] = time;
            LookAfter(key, time > now ? time - now : TimeSpan.Zero);
        }
    }

    private bool IsTooLate(StoredObject item, JsonObject spec, DateTimeOffset time, DateTimeOffset now)
    {
        var late = spec.Number("startingDeadlineSeconds") is { } deadline && now - time > TimeSpan.FromSeconds(deadline);
        if (late)
        {
            Cluster.Events.Warning(item, Component, "MissSchedule", $"Missed scheduled time to start a job: {ObjectWriter.Stamp(time)}");
        }

        return late;
    }

    private bool MayStart(StoredObject item, JsonObject spec, List<StoredObject> jobs)
    {
        var active = jobs.Where(job => !IsFinished(job)).ToList();
        if (active.Count == 0 || spec.Text("concurrencyPolicy") is null or "Allow")
        {
            return true;
        }

        if (spec.Text("concurrencyPolicy") == "Forbid")
        {
            Cluster.Events.Normal(item, Component, "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
            return false;
        }

        active.ForEach(job => Cluster.Deleter.DeleteIfThere(job, DeleteChoice.Background));
        return true;
    }

    private bool Create(StoredObject item, JsonObject spec, DateTimeOffset time)
    {
        // The name is made of the time, so that a second look makes no second job.
        var name = string.Create(CultureInfo.InvariantCulture, $"{item.Name}-{time.ToUnixTimeSeconds() / 60}");
        if (Cluster.Store.Get(Kinds.Job, item.Namespace, name) is not null)
        {
            return true;
        }

        var template = spec.Map("jobTemplate") ?? [];
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = item.Namespace,
            ["labels"] = template.Map("metadata", "labels").Copy() ?? new JsonObject(),
            ["annotations"] = template.Map("metadata", "annotations").Copy() ?? new JsonObject(),
            ["ownerReferences"] = new JsonArray(PodFactory.OwnerReference(item)),
        };
        metadata.Section("annotations")[ScheduledAt] = time.ToString("yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture);
        Cluster.Writer.CreateTrusted(Kinds.Job, new JsonObject { ["kind"] = "Job", ["apiVersion"] = "batch/v1", ["metadata"] = metadata, ["spec"] = template["spec"].Copy() });
        Cluster.Events.Normal(item, Component, "SuccessfulCreate", $"Created job {name}");
        return true;
    }

    private void Trim(List<StoredObject> jobs, long keep, string condition)
    {
        var ended = jobs.Where(job => Conditions.Holds(job.View.At("status") as JsonObject, condition)).OrderByDescending(job => job.View.Text("status", "startTime"), StringComparer.Ordinal);
        foreach (var job in ended.Skip((int)keep))
        {
            Cluster.Deleter.DeleteIfThere(job, DeleteChoice.Background);
        }
    }

    private void Report(StoredObject item, DateTimeOffset? started)
    {
        var jobs = Cluster.Owned(item.Uid, Kinds.Job).Where(job => !job.IsTerminating).ToList();
        var active = jobs.Where(job => !IsFinished(job)).ToList();
        var succeeded = jobs.Select(job => job.View.Text("status", "completionTime")).Max(StringComparer.Ordinal);
        Cluster.Status.Modify(item.Key, status =>
        {
            status.Remove("active");
            if (active.Count > 0)
            {
                status["active"] = new JsonArray([.. active.Select(Reference)]);
            }

            if (started is { } time)
            {
                status["lastScheduleTime"] = ObjectWriter.Stamp(time);
            }

            if (succeeded is not null)
            {
                status["lastSuccessfulTime"] = succeeded;
            }

            return true;
        });
    }

    private static JsonObject Reference(StoredObject job) => new()
    {
        ["kind"] = "Job", ["namespace"] = job.Namespace, ["name"] = job.Name, ["uid"] = job.Uid, ["apiVersion"] = "batch/v1",
    };

    private static bool IsFinished(StoredObject job) =>
        job.View.At("status") is JsonObject status && (Conditions.Holds(status, "Complete") || Conditions.Holds(status, "Failed"));

    private static TimeZoneInfo? Zone(string? name) => name is null ? TimeZoneInfo.Utc : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}
