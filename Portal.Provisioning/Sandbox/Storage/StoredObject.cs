using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Sandbox;

/// <summary>One version of one object: its JSON as bytes, and the few facts that indexes and selectors need.</summary>
/// <remarks>
/// Bytes instead of a node tree: they are a tenth of the memory, can be sent as they are, and cannot be changed by mistake. Old ones are packed.
/// Immutable and safe on every thread, except <see cref="View"/>.
/// </remarks>
internal sealed class StoredObject
{
    private const int LargestBuffer = 256 * 1024;

    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // By version, and versions are consecutive: what was written last is found here, and older views make place for each other.
    private static readonly Parsed?[] s_views = new Parsed?[1024];

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    private readonly long _generation;
    private PackedText _text;
    private (bool Read, LabelSelector? Value) _selector;
    private object? _derived;

    private StoredObject(ResourceKind kind, JsonObject root, long version, byte[] utf8, StoredObject? before)
    {
        var metadata = root.Section("metadata");
        (Version, BodyVersion) = (version, version);
        IsTerminating = metadata["deletionTimestamp"] is not null;
        Labels = LabelSet.Of(metadata["labels"] as JsonObject);
        _text = new PackedText(utf8);
        _generation = metadata.Number("generation") ?? 0;
        if (before is not null)
        {
            // What never changes is not kept again for each version.
            (Key, Id) = (before.Key, before.Id);
            _derived = kind.HasGeneration && before._generation == _generation ? before._derived : null;
            var owners = OwnersOf(metadata);
            Owners = owners.SequenceEqual(before.Owners) ? before.Owners : owners;
            return;
        }

        Key = new ObjectKey(kind, SharedText.Of(metadata.Text("namespace") ?? ""), metadata.Text("name") ?? "");
        Id = Guid.TryParse(metadata.Text("uid"), out var id) ? id : Guid.Empty;
        Owners = OwnersOf(metadata);
    }

    private StoredObject(ObjectKey key, Guid id, byte[] utf8)
    {
        (Key, Id, Owners, Labels) = (key, id, [], LabelSet.Empty);
        _text = new PackedText(utf8);
    }

    private StoredObject(StoredObject before, byte[] utf8)
    {
        (Key, Id, Owners, Labels, Version, BodyVersion) = (before.Key, before.Id, before.Owners, before.Labels, before.Version, before.BodyVersion);
        (_generation, _derived, _selector) = (before._generation, before._derived, before._selector);
        _text = new PackedText(utf8);
    }

    public ObjectKey Key { get; }

    public ResourceKind Kind => Key.Kind;

    public string Namespace => Key.Namespace;

    public string Name => Key.Name;

    /// <summary>Kept as its 16 bytes: as a text it would be the largest part of many an object at rest.</summary>
    public string Uid => Id == Guid.Empty ? "" : Id.ToString();

    public Guid Id { get; }

    public long Version { get; private set; }

    /// <summary>The last version in which anything but its status was written.</summary>
    public long BodyVersion { get; private set; }

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
    public string TemplateHash
    {
        get
        {
            var hash = _derived as string ?? StableHash.Name(View.At("spec", "template"));
            _derived = hash;
            return hash;
        }
    }

    /// <summary>The resources that a ResourceQuota limits.</summary>
    public IReadOnlyList<string> Limited
    {
        get
        {
            // A lost race only costs a second look.
            var limited = _derived as string[] ?? [.. (Parse().Map("spec", "hard") ?? []).Select(limit => limit.Key)];
            _derived = limited;
            return limited;
        }
    }

