namespace Portal.Provisioning.Sandbox;

/// <summary>A parsed field selector over the fields that the sandbox supports; another field is refused as on a real server.</summary>
internal sealed class FieldSelector
{
    private readonly IReadOnlyList<(string[] Path, string Value, bool Equal)> _terms;

    private FieldSelector(IReadOnlyList<(string[] Path, string Value, bool Equal)> terms) => _terms = terms;

    public static FieldSelector Parse(ResourceKind kind, string? text)
    {
        var terms = new List<(string[] Path, string Value, bool Equal)>();
        foreach (var term in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var unequal = term.IndexOf("!=", StringComparison.Ordinal);
            var equal = term.IndexOf('=', StringComparison.Ordinal);
            if (equal <= 0)
            {
                throw ApiFault.BadRequest($"invalid field selector: \"{term}\"");
            }

            var field = (unequal > 0 ? term[..unequal] : term[..equal]).Trim();
            var value = unequal > 0 ? term[(unequal + 2)..] : term[(equal + 1)..].TrimStart('=');
            if (!Supports(kind, field))
            {
                throw ApiFault.BadRequest($"field label not supported: {field}");
            }

            terms.Add((field.Split('.'), value.Trim(), unequal < 0));
        }

        return new FieldSelector(terms);
    }

    public bool Matches(StoredObject item)
    {
        if (_terms.Count == 0)
        {
            return true;
        }

        System.Text.Json.Nodes.JsonObject? root = null;
        foreach (var (path, value, equal) in _terms)
        {
            var actual = path switch
            {
                ["metadata", "name"] => item.Name,
                ["metadata", "namespace"] => item.Namespace,
                _ => (root ??= item.Parse()).Map(path.AsSpan(..^1))?[path[^1]] switch
                {
                    null => "",
                    var node => node.AsText() ?? node.ToString(),
                },
            };
            if (actual == value != equal)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Supports(ResourceKind kind, string field) => field switch
    {
        "metadata.name" => true,
        "metadata.namespace" => kind.Namespaced,
        "spec.nodeName" or "status.phase" or "spec.restartPolicy" or "spec.schedulerName" or "spec.serviceAccountName" or "status.podIP" => kind == Kinds.Pod || (kind == Kinds.Namespace && field == "status.phase"),
        "status.successful" => kind == Kinds.Job,
        "status.replicas" => kind == Kinds.ReplicaSet,
        "spec.unschedulable" => kind == Kinds.Node,
        "type" => kind == Kinds.Secret || kind == Kinds.Event,
        "reason" or "source" or "reportingComponent" => kind == Kinds.Event,
        _ => kind == Kinds.Event && field.StartsWith("involvedObject.", StringComparison.Ordinal),
    };
}
