using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Sums up the ReplicaSets of a Deployment into its status, with the reasons of the real controller.</summary>
internal sealed class DeploymentStatus(string stamp, DateTimeOffset now, long generation, JsonObject spec, string? currentUid)
{
    /// <summary>After writing: how long until the progress deadline passes; null when nothing is in progress.</summary>
    public TimeSpan? DeadlineIn { get; private set; }

    public void Write(JsonObject status, IReadOnlyList<StoredObject> sets)
    {
        var current = sets.FirstOrDefault(set => set.Uid == currentUid);
        var wanted = spec.Number("replicas") ?? 1;
        var (replicas, ready, available) = (Sum(sets, "replicas"), Sum(sets, "readyReplicas"), Sum(sets, "availableReplicas"));
        var updated = current?.View.Number("status", "replicas") ?? 0;
        var moved = status.Number("updatedReplicas") != updated || status.Number("availableReplicas") != available
            || status.Number("observedGeneration") != generation || status.Number("readyReplicas") != ready;
        status["observedGeneration"] = generation;
        status["replicas"] = replicas;
        status["updatedReplicas"] = updated;
        status["readyReplicas"] = ready;
        status["availableReplicas"] = available;
        status["unavailableReplicas"] = Math.Max(0, wanted - available);
        var enough = available >= wanted - MaxUnavailable(wanted);
        Conditions.Set(
            status, "Available", enough, stamp,
            enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.")
            .Default("lastUpdateTime", stamp);
        var failure = sets.Select(set => Conditions.Find(set.View.At("status") as JsonObject, "ReplicaFailure")).FirstOrDefault(found => found is not null);
        if (failure is null)
        {
            Conditions.Remove(status, "ReplicaFailure");
        }
        else
        {
            Conditions.Set(status, "ReplicaFailure", true, stamp, failure.Text("reason"), failure.Text("message")).Default("lastUpdateTime", stamp);
        }

        Progress(status, current, complete: updated == wanted && replicas == wanted && available == wanted, moved);
    }

    private static long Sum(IReadOnlyList<StoredObject> sets, string field) => sets.Sum(set => set.View.Number("status", field) ?? 0);

    private void Progress(JsonObject status, StoredObject? current, bool complete, bool moved)
    {
        var name = current?.Name ?? "";
        var before = Conditions.Find(status, "Progressing");
        if (complete)
        {
            Conditions.Set(status, "Progressing", true, stamp, "NewReplicaSetAvailable", $"ReplicaSet \"{name}\" has successfully progressed.").Default("lastUpdateTime", stamp);
            return;
        }

        var since = before?.Text("lastUpdateTime") is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : now;
        var deadline = TimeSpan.FromSeconds(spec.Number("progressDeadlineSeconds") ?? 600);
        if (before is null || moved)
        {
            var reason = before is null ? "NewReplicaSetCreated" : "ReplicaSetUpdated";
            var message = before is null ? $"Created new replica set \"{name}\"" : $"ReplicaSet \"{name}\" is progressing.";
            Conditions.Set(status, "Progressing", true, stamp, reason, message)["lastUpdateTime"] = stamp;
            since = now;
        }
        else if (now - since >= deadline && before.Text("reason") != "NewReplicaSetAvailable")
        {
            Conditions.Set(status, "Progressing", false, stamp, "ProgressDeadlineExceeded", $"ReplicaSet \"{name}\" has timed out progressing.");
            return;
        }

        DeadlineIn = since + deadline - now is var left && left > TimeSpan.Zero ? left + TimeSpan.FromSeconds(1) : null;
    }

    private long MaxUnavailable(long wanted)
    {
        var value = spec.Map("strategy", "rollingUpdate")?["maxUnavailable"];
        return value.AsNumber()
            ?? (value.AsText() is { } percent ? (long)Math.Floor(double.Parse(percent.TrimEnd('%'), CultureInfo.InvariantCulture) * wanted / 100) : 0);
    }
}
