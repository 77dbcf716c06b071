using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The next scaling steps of a Deployment's rollout, from its strategy and the state of its ReplicaSets. Pure.</summary>
internal sealed class RolloutPlan(JsonObject spec, StoredObject current, IReadOnlyList<StoredObject> old)
{
    private readonly long _wanted = spec.Number("replicas") ?? 1;

    public static long Replicas(StoredObject set) => set.View.Number("spec", "replicas") ?? 1;

    public IEnumerable<(StoredObject Set, long Replicas)> Steps() =>
        old.All(set => Replicas(set) == 0 && Pods(set) == 0) || (spec.Map("strategy")?.Text("type") != "Recreate" && old.All(set => Replicas(set) == 0))
            ? Only()
            : spec.Map("strategy")?.Text("type") == "Recreate" ? Recreate() : Roll();

    private IEnumerable<(StoredObject Set, long Replicas)> Only()
    {
        if (Replicas(current) != _wanted)
        {
            yield return (current, _wanted);
        }
    }

    private IEnumerable<(StoredObject Set, long Replicas)> Recreate()
    {
        foreach (var set in old.Where(set => Replicas(set) > 0))
        {
            yield return (set, 0);
        }
    }

    private IEnumerable<(StoredObject Set, long Replicas)> Roll()
    {
        var limits = spec.Map("strategy", "rollingUpdate");
        var surge = Amount(limits?["maxSurge"], up: true);
        var unavailable = Amount(limits?["maxUnavailable"], up: false);
        if (surge == 0 && unavailable == 0)
        {
            unavailable = 1;
        }

        var fresh = Replicas(current);
        var total = fresh + old.Sum(Replicas);
        if (fresh != _wanted)
        {
            var next = fresh > _wanted ? _wanted : Math.Min(_wanted, fresh + Math.Max(0, _wanted + surge - total));
            if (next != fresh)
            {
                total += next - fresh;
                fresh = next;
                yield return (current, next);
            }
        }

        // Old pods that are not available cost nothing; of the others only as many go as the new ones already replace.
        var removable = total - (_wanted - unavailable) - (fresh - Available(current));
        foreach (var set in old.OrderBy(Available))
        {
            var gone = Math.Min(Replicas(set), Math.Max(0, removable));
            if (gone > 0)
            {
                removable -= gone;
                yield return (set, Replicas(set) - gone);
            }
        }
    }

    private long Amount(JsonNode? value, bool up)
    {
        if (value.AsNumber() is { } number)
        {
            return number;
        }

        var percent = double.Parse((value.AsText() ?? "25%").TrimEnd('%'), CultureInfo.InvariantCulture) * _wanted / 100;
        return (long)(up ? Math.Ceiling(percent) : Math.Floor(percent));
    }

    private static long Available(StoredObject set) => set.View.Number("status", "availableReplicas") ?? 0;

    private static long Pods(StoredObject set) => set.View.Number("status", "replicas") ?? 0;
}
