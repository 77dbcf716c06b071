using System.Collections.Concurrent;
using Portal.Core.Environments;

namespace Portal.Provisioning.Reconciling;

/// <summary>Which environment a namespace belongs to, learned from every reconcile: turns an event on a cluster into a key to wake.</summary>
/// <remarks>Thread-safe. A namespace that is not known yet is no loss: the sweep looks at every environment.</remarks>
public sealed class NamespaceIndex
{
    private readonly ConcurrentDictionary<(string Cluster, string Namespace), EnvironmentId> _known = new();

    public void Learn(string cluster, string namespaceName, EnvironmentId id) => _known[(cluster, namespaceName)] = id;

    public EnvironmentId? Find(string cluster, string namespaceName) =>
        _known.TryGetValue((cluster, namespaceName), out var id) ? id : null;
}
