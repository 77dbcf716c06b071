using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>What an autoscaler recommended and did lately: the memory behind stabilization windows and rate policies.</summary>
/// <remarks>Lost at a restart, as the real controller's is: the first look then counts as its only recommendation.</remarks>
internal sealed class ScaleHistory
{
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    private readonly List<(DateTimeOffset At, int Replicas)> _recommended = [];
    private readonly List<(DateTimeOffset At, int Change)> _done = [];

    /// <summary>The replicas to go to: the recommendation, held back by the windows and policies of the behavior.</summary>
    public int Settle(JsonObject? behavior, int current, int recommended, DateTimeOffset now)
    {
        _recommended.RemoveAll(entry => entry.At < now - s_longest);
        _done.RemoveAll(entry => entry.At < now - s_longest);
        _recommended.Add((now, recommended));
        var (up, down) = (behavior?.Map("scaleUp"), behavior?.Map("scaleDown"));
        var lowest = Within(up?.Number("stabilizationWindowSeconds") ?? 0, now).Min();
        var highest = Within(down?.Number("stabilizationWindowSeconds") ?? 300, now).Max();
        var stable = Math.Max(Math.Min(current, highest), lowest);
        return stable > current ? Math.Min(stable, Math.Max(current, UpLimit(up, current, now)))
            : stable < current ? Math.Max(stable, Math.Min(current, DownLimit(down, current, now)))
            : current;
    }

    public void Did(int change, DateTimeOffset now) => _done.Add((now, change));

    private IEnumerable<int> Within(long seconds, DateTimeOffset now) =>
        _recommended.Where(entry => entry.At >= now.AddSeconds(-seconds)).Select(entry => entry.Replicas);

    private int UpLimit(JsonObject? rules, int current, DateTimeOffset now)
    {
        IEnumerable<(string Type, long Value, long Seconds)> defaults = [("Percent", 100, 15), ("Pods", 4, 15)];
        return Limit(rules, defaults, least: false, policy =>
        {
            var start = current - _done.Where(entry => entry.Change > 0 && entry.At > now.AddSeconds(-policy.Seconds)).Sum(entry => entry.Change);
            return policy.Type == "Pods" ? start + policy.Value : (long)Math.Ceiling(start * (1 + (policy.Value / 100.0)));
        });
    }

    private int DownLimit(JsonObject? rules, int current, DateTimeOffset now)
    {
        IEnumerable<(string Type, long Value, long Seconds)> defaults = [("Percent", 100, 15)];
        return Limit(rules, defaults, least: true, policy =>
        {
            var start = current - _done.Where(entry => entry.Change < 0 && entry.At > now.AddSeconds(-policy.Seconds)).Sum(entry => entry.Change);
            return policy.Type == "Pods" ? start - policy.Value : (long)Math.Floor(start * (1 - (policy.Value / 100.0)));
        });
    }

    /// <param name="least">Whether the policy that allows most is the one with the lowest number, as it is on the way down.</param>
    private static int Limit(JsonObject? rules, IEnumerable<(string Type, long Value, long Seconds)> defaults, bool least, Func<(string Type, long Value, long Seconds), long> limit)
    {
        var select = rules?.Text("selectPolicy") ?? "Max";
        if (select == "Disabled")
        {
            return least ? int.MaxValue : 0;
        }

        var policies = rules.Items("policies").Select(policy => (policy.Text("type") ?? "", policy.Number("value") ?? 0, policy.Number("periodSeconds") ?? 0)).ToList();
        var limits = (policies.Count > 0 ? policies : defaults).Select(limit);
        return (int)Math.Clamp((select == "Max") == least ? limits.Min() : limits.Max(), 0, int.MaxValue);
    }
}
