using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Testing;

namespace Portal.Core.Tests.Persistence;

public sealed class MigrationTests
{
    [Fact]
    public async Task Model_OnPostgres_IsWhatTheMigrationsMake()
    {
        await using var context = new PostgresPortalDbContext(new DbContextOptionsBuilder<PostgresPortalDbContext>().UseNpgsql("Host=nowhere").Options);

        Assert.False(context.Database.HasPendingModelChanges(), "Add a migration for PostgreSQL: the model changed.");
    }

    [Fact]
    public async Task Model_OnSqlite_IsWhatTheMigrationsMake()
    {
        await using var context = new SqlitePortalDbContext(new DbContextOptionsBuilder<SqlitePortalDbContext>().UseSqlite("Data Source=:memory:").Options);

        Assert.False(context.Database.HasPendingModelChanges(), "Add a migration for SQLite: the model changed.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Migrate_EmptyDatabaseAndTwice_LeavesAUsableOne(bool postgres)
    {
        await using var database = await (postgres ? TestPostgres.CreateEmptyAsync() : TestSqlite.CreateEmptyAsync());
        await using var services = new ServiceCollection().AddPortalCore(database.Settings).BuildServiceProvider();
        var sessions = services.GetRequiredService<PortalSessions>();

        await sessions.MigrateAsync(TestContext.Current.CancellationToken);
        await sessions.MigrateAsync(TestContext.Current.CancellationToken);

        Assert.True(await sessions.IsReachableAsync(TestContext.Current.CancellationToken));
        await using var core = await TestCore.StartAsync(database.Settings);
        Assert.True((await core.RequestAsync()).Id.Value > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Migrate_TwoReplicasAtOnce_BothSucceed(bool postgres)
    {
        await using var database = await (postgres ? TestPostgres.CreateEmptyAsync() : TestSqlite.CreateEmptyAsync());

        await Task.WhenAll(MigrateAsync(), MigrateAsync(), MigrateAsync());

        await using var core = await TestCore.StartAsync(database.Settings);
        Assert.NotNull(await core.RequestAsync());

        async Task MigrateAsync()
        {
            await using var services = new ServiceCollection().AddPortalCore(database.Settings).BuildServiceProvider();
            await services.GetRequiredService<PortalSessions>().MigrateAsync(TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Migrate_DatabaseOfTheFirstVersion_KeepsWhatRunsAsItsFirstKnownGeneration(bool postgres)
    {
        await using var database = await (postgres ? TestPostgres.CreateEmptyAsync() : TestSqlite.CreateEmptyAsync());
        var id = new EnvironmentId(Guid.Parse("01990000-0000-7000-8000-00000000000A"));
        await using (PortalDbContext context = postgres
            ? new PostgresPortalDbContext(new DbContextOptionsBuilder<PostgresPortalDbContext>().UseNpgsql(database.Settings.ConnectionString).Options)
            : new SqlitePortalDbContext(new DbContextOptionsBuilder<SqlitePortalDbContext>().UseSqlite(database.Settings.ConnectionString).Options))
        {
            await context.GetService<IMigrator>().MigrateAsync("Initial", TestContext.Current.CancellationToken);
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "environments" ("Id", "Team", "Name", "Cluster", "Namespace", "Spec", "Generation", "CreatedBy", "CreatedAt", "Version",
                    "Status_Components", "Status_Health", "Status_Message", "Status_ObservedGeneration", "Status_Phase")
                VALUES ({id.Value}, 'payments', 'shop', 'sandbox', 'payments-shop', {FirstVersion()}, 4, 'dewi', {new DateTime(2026, 11, 23, 0, 0, 0, DateTimeKind.Utc)}, 9,
                    '[]', 'Healthy', 'Everything is healthy.', 4, 'Ready')
                """, TestContext.Current.CancellationToken);
        }

        await using var services = new ServiceCollection().AddPortalCore(database.Settings).BuildServiceProvider();
        var sessions = services.GetRequiredService<PortalSessions>();
        await sessions.MigrateAsync(TestContext.Current.CancellationToken);

        await using var session = sessions.Open();
        var record = Assert.Single(await session.ListGenerationsAsync(id, TestContext.Current.CancellationToken));
        Assert.Equal((4L, "dewi", RolloutSpec.Default), (record.Number, record.MadeBy, record.Spec.Rollout));
        foreach (var host in new[] { ASpec.Small().HostName, "old.example" })
        {
            Assert.Equal(id, (await session.FindHostAsync("sandbox", host, except: null, onlyApproved: true, TestContext.Current.CancellationToken))?.Id);
        }

        var environment = (await session.FindEnvironmentAsync(id, TestContext.Current.CancellationToken))!;
        Assert.Equal((DataDisposition.Delete, 0, 0), (environment.DataOnDeletion, environment.Ownership.Count, environment.Status.Conflicts.Count));
    }

    /// <summary>A spec as the first version of the portal stored it.</summary>
    private static string FirstVersion()
    {
        var document = SpecJson.ToObject(ASpec.Small());
        document.Remove("rollout");
        document.Insert(0, "version", 1);
        document["edge"]!["otherHostNames"] = new JsonArray("old.example");
        return document.ToJsonString();
    }
}
