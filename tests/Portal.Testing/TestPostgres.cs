using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core;
using Portal.Core.Persistence;

namespace Portal.Testing;

/// <summary>Databases on a real PostgreSQL that this test process starts once, at the first call.</summary>
public static class TestPostgres
{
    private const string Template = "portal_template";

    private static readonly Lazy<Task<PostgresServer>> s_server = new(PostgresServer.StartAsync);
    private static readonly Lazy<Task> s_template = new(MakeTemplateAsync);
    private static readonly SemaphoreSlim s_oneAtATime = new(1);
    private static int s_count;

    /// <summary>A database with the newest migration, cloned from a template: cheap enough for every test class.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        await s_template.Value;
        return await CreateAsync($"TEMPLATE {Template}");
    }

    /// <summary>A database without any table, for tests of the migrations themselves.</summary>
    public static Task<TestDatabase> CreateEmptyAsync() => CreateAsync("");

    private static async Task<TestDatabase> CreateAsync(string clause)
    {
        var server = await s_server.Value;
        var name = $"portal_{Interlocked.Increment(ref s_count)}";
        await s_oneAtATime.WaitAsync();
        try
        {
            await server.ExecuteAsync($"CREATE DATABASE {name} {clause}");
        }
        finally
        {
            s_oneAtATime.Release();
        }

        var settings = DatabaseSettings.Postgres(server.ConnectionString(name));
        return new TestDatabase(settings, async () =>
        {
            await ClearPoolAsync(settings);
            await server.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
        });
    }

    private static async Task MakeTemplateAsync()
    {
        var server = await s_server.Value;
        await server.ExecuteAsync($"CREATE DATABASE {Template}");
        var settings = DatabaseSettings.Postgres(server.ConnectionString(Template));
        await using var services = new ServiceCollection().AddPortalCore(settings).BuildServiceProvider();
        await services.GetRequiredService<PortalSessions>().MigrateAsync(CancellationToken.None);

        // A template is cloned only while nobody is connected to it.
        await ClearPoolAsync(settings);
    }

    private static async Task ClearPoolAsync(DatabaseSettings settings)
    {
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        NpgsqlConnection.ClearPool(connection);
    }
}
