using Portal.Provisioning.Watching;

namespace Portal.Web.Models;

/// <summary>What was said about one object, newest first.</summary>
public sealed record EventGroup(string Object, IReadOnlyList<EventRow> Events);

/// <summary>Events grouped by the object that they are about; the object that was spoken of last comes first.</summary>
public static class EventGroups
{
    private const int MostGroups = 100;

    public static IReadOnlyList<EventGroup> Of(IReadOnlyList<EventRow> events) =>
        [.. events
            .GroupBy(said => said.Object)
            .Select(group => new EventGroup(group.Key, [.. group.OrderByDescending(said => said.Time).ThenByDescending(said => said.Version)]))
            .OrderByDescending(group => group.Events[0].Time)
            .ThenBy(group => group.Object, StringComparer.Ordinal)
            .Take(MostGroups)];
}
