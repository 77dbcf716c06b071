using Portal.Core.Persistence;

namespace Portal.Testing;

/// <summary>A database of its own for one test class, gone when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly Func<Task> _remove;

    internal TestDatabase(DatabaseSettings settings, Func<Task> remove)
    {
        Settings = settings;
        _remove = remove;
    }

    public DatabaseSettings Settings { get; }

    public async ValueTask DisposeAsync() => await _remove();
}
