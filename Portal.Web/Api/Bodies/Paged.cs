using Portal.Core.Persistence;

namespace Portal.Web.Api.Bodies;

/// <summary>A slice of a list and the length of the whole.</summary>
public sealed record Paged<T>(IReadOnlyList<T> Items, int Total, int Skip, int Take);

/// <summary>A list that is never long enough to need pages.</summary>
public sealed record Listed<T>(IReadOnlyList<T> Items);

/// <summary>Makes the lists of the API of what queries answer.</summary>
internal static class Lists
{
    public static Paged<T> Page<TFrom, T>(Page<TFrom> page, PageRequest asked, Func<TFrom, T> convert) =>
        new(page.Items.Select(convert).ToList(), page.Total, asked.Skip, asked.Take);

    public static Listed<T> All<TFrom, T>(IEnumerable<TFrom> items, Func<TFrom, T> convert) => new(items.Select(convert).ToList());
}
