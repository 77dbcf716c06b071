using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Gives new namespaces their default account and root certificate, and empties terminating ones until nothing is left.</summary>
internal sealed class NamespaceController(ControlContext cluster) : Controller(cluster)
{
    private static readonly ResourceKind[] s_content = [.. Kinds.All.Where(kind => kind.Namespaced)];

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.Namespace, .. s_content];

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.Namespace)
        {
            if (!change.Removed)
            {
                Look(change.Key);
            }
        }
        else if (change.Removed && Cluster.Store.Get(Kinds.Namespace, "", change.Key.Namespace) is { } home
            && (home.IsTerminating || change.Key.Kind == Kinds.ServiceAccount || change.Key.Kind == Kinds.ConfigMap))
        {
            Look(home.Key);
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { } home)
        {
            return;
        }

        if (home.IsTerminating)
        {
            Empty(home);
            return;
        }

        Ensure(home, Kinds.ServiceAccount, "default", []);
        Ensure(home, Kinds.ConfigMap, "kube-root-ca.crt", new JsonObject { ["data"] = new JsonObject { ["ca.crt"] = Cluster.CertificatePem } });
    }

    private void Ensure(StoredObject home, ResourceKind kind, string name, JsonObject body)
    {
        if (Cluster.Store.Get(kind, home.Name, name) is not null)
        {
            return;
        }

        var root = new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion, ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = home.Name } };
        foreach (var (field, value) in body)
        {
            root[field] = value.Copy();
        }

        Cluster.Writer.CreateTrusted(kind, root);
    }

    private void Empty(StoredObject home)
    {
        var left = new List<(ResourceKind Kind, StoredObject Item)>();
        foreach (var kind in s_content)
        {
            foreach (var item in Cluster.Store.List(kind, home.Name).Items)
            {
                if (!item.IsTerminating)
                {
                    Cluster.Deleter.DeleteIfThere(item, DeleteChoice.Background);
                }

                if (Cluster.Store.Get(item.Key) is { } still)
                {
                    left.Add((kind, still));
                }
            }
        }

        var held = left.Where(entry => entry.Item.View.At("metadata", "finalizers") is JsonArray { Count: > 0 }).ToList();
        Cluster.Writer.Modify(home.Key, root =>
        {
            if (left.Count == 0)
            {
                root.Section("spec").Remove("finalizers");
                return true;
            }

            var status = root.Section("status");
            status["phase"] = "Terminating";
            var now = Cluster.Now;
            Conditions.Set(status, "NamespaceDeletionDiscoveryFailure", false, now, "ResourcesDiscovered", "All resources successfully discovered");
            Conditions.Set(status, "NamespaceDeletionGroupVersionParsingFailure", false, now, "ParsedGroupVersions", "All legacy kube types successfully parsed");
            Conditions.Set(status, "NamespaceDeletionContentFailure", false, now, "ContentDeleted", "All content successfully deleted, may be waiting on finalization");
            var counts = left.GroupBy(entry => entry.Kind).Select(group => $"{group.Key.Plural}.{group.Key.Group} has {group.Count()} resource instances").Order(StringComparer.Ordinal);
            Conditions.Set(status, "NamespaceContentRemaining", true, now, "SomeResourcesRemain", $"Some resources are remaining: {string.Join(", ", counts)}");
            var finalizers = held.SelectMany(entry => (entry.Item.View.At("metadata") as JsonObject).Texts("finalizers")).GroupBy(name => name).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Key} in {group.Count()} resource instances").ToList();
            Conditions.Set(
                status, "NamespaceFinalizersRemaining", finalizers.Count > 0, now,
                finalizers.Count > 0 ? "SomeFinalizersRemain" : "ContentHasNoFinalizers",
                finalizers.Count > 0 ? $"Some content in the namespace has finalizers remaining: {string.Join(", ", finalizers)}" : "All content-preserving finalizers finished");
            return true;
        });
    }
}
