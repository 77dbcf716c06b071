using System.Text;
using YamlDotNet.RepresentationModel;

namespace Portal.Provisioning.Kubernetes;

/// <summary>One mapping of a kubeconfig file, read by key; complaints name the file.</summary>
internal sealed class KubeconfigNode(string path, YamlMappingNode yaml)
{
    /// <summary>Paths in the file are relative to it.</summary>
    public string Folder { get; } = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    public string? Text(string key) => (Find(yaml, key) as YamlScalarNode)?.Value;

    public KubeconfigNode? Child(string key) => Find(yaml, key) is YamlMappingNode child ? new(path, child) : null;

    public bool Has(string key) => Find(yaml, key) is not null;

    public IEnumerable<KubeconfigNode> Children(string key) =>
        (Find(yaml, key) as YamlSequenceNode)?.OfType<YamlMappingNode>().Select(child => new KubeconfigNode(path, child)) ?? [];

    public IReadOnlyList<string> Texts(string key) =>
        (Find(yaml, key) as YamlSequenceNode)?.OfType<YamlScalarNode>().Select(text => text.Value ?? "").ToList() ?? [];

    /// <summary>The entry of a list of named things, such as a context.</summary>
    public KubeconfigNode Named(string list, string inner, string name)
    {
        var entry = Children(list).FirstOrDefault(each => each.Text("name") == name) ?? throw Broken($"it has no {inner} \"{name}\" under {list}");
        return entry.Child(inner) ?? throw Broken($"{inner} \"{name}\" is empty");
    }

    /// <summary>PEM text that stands in the file as base64, or in a file of its own.</summary>
    public string? PemText(string key)
    {
        if (Text(key + "-data") is { Length: > 0 } data)
        {
            try
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException e)
            {
                throw Broken($"{key}-data is not base64", e);
            }
        }

        if (Text(key) is not { Length: > 0 } file)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(Path.Combine(Folder, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken($"{key} {file} cannot be read: {OneLine(e.Message)}", e);
        }
    }

    public KubeconfigException Broken(string what, Exception? inner = null) => new($"The kubeconfig {path} cannot be used: {what}.", inner);

    public static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private static YamlNode? Find(YamlMappingNode node, string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
}
