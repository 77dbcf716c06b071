using Portal.Core.Environments;
using Portal.Provisioning.Tests.Blueprint;

namespace Portal.Provisioning.Tests.Health;

/// <summary>Every kind that the blueprint renders, and the pods that come of it, has a fixture of every situation that it can be in.</summary>
public class FixtureCoverageTests
{
    private const string Exists = "it is there or not; nothing works on it";
    private const string Unread = "whether a Prometheus reads it is not reported by the operators that are in use";
    private const string NoGeneration = "its status has no observedGeneration";
    private const string ConditionsSay = "its conditions say which generation they speak of, and one of an older generation is as good as none";

    private static readonly string[] s_situations = ["good", "progressing", "failed", "deleting", "stale"];

    /// <summary>What a kind cannot be, and why.</summary>
    private static readonly Dictionary<string, string> s_impossible = new()
    {
        ["ConfigMap progressing"] = Exists, ["ConfigMap failed"] = Exists, ["ConfigMap stale"] = NoGeneration,
        ["Secret progressing"] = Exists, ["Secret failed"] = Exists, ["Secret stale"] = NoGeneration,
        ["ServiceAccount progressing"] = Exists, ["ServiceAccount failed"] = Exists, ["ServiceAccount stale"] = NoGeneration,
        ["LimitRange progressing"] = Exists, ["LimitRange failed"] = Exists, ["LimitRange stale"] = NoGeneration,
        ["Role progressing"] = Exists, ["Role failed"] = Exists, ["Role stale"] = NoGeneration,
        ["RoleBinding progressing"] = Exists, ["RoleBinding failed"] = Exists, ["RoleBinding stale"] = NoGeneration,
        ["PriorityClass progressing"] = Exists, ["PriorityClass failed"] = Exists, ["PriorityClass stale"] = NoGeneration,
        ["PodMonitor progressing"] = Unread, ["PodMonitor failed"] = Unread, ["PodMonitor stale"] = NoGeneration,
        ["Probe progressing"] = Unread, ["Probe failed"] = Unread, ["Probe stale"] = NoGeneration,
        ["PrometheusRule progressing"] = Unread, ["PrometheusRule failed"] = Unread, ["PrometheusRule stale"] = NoGeneration,
        ["NetworkPolicy progressing"] = "whether its rules are in force is not reported anywhere", ["NetworkPolicy failed"] = "its status was taken out of Kubernetes again", ["NetworkPolicy stale"] = NoGeneration,
        ["ResourceQuota progressing"] = "nothing waits for its count", ["ResourceQuota failed"] = "one that is used up does its work: whom it refuses is unhealthy", ["ResourceQuota stale"] = NoGeneration,
        ["Namespace progressing"] = "it is there at once; the way out is the deleting case", ["Namespace stale"] = NoGeneration,
        ["Service stale"] = NoGeneration,
        ["Ingress progressing"] = "a shared controller may never publish an address, so nothing waits for one", ["Ingress failed"] = "controllers report trouble in their own ways only", ["Ingress stale"] = NoGeneration,
        ["Certificate stale"] = ConditionsSay, ["HTTPRoute stale"] = ConditionsSay,
        ["PersistentVolumeClaim stale"] = NoGeneration,
        ["Job stale"] = NoGeneration,
        ["CronJob progressing"] = "a run in progress is the schedule at work", ["CronJob failed"] = "a run that fails shows at its Job; the schedule goes on", ["CronJob stale"] = NoGeneration,
        ["VerticalPodAutoscaler progressing"] = "nothing waits for its advice", ["VerticalPodAutoscaler stale"] = NoGeneration,
    };

    private static IEnumerable<string> Kinds => StackCase.All.SelectMany(one => one.Render().Manifests)
        .Select(manifest => manifest.Object.Kind)
        .Append("Pod")
        .Distinct()
        .Order(StringComparer.Ordinal);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var kind in Kinds)
            {
                foreach (var situation in s_situations)
                {
                    cases.Add(kind, situation);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fixtures_OfARenderedKind_CoverTheSituation(string kind, string situation)
    {
        var names = HealthFixture.All.Where(fixture => fixture.Live.Kind == kind && SituationOf(fixture) == situation).Select(fixture => fixture.Name).ToList();
        var reason = s_impossible.GetValueOrDefault($"{kind} {situation}");

        Assert.True((names.Count > 0) != (reason is not null), reason is null ? "There is no fixture of it." : $"It is said that {reason}, yet there is {string.Join(", ", names)}.");
    }

    [Fact]
    public void Impossible_AllOfThem_AreSituationsOfRenderedKinds() =>
        Assert.Empty(s_impossible.Keys.Except(Kinds.SelectMany(kind => s_situations.Select(situation => $"{kind} {situation}"))));

    private static string SituationOf(HealthFixture fixture) => fixture switch
    {
        { Expected: not (HealthStatus.Healthy or HealthStatus.Suspended or HealthStatus.Progressing) } => "failed",
        { Live.IsTerminating: true } => "deleting",
        { Live: var live } when live.Number("status", "observedGeneration") < live.Generation => "stale",
        { Expected: HealthStatus.Progressing } => "progressing",
        _ => "good",
    };
}
