using Portal.Testing;

namespace Portal.Core.Tests.Persistence;

/// <summary>One migrated database for the tests of one class.</summary>
public abstract class DatabaseFixture(Func<Task<TestDatabase>> create) : IAsyncLifetime
{
    public TestDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Database = await create();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }
    }
}

public sealed class PostgresFixture() : DatabaseFixture(TestPostgres.CreateAsync);

public sealed class SqliteFixture() : DatabaseFixture(TestSqlite.CreateAsync);

/// <summary>Base of the suites that run on both databases: a domain with a team of its own for each test.</summary>
public abstract class DatabaseSuite(DatabaseFixture fixture) : IAsyncLifetime
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected TestCore Core { get; private set; } = null!;

    protected DatabaseFixture Fixture => fixture;

    public async ValueTask InitializeAsync() => Core = await TestCore.StartAsync(fixture.Database.Settings);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Core.DisposeAsync();
    }
}
