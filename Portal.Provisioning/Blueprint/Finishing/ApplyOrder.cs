namespace Portal.Provisioning.Blueprint.Finishing;

/// <summary>The order in which a stack is applied: by wave, then by kind, then by name.</summary>
internal static class ApplyOrder
{
    public static IReadOnlyList<Manifest> Sort(StackGraph graph, IEnumerable<Manifest> manifests)
    {
        var waves = graph.Nodes.ToDictionary(node => node.Component, node => graph.Wave(node.Component));
        return [.. manifests
            .OrderBy(manifest => manifest.Early ? 0 : waves[manifest.Component])
            .ThenBy(manifest => Kinds.Order(manifest.Object.Kind))
            .ThenBy(manifest => manifest.Object.Name, StringComparer.Ordinal)];
    }
}
