namespace Portal.Core.Environments;

/// <summary>The names of the clusters that environments can be placed on. The first is where new ones go.</summary>
public sealed record ClusterCatalog(IReadOnlyList<string> Names)
{
    public string Default => Names[0];
}
