using Portal.Core.Environments;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;

namespace Portal.Provisioning.Tests.Reconciling;

public sealed class ComponentAssessmentTests
{
    private static readonly KubeObject s_service = KubeObject.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"mysql","namespace":"n"},"spec":{"type":"ClusterIP"}}""");
    private static readonly KubeObject s_budget = KubeObject.Parse(
        """{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"mysql","namespace":"n","generation":1},"status":{"observedGeneration":1,"currentHealthy":1,"desiredHealthy":2,"expectedPods":3,"disruptionsAllowed":0}}""");
    private static readonly KubeObject s_set = KubeObject.Parse(
        """{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"mysql","namespace":"n","generation":1},"spec":{"replicas":3},"status":{"observedGeneration":1,"replicas":2,"readyReplicas":1,"updatedReplicas":2,"currentRevision":"a","updateRevision":"a"}}""");
    private static readonly KubeObject s_failingPod = KubeObject.Parse(
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"mysql-1","namespace":"n","labels":{"app.kubernetes.io/component":"mysql"}},"spec":{"containers":[{"name":"mysql","image":"mysql:none"}]},
        "status":{"phase":"Pending","containerStatuses":[{"name":"mysql","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image \"mysql:none\""}}}]}}
        """);

    [Fact]
    public void Assess_NothingOfItThere_IsMissing() =>
        Assert.Equal(HealthStatus.Missing, Assess(LiveStack.Of(null), s_service, s_set).Status);

    [Fact]
    public void Assess_OnlyPartOfItThere_IsProgressingAndNamesWhatIsMissing()
    {
        var report = Assess(LiveStack.Of(null, [s_service]), s_service, s_set);

        Assert.Equal(HealthStatus.Progressing, report.Status);
        Assert.Contains("StatefulSet/n/mysql", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Assess_BudgetAndSetBothWait_SpeaksOfTheSet()
    {
        var report = Assess(LiveStack.Of(null, [s_service, s_budget, s_set]), s_service, s_budget, s_set);

        Assert.Equal(HealthStatus.Progressing, report.Status);
        Assert.StartsWith("StatefulSet/mysql:", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Assess_PodThatCannotPull_IsDegradedInThePodsWords()
    {
        var report = Assess(LiveStack.Of(null, [s_service, s_set, s_failingPod]), s_service, s_set);

        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.StartsWith("Pod/n/mysql-1:", report.Message, StringComparison.Ordinal);
        Assert.Contains("mysql:none", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Assess_PodOfAnotherComponent_DoesNotCount()
    {
        var report = ComponentAssessment.Assess(Component.Redis, [new Manifest(Component.Redis, s_service)], LiveStack.Of(null, [s_service, s_failingPod]));

        Assert.Equal(HealthStatus.Healthy, report.Status);
    }

    private static HealthReport Assess(LiveStack live, params KubeObject[] manifests) =>
        ComponentAssessment.Assess(Component.MySql, [.. manifests.Select(manifest => new Manifest(Component.MySql, manifest))], live);
}
