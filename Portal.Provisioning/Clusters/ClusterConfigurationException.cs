namespace Portal.Provisioning.Clusters;

/// <summary>Clusters of the configuration that cannot be used, as they cannot even be read: nothing is served until that is repaired.</summary>
public sealed class ClusterConfigurationException(IReadOnlyList<ClusterProblem> problems, Exception? inner = null)
    : Exception(string.Join(Environment.NewLine, problems.Select(problem => problem.Sentence)), inner)
{
    public IReadOnlyList<ClusterProblem> Problems { get; } = problems;
}

/// <summary>What is wrong with the configuration of one cluster.</summary>
public sealed record ClusterProblem(ClusterSource Source, string Sentence);
