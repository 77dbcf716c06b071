using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>Namespaces. While one goes, its conditions say what is left in it or what cannot be removed.</summary>
internal static class NamespaceHealth
{
    private const string Ask = "Ask the operators of the cluster: until that is put right, the namespace cannot go.";

    private static readonly string[] s_left = ["NamespaceFinalizersRemaining", "NamespaceContentRemaining"];

    private static readonly string[] s_failures =
        ["NamespaceDeletionDiscoveryFailure", "NamespaceDeletionGroupVersionParsingFailure", "NamespaceDeletionContentFailure"];

    public static HealthReport Assess(KubeObject live)
    {
        if (!live.IsTerminating && live.Text("status", "phase") != "Terminating")
        {
            return HealthReport.Healthy("It exists.");
        }

        if (s_failures.Select(live.Condition).FirstOrDefault(c => c.Is("True")) is { } failure)
        {
            return HealthReport.Degraded(HealthCause.Other, $"The namespace cannot be deleted: {failure.Words()}.", Ask);
        }

        var what = s_left.Select(live.Condition).FirstOrDefault(c => c.Is("True"));
        return HealthReport.Progressing(what is null ? "The namespace is being deleted with all that is in it." : $"The namespace is being deleted: {what.Words()}.");
    }
}
