using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.Provisioning.Sandbox;

/// <summary>Refuses objects that the real server refuses: names, required fields, and the rules of the kinds we use. All causes at once.</summary>
internal static partial class Validator
{
    private static readonly string[] s_subdomainNames = ["rbac.authorization.k8s.io"];

    public static void Check(ResourceKind kind, JsonObject root)
    {
        var causes = new List<FieldCause>();
        var metadata = root.Section("metadata");
        var name = metadata.Text("name") ?? "";
        Name(kind, name, causes);
        Labels(metadata["labels"] as JsonObject, "metadata.labels", causes);
        foreach (var (key, _) in metadata["annotations"] as JsonObject ?? [])
        {
            Key(key.ToLowerInvariant(), "metadata.annotations", causes);
        }

        Required(kind.Schema, root, new FieldPath(), causes);
        if (causes.Count == 0)
        {
            KindRules.Check(kind, root, causes);
        }

        if (causes.Count > 0)
        {
            throw ApiFault.Invalid(kind, name, causes);
        }
    }

    public static void Labels(JsonObject? labels, string path, List<FieldCause> causes)
    {
        foreach (var (key, value) in labels ?? [])
        {
            Key(key, path, causes);
            var text = value.AsText() ?? "";
            if (text.Length > 63 || (text.Length > 0 && !QualifiedName().IsMatch(text)))
            {
                causes.Add(FieldCause.Invalid(path, text, "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character, at most 63 characters"));
            }
        }
    }

    private static void Key(string key, string path, List<FieldCause> causes)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        if (key.Length - slash - 1 > 63 || !QualifiedName().IsMatch(key.AsSpan(slash + 1)) || (slash >= 0 && !Subdomain().IsMatch(key.AsSpan(0, slash))))
        {
            causes.Add(FieldCause.Invalid(path, key, "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"));
        }
    }

    private static void Name(ResourceKind kind, string name, List<FieldCause> causes)
    {
        if (name.Length == 0)
        {
            causes.Add(FieldCause.Required("metadata.name", "name or generateName is required"));
        }
        else if (s_subdomainNames.Contains(kind.Group))
        {
            if (name is "." or ".." || name.AsSpan().ContainsAny('/', '%'))
            {
                causes.Add(FieldCause.Invalid("metadata.name", name, "may not contain '/' or '%'"));
            }
        }
        else if (kind == Kinds.Namespace || kind == Kinds.Service)
        {
            if (name.Length > 63 || !Label().IsMatch(name))
            {
                causes.Add(FieldCause.Invalid("metadata.name", name, "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character, at most 63 characters"));
            }
        }
        else if (name.Length > (kind == Kinds.CronJob ? 52 : 253) || !Subdomain().IsMatch(name))
        {
            causes.Add(FieldCause.Invalid("metadata.name", name, "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"));
        }
    }

    // "Required" in the schema means the field must be there; the pieces a status lacks are the sandbox's own business.
    private static void Required(SchemaNode node, JsonObject map, FieldPath path, List<FieldCause> causes)
    {
        foreach (var field in node.Type!.Required)
        {
            if (map[field] is null)
            {
                path.Enter(field);
                causes.Add(FieldCause.Required(path.ToString()));
                path.Leave();
            }
        }

        for (var at = 0; at < map.Count; at++)
        {
            var (field, value) = map.GetAt(at);
            if ((path.Depth == 0 && field == "status") || value is null)
            {
                continue;
            }

            var child = node.Child(field);
            path.Enter(field);
            if (value is JsonObject inner && child.Type is not null)
            {
                Required(child, inner, path, causes);
            }
            else if (value is JsonArray list && child.Item?.Type is not null)
            {
                for (var i = 0; i < list.Count; i++)
                {
                    if (list[i] is JsonObject item)
                    {
                        path.Enter(i);
                        Required(child.Item, item, path, causes);
                        path.Leave();
                    }
                }
            }

            path.Leave();
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    public static partial Regex Label();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Subdomain();

    [GeneratedRegex("^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$")]
    private static partial Regex QualifiedName();
}
