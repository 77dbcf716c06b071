using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint;

/// <summary>The keys of labels and annotations that the portal writes, and the sets that every object carries.</summary>
public static class Labels
{
    public const string Manager = "portal";

    public const string Name = "app.kubernetes.io/name";
    public const string Component = "app.kubernetes.io/component";
    public const string PartOf = "app.kubernetes.io/part-of";
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string Instance = "app.kubernetes.io/instance";

    public const string Environment = "portal/environment";
    public const string Team = "portal/team";
    public const string Role = "portal/role";
    public const string Location = "portal/location";
    public const string Shard = "portal/shard";

    /// <summary>In the selector of a Service whose location is drained, and on no pod: it finds none. An empty selector would leave the addresses as they were.</summary>
    public const string Drained = "portal/drained";

    /// <summary>Label of a volume that outlives its environment because the owner wanted to keep the data.</summary>
    public const string KeptFor = "portal/kept-for";

    /// <summary>Annotation of a pod template: changes with the configuration that the pods mount, and so rolls them.</summary>
    public const string ConfigHash = "portal/config-hash";

    /// <summary>Annotation of a Secret that is a copy of the platform's: the namespace that it comes from.</summary>
    public const string CopiedFrom = "portal/copied-from";

    /// <summary>Annotation of a pod template: how often its component was restarted by hand.</summary>
    public const string Restart = "portal/restart";

    /// <summary>Annotation of a ConfigMap that running pods read again by themselves: a change of it rolls nothing.</summary>
    public const string LiveReload = "portal/live-reload";

    /// <summary>
    /// Annotation of a claim that no running pod uses yet: where the storage class waits for a first user it stays pending, and that is
    /// as it should be.
    /// </summary>
    public const string BoundOnUse = "portal/bound-on-use";

    /// <summary>
    /// Ends the component label of a canary's pods, and names what is the canary's. The stable pods are found by component and part-of alone, and selectors are
    /// immutable: a canary has to differ in one of these. Its objects carry the component's label like all others.
    /// </summary>
    internal const string CanarySuffix = "-canary";

    /// <summary>The component that a live object belongs to, as its label says; a canary's pod belongs to its service. Empty without a label.</summary>
    internal static string SlugOf(KubeObject live) => live.Label(Component) is not { } label ? ""
        : label.EndsWith(CanarySuffix, StringComparison.Ordinal) ? label[..^CanarySuffix.Length] : label;

    /// <summary>The whole set, for metadata. Never for selectors, which are immutable.</summary>
    internal static JsonObject For(StackIdentity identity, Component component, string app) => Json.Map(
        (Name, app),
        (Component, component.Slug()),
        (PartOf, identity.Name),
        (ManagedBy, Manager),
        (Instance, identity.Namespace),
        (Environment, identity.Id.ToString()),
        (Team, identity.Team));

    /// <summary>What finds the pods of a component: stable for the life of the environment.</summary>
    internal static JsonObject Selector(StackIdentity identity, Component component) => Json.Map(
        (Component, component.Slug()),
        (PartOf, identity.Name));

    /// <summary>What finds the pods of a component's canary.</summary>
    internal static JsonObject CanarySelector(StackIdentity identity, Component component) => Json.Map(
        (Component, component.Slug() + CanarySuffix),
        (PartOf, identity.Name));
}
