using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Portal.Provisioning.Sandbox;

/// <summary>Stands before the server's connections, and the calls from this process, so that the whole cluster can be away: open ones break, new ones are refused.</summary>
internal sealed class ConnectionGate
{
    private readonly ConcurrentDictionary<object, Action> _open = new();
    private int _reasons;

    /// <summary>How many are in.</summary>
    public int Count => _open.Count;

    /// <summary>Closes the gate until the result is disposed.</summary>
    public IDisposable Close()
    {
        Interlocked.Increment(ref _reasons);
        foreach (var broken in _open.Values)
        {
            broken();
        }

        return new Removal(() => Interlocked.Decrement(ref _reasons));
    }

    /// <summary>Lets one in until it leaves; false when the gate is closed.</summary>
    /// <param name="broken">Called when the gate closes meanwhile, on any thread, perhaps more than once.</param>
    public bool TryEnter(object who, Action broken)
    {
        _open[who] = broken;

        // Looked at after it is in the list: a gate that closes in between finds it there.
        if (Volatile.Read(ref _reasons) == 0)
        {
            return true;
        }

        Leave(who);
        return false;
    }

    public void Leave(object who) => _open.TryRemove(who, out _);

    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        void Break() => connection.Abort(new ConnectionAbortedException("The sandbox cluster is away."));
        if (!TryEnter(connection, Break))
        {
            Break();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(connection);
        }
    };
}
