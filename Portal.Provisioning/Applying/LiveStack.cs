using System.Collections.Concurrent;
using System.Collections.Frozen;
using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>What an environment has on its cluster at one moment: its namespace, every object in it of the kinds asked for, and its cluster-scoped objects.</summary>
/// <remarks>Read by one list per kind instead of one get per object, so its cost grows with kinds, not with objects. Safe on every thread.</remarks>
public sealed class LiveStack
{
    private const int Parallelism = 8;

    /// <summary>What controllers make of the rendered objects: pods, the versions of Deployments, and the claims of sets.</summary>
    private static readonly (string ApiVersion, string Kind)[] s_always = [("v1", "Pod"), ("apps/v1", "ReplicaSet"), ("v1", "PersistentVolumeClaim")];

    /// <summary>What only its owner changes, and what has no state to report: while a rollout goes on there is nothing new to be read of it.</summary>
    private static readonly FrozenSet<string> s_quiet =
        FrozenSet.Create("ConfigMap", "Secret", "ServiceAccount", "Role", "RoleBinding", "NetworkPolicy", "LimitRange", "PriorityClass");

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<(string Group, string Name), KubeObject>> _byKind = new(StringComparer.Ordinal);

    private LiveStack(KubeObject? ns, IEnumerable<KubeObject> objects)
    {
        Namespace = ns;
        foreach (var live in objects)
        {
            Put(live);
        }
    }

    /// <summary>A stack as it was read elsewhere.</summary>
    internal static LiveStack Of(KubeObject? ns, params IEnumerable<KubeObject> objects) => new(ns, objects);

    /// <summary>Null when the namespace does not exist.</summary>
    public KubeObject? Namespace { get; private set; }

    public IEnumerable<KubeObject> All => _byKind.Values.SelectMany(objects => objects.Values);

    public KubeObject? Find(ObjectRef reference) =>
        reference is { Kind: "Namespace", Group: "" } ? Namespace
        : _byKind.TryGetValue(reference.Kind, out var objects) ? objects.GetValueOrDefault((reference.Group, reference.Name))
        : null;

    public KubeObject? Find(InventoryEntry entry) => Find(new ObjectRef(entry.ApiVersion, entry.Kind, entry.Namespace, entry.Name));

    public IEnumerable<KubeObject> OfKind(string kind) => _byKind.TryGetValue(kind, out var objects) ? objects.Values : [];

    /// <summary>Remembers what a write returned.</summary>
    public void Put(KubeObject live)
    {
        var reference = live.Ref;
        if (reference.Kind == "Namespace")
        {
            Namespace = live;
        }
        else
        {
            _byKind.GetOrAdd(reference.Kind, _ => new())[(reference.Group, reference.Name)] = live;
        }
    }

    /// <summary>Forgets what was told to go: it counts as missing until it is read again.</summary>
    public void Remove(ObjectRef reference)
    {
        if (_byKind.TryGetValue(reference.Kind, out var objects))
        {
            objects.TryRemove((reference.Group, reference.Name), out _);
        }
    }

    /// <summary>Whether some of it was not read but remembered.</summary>
    public bool IsRemembered { get; private init; }

    /// <summary>What a look a moment later takes as it was: its namespace, what only its owner changes, quotas and claims; of components that are done only what is asked for at every look.</summary>
    public SeenStack Remember(IReadOnlySet<Component> done)
    {
        var slugs = done.Select(component => component.Slug()).ToHashSet();
        return new(new(Namespace, All.Where(item => item.Kind is "ResourceQuota" or "PersistentVolumeClaim" or "Secret" || (s_quiet.Contains(item.Kind) && !slugs.Contains(Labels.SlugOf(item))))), done);
    }

    /// <summary>Reads everything.</summary>
    /// <param name="kinds">API version and kind of what to read; what controllers make of them is always read.</param>
    public static async Task<LiveStack> ReadAsync(
        KubeClient kube, EnvironmentId id, string namespaceName, IEnumerable<(string ApiVersion, string Kind)> kinds, CancellationToken ct) =>
        await ReadAsync(kube, id, await kube.GetAsync(new ObjectRef("v1", "Namespace", null, namespaceName), ct), namespaceName, kinds.Concat(s_always), seen: null, ct);

