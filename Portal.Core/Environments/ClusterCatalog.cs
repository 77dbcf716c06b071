using Portal.Core.Results;

namespace Portal.Core.Environments;

/// <summary>The names of the clusters that environments can be placed on. The first is where new ones go that name none.</summary>
public sealed record ClusterCatalog(IReadOnlyList<string> Names)
{
    public string Default => Names[0];

    /// <summary>The cluster for a wish that may name one.</summary>
    public Result<string> Choose(string? wanted) =>
        string.IsNullOrWhiteSpace(wanted) ? Default
        : Names.Contains(wanted, StringComparer.Ordinal) ? wanted
        : EnvironmentErrors.UnknownCluster(wanted, Names);
}
