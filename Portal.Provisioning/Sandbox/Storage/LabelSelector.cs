using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Sandbox;

/// <summary>A parsed label selector, from a query string or from a LabelSelector object.</summary>
internal sealed class LabelSelector
{
    public static readonly LabelSelector Everything = new([]);

    private readonly Requirement[] _requirements;

    private LabelSelector(Requirement[] requirements) => _requirements = requirements;

    private enum Test
    {
        In,
        NotIn,
        Exists,
        Absent,
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in _requirements)
        {
            var found = labels.TryGetValue(requirement.Key, out var value);
            var holds = requirement.Test switch
            {
                Test.In => found && Array.IndexOf(requirement.Values, value) >= 0,
                Test.NotIn => !found || Array.IndexOf(requirement.Values, value) < 0,
                Test.Exists => found,
                _ => !found,
            };
            if (!holds)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads <c>a=b,c!=d,e in (x,y),f notin (z),g,!h</c>.</summary>
    public static LabelSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        return new LabelSelector([.. Split(text).Select(ParseTerm)]);
    }

    /// <summary>Reads a LabelSelector object; null selects nothing, an empty one everything.</summary>
    public static LabelSelector? FromObject(JsonObject? selector)
    {
        if (selector is null)
        {
            return null;
        }

        var exact = FromMap(selector["matchLabels"] as JsonObject)._requirements;
        var expressions = selector.Items("matchExpressions").Select(term => new Requirement(
            term.Text("key") ?? "",
            term.Text("operator") switch
            {
                "In" => Test.In,
                "NotIn" => Test.NotIn,
                "Exists" => Test.Exists,
                _ => Test.Absent,
            },
            [.. term.Texts("values")]));
        return new LabelSelector([.. exact, .. expressions]);
    }

    /// <summary>Reads a plain map of labels, as Services use.</summary>
    public static LabelSelector FromMap(JsonObject? labels) =>
        new([.. (labels ?? []).Select(label => new Requirement(SharedText.Of(label.Key), Test.In, [SharedText.Of(label.Value.AsText() ?? "")]))]);

    private static Requirement ParseTerm(string term)
    {
        if (term.StartsWith('!'))
        {
            return new Requirement(term[1..].Trim(), Test.Absent, []);
        }

        var open = term.IndexOf('(', StringComparison.Ordinal);
        if (open > 0 && term.EndsWith(')'))
        {
            var head = term[..open].Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (head is [var key, "in" or "notin"])
            {
                var values = term[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
                return new Requirement(key, head[1] == "in" ? Test.In : Test.NotIn, [.. values]);
            }
        }
        else if (term.IndexOf("!=", StringComparison.Ordinal) is var unequal and > 0)
        {
            return new Requirement(term[..unequal].Trim(), Test.NotIn, [term[(unequal + 2)..].Trim()]);
        }
        else if (term.IndexOf('=', StringComparison.Ordinal) is var equal and > 0)
        {
            return new Requirement(term[..equal].Trim(), Test.In, [term[(equal + 1)..].TrimStart('=').Trim()]);
        }
        else if (!term.Contains(' ', StringComparison.Ordinal))
        {
            return new Requirement(term, Test.Exists, []);
        }

        throw ApiFault.BadRequest($"unable to parse requirement: \"{term}\" is not a label requirement");
    }

    private static IEnumerable<string> Split(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
            else
            {
                depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            }
        }
    }

    // Values are few, and selectors are kept with their objects: a list that is searched.
    private sealed record Requirement(string Key, Test Test, string[] Values);
}
