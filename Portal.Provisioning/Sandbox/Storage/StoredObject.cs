using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Sandbox;

/// <summary>One version of one object: its JSON as bytes, and the few facts that indexes and selectors need.</summary>
/// <remarks>
/// Bytes instead of a node tree: they are a tenth of the memory, can be sent as they are, and cannot be changed by mistake. Old ones are compressed.
/// Immutable and safe on every thread, except <see cref="View"/>.
/// </remarks>
internal sealed class StoredObject
{
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // By version, and versions are consecutive: what was written last is found here, and older views make place for each other.
    private static readonly Parsed?[] s_views = new Parsed?[1024];

    private readonly PackedText _text;
    private (bool Read, LabelSelector? Value) _selector;

    private StoredObject(ResourceKind kind, JsonObject root, long version, byte[] utf8)
    {
        var metadata = root.Section("metadata");
        Key = new ObjectKey(kind, SharedText.Of(metadata.Text("namespace") ?? ""), metadata.Text("name") ?? "");
        Uid = metadata.Text("uid") ?? "";
        Version = version;
        IsTerminating = metadata["deletionTimestamp"] is not null;
        Labels = LabelSet.Of(metadata["labels"] as JsonObject);
        Owners = metadata["ownerReferences"] is JsonArray owners
            ? [.. owners.OfType<JsonObject>().Select(owner => SharedText.Of(owner.Text("uid") ?? ""))]
            : [];
        _text = new PackedText(utf8);
    }

    public ObjectKey Key { get; }

    public ResourceKind Kind => Key.Kind;

    public string Namespace => Key.Namespace;

    public string Name => Key.Name;

    public string Uid { get; }

    public long Version { get; }

    public bool IsTerminating { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>The uids of the owners.</summary>
    public string[] Owners { get; }

    public byte[] Utf8 => _text.Bytes;

    /// <summary>The length of <see cref="Utf8"/>.</summary>
    public int Size => _text.Length;

    /// <summary>A parsed form to read from, kept for a while. Only for the control loop, and never to be changed.</summary>
    public KubeObject View
    {
        get
        {
            ref var slot = ref s_views[Version & (s_views.Length - 1)];
            var known = Volatile.Read(ref slot);
            if (known?.Item != this)
            {
                known = new Parsed(this, new KubeObject(Parse()));
                Volatile.Write(ref slot, known);
            }

            return known.View;
        }
    }

    /// <summary>The pods that a Service or a PodDisruptionBudget selects; null when it selects none. Only for the control loop.</summary>
    public LabelSelector? Selector
    {
        get
        {
            if (!_selector.Read)
            {
                var selector = View.At("spec", "selector") as JsonObject;
                _selector = (true, Kind != Kinds.Service ? LabelSelector.FromObject(selector) : selector is { Count: > 0 } ? LabelSelector.FromMap(selector) : null);
            }

            return _selector.Value;
        }
    }

    /// <summary>The hash of a workload's pod template. Only for the control loop.</summary>
    public string TemplateHash => field ??= StableHash.Name(View.At("spec", "template"));

    /// <summary>Makes the stored form; the root gets the version and belongs to the store afterwards.</summary>
    public static StoredObject Make(ResourceKind kind, JsonObject root, long version)
    {
        root.Section("metadata")["resourceVersion"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new(kind, root, version, Serialize(root));
    }

    /// <summary>The stored form of bytes that an earlier run stored.</summary>
    /// <exception cref="JsonException">They are not an object.</exception>
    public static StoredObject Load(ResourceKind kind, byte[] utf8, long version) =>
        new(kind, JsonNode.Parse(utf8) as JsonObject ?? throw new JsonException("It is not an object."), version, utf8);

    /// <summary>A fresh tree that the caller owns and may change.</summary>
    public JsonObject Parse() => JsonNode.Parse(Utf8)!.AsObject();

    /// <summary>Called when the object has not changed for a while: it takes a third of the memory from then on, and a little longer to read.</summary>
    public void Pack() => _text.Pack();

    public static byte[] Serialize(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, s_writing))
        {
            node.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public override string ToString() => $"{Key}@{Version}";

    private sealed record Parsed(StoredObject Item, KubeObject View);
}
