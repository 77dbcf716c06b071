using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Monitoring.Metrics;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint;

/// <summary>What every layer renders from, and where it puts what it rendered. Lives for one rendering on one thread.</summary>
internal sealed class StackContext(EnvironmentSpec spec, StackIdentity identity, ClusterCapabilities capabilities, PlatformSettings platform, StackGraph graph)
{
    private readonly List<Manifest> _manifests = [];
    private readonly List<string> _notes = [];

    public EnvironmentSpec Spec => spec;

    public StackIdentity Identity => identity;

    public ClusterCapabilities Capabilities => capabilities;

    public PlatformSettings Platform => platform;

    public StackGraph Graph => graph;

    /// <summary>Who gathers the metrics on this cluster.</summary>
    public MetricsProvider Metrics { get; } = MetricsLayer.ProviderFor(spec, capabilities);

    public StackSizes Sizes { get; } = StackSizes.For(spec.Preset);

    /// <summary>The minute of the hour at which this environment does what is done at set times: not all environments of a cluster at once.</summary>
    public int OwnMinute { get; } = identity.Id.Value.ToByteArray()[^1] % 60;

    public bool IsProduction => spec.Purpose == Purpose.Production;

    public IReadOnlyList<Manifest> Manifests => _manifests;

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Says once what was left out or replaced.</summary>
    public void Note(string sentence)
    {
        if (!_notes.Contains(sentence))
        {
            _notes.Add(sentence);
        }
    }

    /// <summary>The address of a Service's pod, or of the Service itself, within the cluster.</summary>
    /// <remarks>Without the cluster's domain, which is not ours to know: the resolver's search list completes it.</remarks>
    public string Dns(string service, string? pod = null) => pod is null ? $"{service}.{identity.Namespace}.svc" : $"{pod}.{service}.{identity.Namespace}.svc";

    /// <summary>Adds an object of a component to the stack.</summary>
    /// <param name="fields">What stands beside apiVersion, kind and metadata.</param>
    public JsonObject Add(Component component, string apiVersion, string kind, string name, JsonObject labels, params ReadOnlySpan<(string Key, JsonNode? Value)> fields) =>
        Add(component, apiVersion, kind, name, labels, annotations: null, generated: null, fields);

    public JsonObject Add(
        Component component, string apiVersion, string kind, string name, JsonObject labels, JsonObject? annotations, IReadOnlyList<GeneratedValue>? generated,
        params ReadOnlySpan<(string Key, JsonNode? Value)> fields)
    {
        var root = Json.Map(
            ("apiVersion", apiVersion),
            ("kind", kind),
            ("metadata", Json.Map(
                ("name", name),
                ("namespace", Kinds.IsNamespaced(kind) ? identity.Namespace : null),
                ("labels", labels),
                ("annotations", annotations))));
        foreach (var (key, value) in fields)
        {
            if (value is not null)
            {
                root.Add(key, value);
            }
        }

        _manifests.Add(new(component, new KubeObject(root), generated, Kinds.IsEarly(kind)));
        return root;
    }

    /// <summary>A Secret of the platform, which the engine copies from there.</summary>
    public void AddCopy(Component component, string name, string from)
    {
        Add(component, "v1", "Secret", name, LabelsOf(component), Json.Map((Labels.CopiedFrom, from)), generated: null);
        _manifests[^1] = _manifests[^1] with { CopiedFrom = from };
    }

    public JsonObject LabelsOf(Component component) => Labels.For(identity, component, component.Slug());
}
