using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Portal.Provisioning.Sandbox;

/// <summary>Stands before the server's connections, so that the whole cluster can be away: open ones break, new ones are closed at once.</summary>
internal sealed class ConnectionGate
{
    private readonly ConcurrentDictionary<ConnectionContext, bool> _open = new();
    private int _reasons;

    /// <summary>Closes the gate until the result is disposed.</summary>
    public IDisposable Close()
    {
        Interlocked.Increment(ref _reasons);
        foreach (var connection in _open.Keys)
        {
            Break(connection);
        }

        return new Removal(() => Interlocked.Decrement(ref _reasons));
    }

    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        _open[connection] = true;
        try
        {
            // Looked at after it is in the list: a gate that closes in between finds it there.
            if (Volatile.Read(ref _reasons) > 0)
            {
                Break(connection);
                return;
            }

            await next(connection);
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    };

    private static void Break(ConnectionContext connection) => connection.Abort(new ConnectionAbortedException("The sandbox cluster is away."));
}
