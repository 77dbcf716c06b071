using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Portal.Provisioning.Blueprint.Texts;

/// <summary>Reads YAML of our own into JSON, for objects that hold as fields what others read from a file.</summary>
/// <remarks>Every scalar becomes a text: what is taken over from such files is.</remarks>
internal static class YamlTree
{
    public static JsonNode Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return Convert(stream.Documents[0].RootNode);
    }

    private static JsonNode Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, (JsonNode?)Convert(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value ?? ""),
        _ => throw new NotSupportedException($"YAML node {node.NodeType} at line {node.Start.Line}."),
    };
}
