using AngleSharp.Dom;

namespace AngleSharp.Diffing.Extensions;

/// <summary>The one helper of AngleSharp.Diffing that bUnit calls when it dispatches a bubbling event.</summary>
public static class ElementExtensions
{
    public static IEnumerable<INode> GetParents(this INode node)
    {
        for (var parent = node.Parent; parent is not null; parent = parent.Parent)
        {
            yield return parent;
        }
    }
}
