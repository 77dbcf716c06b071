using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Runs the pods of a Job until enough have succeeded, and removes finished jobs after their time to live.</summary>
internal sealed class JobController(ControlContext cluster) : Controller(cluster)
{
    private static readonly TimeSpan s_refusedRetry = TimeSpan.FromSeconds(10);

    public override Turn Turn => Turn.Sets;

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.Job, Kinds.Pod];

    public override void Observe(Change change) => LookAtSelfOrOwner(change, Kinds.Job);

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } job)
        {
            return;
        }

        var status = job.View.At("status") as JsonObject;
        if (Conditions.Holds(status, "Complete") || Conditions.Holds(status, "Failed"))
        {
            Expire(job);
            return;
        }

        var spec = job.View.At("spec") as JsonObject ?? [];
        var pods = Cluster.Owned(job.Uid, Kinds.Pod).ToList();
        var succeeded = pods.Count(pod => PodState.Phase(pod) == "Succeeded");
        var failed = pods.Count(pod => PodState.Phase(pod) == "Failed");
        var wanted = spec.Number("completions") ?? 1;
        var tooManyFailed = failed > (spec.Number("backoffLimit") ?? 6);
        var active = pods.Where(PodState.IsActive).ToList();
        if (spec.Flag("suspend") || tooManyFailed)
        {
            active.ForEach(pod => Cluster.Deleter.DeleteIfThere(pod, DeleteChoice.Background));
        }
        else
        {
            var missing = Math.Min(spec.Number("parallelism") ?? 1, wanted - succeeded) - active.Count;
            for (var i = 0; i < missing; i++)
            {
                try
                {
                    var pod = Cluster.Writer.CreateTrusted(Kinds.Pod, PodFactory.Make(job, $"{job.Name}-{ObjectWriter.RandomSuffix(5)}"));
                    Cluster.Events.Normal(job, "job-controller", "SuccessfulCreate", $"Created pod: {pod.Name}");
                }
                catch (ApiFault refusal)
                {
                    Cluster.Events.Warning(job, "job-controller", "FailedCreate", $"Error creating: {refusal.Message}");
                    LookAfter(key, s_refusedRetry);
                    break;
                }
            }
        }

        Report(job, spec, succeeded, failed, succeeded >= wanted, tooManyFailed);
    }

    private void Report(StoredObject job, JsonObject spec, int succeeded, int failed, bool complete, bool tooManyFailed)
    {
        var active = Cluster.Owned(job.Uid, Kinds.Pod).Where(PodState.IsActive).ToList();
        var (now, suspended) = (Cluster.Now, spec.Flag("suspend"));
        Cluster.Status.Modify(job.Key, status =>
        {
            if (!suspended)
            {
                status.Default("startTime", now);
            }

            Count(status, "active", complete ? 0 : active.Count);
            Count(status, "succeeded", succeeded);
            Count(status, "failed", failed);
            status["ready"] = complete ? 0 : active.Count(PodState.IsReady);
            status["terminating"] = 0;
            status["uncountedTerminatedPods"] = new JsonObject();
            if (suspended || Conditions.Find(status, "Suspended") is not null)
            {
                Conditions.Set(status, "Suspended", suspended, now, suspended ? "JobSuspended" : "JobResumed", suspended ? "Job suspended" : "Job resumed");
            }

            if (complete)
            {
                status["completionTime"] = now;
                Conditions.Set(status, "SuccessCriteriaMet", true, now, "CompletionsReached", "Reached expected number of succeeded pods").Default("lastProbeTime", now);
                Conditions.Set(status, "Complete", true, now, "CompletionsReached", "Reached expected number of succeeded pods").Default("lastProbeTime", now);
            }
            else if (tooManyFailed)
            {
                Conditions.Set(status, "FailureTarget", true, now, "BackoffLimitExceeded", "Job has reached the specified backoff limit").Default("lastProbeTime", now);
                Conditions.Set(status, "Failed", true, now, "BackoffLimitExceeded", "Job has reached the specified backoff limit").Default("lastProbeTime", now);
            }

            return true;
        });
        if (complete)
        {
            Cluster.Events.Normal(job, "job-controller", "Completed", "Job completed");
        }
    }

    private void Expire(StoredObject job)
    {
        if (job.View.Number("spec", "ttlSecondsAfterFinished") is not { } seconds)
        {
            return;
        }

        var ended = job.View.Text("status", "completionTime")
            ?? Conditions.Find(job.View.At("status") as JsonObject, "Failed")?.Text("lastTransitionTime");
        var left = DateTimeOffset.Parse(ended ?? Cluster.Now, CultureInfo.InvariantCulture).AddSeconds(seconds) - Cluster.Time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            Cluster.Deleter.DeleteIfThere(job, DeleteChoice.Background);
        }
        else
        {
            LookAfter(job.Key, left);
        }
    }

    private static void Count(JsonObject status, string field, int count)
    {
        if (count == 0)
        {
            status.Remove(field);
        }
        else
        {
            status[field] = count;
        }
    }
}