    /// <summary>Reads what an inventory names, or what of it is still to be read.</summary>
    /// <param name="seen">What was seen a little while ago: it is taken as it was then. Null reads everything.</param>
    public static async Task<LiveStack> ReadAsync(
        KubeClient kube, EnvironmentId id, string namespaceName, IReadOnlyCollection<InventoryEntry> inventory, SeenStack? seen, CancellationToken ct)
    {
        var ns = await kube.GetAsync(new ObjectRef("v1", "Namespace", null, namespaceName), ct);
        // Another namespace of the same name has nothing of what was seen.
        if (seen is null || ns is null || seen.Live.Namespace?.Uid != ns.Uid)
        {
            return await ReadAsync(kube, id, ns, namespaceName, inventory.Select(KindOf).Concat(s_always), null, ct);
        }

        var open = inventory.Where(entry => !seen.Done.Contains(entry.Component)).ToList();
        var kinds = open.Where(entry => !s_quiet.Contains(entry.Kind)).Select(KindOf).Concat(s_always.Where(made => open.Exists(entry => Makes(entry.Kind, made.Kind))));
        return await ReadAsync(kube, id, ns, namespaceName, kinds, seen, ct);
    }

    private static async Task<LiveStack> ReadAsync(
        KubeClient kube, EnvironmentId id, KubeObject? ns, string namespaceName, IEnumerable<(string ApiVersion, string Kind)> kinds, SeenStack? seen, CancellationToken ct)
    {
        var selector = seen is null ? null : OtherThan(seen.Done);
        var wanted = kinds.Where(kind => kind.Kind != "Namespace").Distinct()
            .Select(kind => Query(id, namespaceName, kind.ApiVersion, kind.Kind, selector))
            .Where(query => ns is not null || query.Namespace is null);
        var found = new List<KubeObject>(seen?.Live.All ?? []);
        await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct }, async (query, stop) =>
        {
            var items = await ListAsync(kube, query, stop);
            lock (found)
            {
                found.AddRange(items);
            }
        });
        return new(ns, found) { IsRemembered = seen is not null };
    }

    private static (string ApiVersion, string Kind) KindOf(InventoryEntry entry) => (entry.ApiVersion, entry.Kind);

    /// <summary>Whether objects of the one kind come from controllers of the other.</summary>
    private static bool Makes(string maker, string made) => (maker, made) is
        ("Deployment" or "StatefulSet" or "DaemonSet" or "Job" or "CronJob", "Pod") or ("Deployment", "ReplicaSet") or ("StatefulSet", "PersistentVolumeClaim");

    /// <summary>Selects what does not carry the label of one of the components: what carries none is somebody else's, and may be in the way.</summary>
    private static string? OtherThan(IReadOnlySet<Component> done) =>
        done.Count == 0 ? null : $"{Labels.Component} notin ({string.Join(",", done.Select(component => component.Slug()).Order(StringComparer.Ordinal))})";

    private static async Task<IReadOnlyList<KubeObject>> ListAsync(KubeClient kube, ListQuery query, CancellationToken ct)
    {
        try
        {
            return (await kube.ListAsync(query, ct)).Items;
        }
        catch (KubeException unserved) when (unserved.Fault == KubeFault.Unsupported)
        {
            // An add-on that was taken off a cluster took its objects along; whoever applies one is told by that call.
            return [];
        }
    }

    /// <summary>In the namespace everything, so that what is in the way is seen; across the cluster only what carries our label.</summary>
    private static ListQuery Query(EnvironmentId id, string namespaceName, string apiVersion, string kind, string? selector) =>
        Kinds.IsNamespaced(kind)
            ? new ListQuery(apiVersion, kind, namespaceName, LabelSelector: selector)
            : new ListQuery(apiVersion, kind, LabelSelector: selector is null ? $"{Labels.Environment}={id}" : $"{Labels.Environment}={id},{selector}");

    /// <summary>Whether the object carries this environment's label: only such objects are ever changed or deleted.</summary>
    public static bool IsOurs(KubeObject live, EnvironmentId id) => live.Label(Labels.Environment) == id.ToString();
}
