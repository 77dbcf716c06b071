using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Turns changes into the events that one watcher sees: a change of labels can make an object appear or vanish for its selector.</summary>
internal sealed class WatchView(TimeProvider time, bool asTable, Func<StoredObject, bool> matches)
{
    private bool _columnsSent;

    public (string Type, byte[] Body)? Initial(StoredObject item) => matches(item) ? ("ADDED", Body(item)) : null;

    public (string Type, byte[] Body)? Event(Change change)
    {
        var before = change.Before is not null && matches(change.Before);
        var now = !change.Removed && matches(change.Now);
        return (before, now) switch
        {
            (true, true) => ("MODIFIED", Body(change.Now)),
            (false, true) => ("ADDED", Body(change.Now)),
            (true, false) => ("DELETED", Body(change.Removed ? change.Now : LastSeen(change))),
            _ => null,
        };
    }

    // The watcher gets the state it knew, at the version in which the object left its view.
    private static StoredObject LastSeen(Change change) => StoredObject.Make(change.Key.Kind, change.Before!.Parse(), change.Version);

    private byte[] Body(StoredObject item)
    {
        if (!asTable)
        {
            return item.Utf8;
        }

        var table = Tables.Of(item.Kind, [item], item.Version, time.GetUtcNow(), withColumns: !_columnsSent);
        _columnsSent = true;
        return StoredObject.Serialize(table);
    }
}