    /// <summary>Makes the stored form; the root gets the version and belongs to the store afterwards.</summary>
    /// <param name="before">The version that it follows.</param>
    public static StoredObject Make(ResourceKind kind, JsonObject root, long version, StoredObject? before = null)
    {
        root.Section("metadata")["resourceVersion"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new(kind, root, version, Serialize(root), before);
    }

    /// <summary>Makes the stored form before its version is known, so that the store need not be held up by it; <see cref="Number"/> completes it.</summary>
    /// <param name="likely">A guess of the version: with as many digits as the real one, nothing has to be written again.</param>
    /// <param name="utf8">The root as bytes with the version of before, when the caller has them.</param>
    public static StoredObject Draft(ResourceKind kind, JsonObject root, long likely, StoredObject? before, byte[]? utf8 = null)
    {
        if (utf8 is not null && before is not null)
        {
            return new(kind, root, before.Version, utf8, before);
        }

        return Make(kind, root, likely, before);
    }

    /// <summary>The draft of a version that differs from the one before in its status only.</summary>
    /// <param name="before">Not terminating.</param>
    /// <param name="utf8">Its text, still with the version of before.</param>
    public static StoredObject Follow(StoredObject before, byte[] utf8) => new(before, utf8);

    /// <summary>The draft of a new object that was written as it is stored.</summary>
    /// <param name="utf8">Its text, with metadata that has a version and neither labels, owners nor a generation.</param>
    public static StoredObject Written(ObjectKey key, Guid id, byte[] utf8) => new(key, id, utf8);

    /// <summary>Gives a draft its version. Only by the store, before anybody else has seen the object.</summary>
    public void Number(long version, JsonObject root)
    {
        var text = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var metadata = root.Section("metadata");
        metadata["resourceVersion"] = text;
        (Version, BodyVersion) = (version, version);
        // A label or annotation of that very name may stand before it.
        var named = metadata.Map("labels")?.ContainsKey("resourceVersion") == true || metadata.Map("annotations")?.ContainsKey("resourceVersion") == true;
        if (named || !_text.TryReplace("\"resourceVersion\":\""u8, text))
        {
            _text = new PackedText(Serialize(root));
        }
    }

    /// <summary>As the other, for a draft that was never a tree: what it differs in is its status.</summary>
    public void Number(long version)
    {
        Version = version;
        _text = _text.WithVersion(version);
    }

    /// <summary>The stored form of bytes that an earlier run stored.</summary>
    /// <exception cref="JsonException">They are not an object.</exception>
    public static StoredObject Load(ResourceKind kind, byte[] utf8, long version) =>
        new(kind, JsonNode.Parse(utf8) as JsonObject ?? throw new JsonException("It is not an object."), version, utf8, before: null);

    /// <summary>A fresh tree that the caller owns and may change.</summary>
    public JsonObject Parse() => JsonNode.Parse(Utf8)!.AsObject();

    /// <summary>Called when the object has not changed for a while: it takes a fraction of the memory from then on, and a little longer to read.</summary>
    public void Pack(TextModels models) => _text.Pack(models, Key);

    public static byte[] Serialize(JsonNode node) => Write(writer => node.WriteTo(writer), bytes => bytes.ToArray());

    /// <summary>An object that is written and parsed at once, so that it is kept as text until somebody looks into it.</summary>
    public static JsonObject Reread(Action<Utf8JsonWriter> write) => Write(write, bytes => JsonNode.Parse(bytes)!.AsObject());

    /// <summary>Writes into a buffer of the thread and hands it to the reader, who must keep nothing of it.</summary>
    public static T Write<T>(Action<Utf8JsonWriter> write, Func<ReadOnlySpan<byte>, T> read)
    {
        var buffer = s_buffer ??= new ArrayBufferWriter<byte>(16 * 1024);
        var writer = s_writer ??= new Utf8JsonWriter(buffer, s_writing);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        write(writer);
        writer.Flush();
        var result = read(buffer.WrittenSpan);
        if (buffer.Capacity > LargestBuffer)
        {
            (s_buffer, s_writer) = (null, null);
        }

        return result;
    }

    public override string ToString() => $"{Key}@{Version}";

    private static string[] OwnersOf(JsonObject metadata) => metadata["ownerReferences"] is JsonArray owners
        ? [.. owners.OfType<JsonObject>().Select(owner => SharedText.Of(owner.Text("uid") ?? ""))]
        : [];

    private sealed record Parsed(StoredObject Item, KubeObject View);
}
