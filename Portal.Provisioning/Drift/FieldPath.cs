using System.Globalization;
using System.Text;

namespace Portal.Provisioning.Drift;

/// <summary>Where a walk through an object is. Spelled only when there is something to say about the place.</summary>
internal sealed class FieldPath
{
    private readonly List<PathStep> _steps = [];

    public IReadOnlyList<PathStep> Steps => _steps;

    /// <summary>The field that the walk is in or at, whatever list items are below it.</summary>
    public string Field => _steps.FindLast(step => step.Field is not null).Field ?? "";

    /// <summary>The field one above the last step; empty at the top.</summary>
    public string Parent => _steps.Count > 1 ? _steps[^2].Field ?? "" : "";

    public void Push(PathStep step) => _steps.Add(step);

    public void Pop() => _steps.RemoveAt(_steps.Count - 1);

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var step in _steps)
        {
            if (step.Keys is { } keys)
            {
                // An item that leaves the second key to its default is told by the first.
                var told = keys.Where(key => step.Item![key] is not null).Select(key => $"{key}={step.Item![key]}");
                text.Append('[').AppendJoin(',', told).Append(']');
            }
            else if (step.Field is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
            }
            else if (step.Field.AsSpan().ContainsAny("./"))
            {
                text.Append('[').Append(step.Field).Append(']');
            }
            else
            {
                text.Append(text.Length > 0 ? "." : "").Append(step.Field);
            }
        }

        return text.ToString();
    }
}
