using Portal.Core.Environments;
using Portal.Core.Plans;

namespace Portal.Web.Models;

/// <summary>A plan as the page shows it: grouped by component in the order of a request's way through the stack, filtered.</summary>
public sealed record PlanView(IReadOnlyList<PlanGroup> Groups, IReadOnlyList<(PlanAction Action, int Count)> Counts, int Shown, int Total)
{
    /// <summary>Something of the environment stays as it is: then what does not is worth showing at once.</summary>
    public bool IsUpdate => Counts.Any(count => count.Action == PlanAction.Keep);

    public static PlanView Of(Plan plan, string? filter)
    {
        var shown = plan.Entries.Where(entry => Matches(entry, filter?.Trim() ?? "")).ToList();
        return new(
            [.. shown.GroupBy(entry => entry.Component).OrderBy(group => group.Key).Select(group => new PlanGroup(group.Key, [.. group.OrderBy(entry => entry.Action == PlanAction.Keep)]))],
            [.. plan.Entries.CountBy(entry => entry.Action).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))],
            shown.Count,
            plan.Entries.Count);
    }

    private static bool Matches(PlanEntry entry, string filter) =>
        filter.Length == 0
        || Contains(entry.Kind, filter) || Contains(entry.Name, filter) || Contains(entry.Action.ToString(), filter)
        || entry.Changes.Any(change => Contains(change.Path, filter))
        || Contains(entry.Component.Title(), filter) || Contains(entry.Component.Slug(), filter);

    private static bool Contains(string text, string filter) => text.Contains(filter, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The planned objects of one component: those that something happens to before those that stay.</summary>
public sealed record PlanGroup(Component Component, IReadOnlyList<PlanEntry> Entries)
{
    public int Touched => Entries.Count(entry => entry.Action != PlanAction.Keep);
}
