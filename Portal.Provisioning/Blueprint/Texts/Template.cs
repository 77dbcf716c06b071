using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Provisioning.Blueprint.Texts;

/// <summary>A configuration file that lies beside its layer, with placeholders written <c>@NAME@</c>.</summary>
/// <remarks>Strict both ways: a placeholder without a value and a value without a placeholder throw.</remarks>
internal sealed partial class Template
{
    private static readonly ConcurrentDictionary<string, Template> s_read = new(StringComparer.Ordinal);

    private readonly string _path;
    private readonly string[] _parts;

    /// <param name="path">Only for messages.</param>
    internal Template(string path, string text)
    {
        _path = path;
        // The pattern captures, so texts stand at even places and names at odd ones.
        _parts = Placeholder().Split(text);
    }

    /// <summary>Fills the file at a path below the Blueprint folder, for example <c>Edge/nginx.conf</c>.</summary>
    public static string Fill(string path, params ReadOnlySpan<(string Name, string Value)> values) =>
        s_read.GetOrAdd(path, static path => new Template(path, Embedded.Read(path))).Fill(values);

    internal string Fill(params ReadOnlySpan<(string Name, string Value)> values)
    {
        var filled = new StringBuilder();
        Span<bool> used = stackalloc bool[values.Length];
        for (var i = 0; i < _parts.Length; i++)
        {
            filled.Append(i % 2 == 0 ? _parts[i] : Value(_parts[i], values, used));
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (!used[i])
            {
                throw new InvalidOperationException($"{_path} has no placeholder @{values[i].Name}@.");
            }
        }

        return filled.ToString();
    }

    private string Value(string name, ReadOnlySpan<(string Name, string Value)> values, Span<bool> used)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Name == name)
            {
                used[i] = true;
                return values[i].Value;
            }
        }

        throw new InvalidOperationException($"{_path}: no value for the placeholder @{name}@.");
    }

    [GeneratedRegex("@([A-Z][A-Z0-9_]*)@")]
    private static partial Regex Placeholder();
}
