using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Requests;
using Portal.Core.Rollouts;
using Portal.Core.Teams;

namespace Portal.Core.Persistence;

/// <summary>One model for both databases. Nothing outside this folder sees Entity Framework.</summary>
public abstract class PortalDbContext(DbContextOptions options) : DbContext(options)
{
    internal DbSet<Team> Teams => Set<Team>();

    internal DbSet<User> Users => Set<User>();

    internal DbSet<Membership> Memberships => Set<Membership>();

    internal DbSet<AppEnvironment> Environments => Set<AppEnvironment>();

    internal DbSet<EnvironmentRequest> Requests => Set<EnvironmentRequest>();

    internal DbSet<GenerationRecord> Generations => Set<GenerationRecord>();

    internal DbSet<Rollout> Rollouts => Set<Rollout>();

    internal DbSet<InventoryRow> Inventories => Set<InventoryRow>();

    internal DbSet<HostNameRow> HostNames => Set<HostNameRow>();

    internal DbSet<LeaseRow> Leases => Set<LeaseRow>();

    internal DbSet<AuditEntry> Audit => Set<AuditEntry>();

    internal DbSet<DataProtectionKeyRow> DataProtectionKeys => Set<DataProtectionKeyRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
        configurationBuilder.Properties<EnvironmentId>().HaveConversion<EnvironmentIdConverter>();
        configurationBuilder.Properties<RequestId>().HaveConversion<RequestIdConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32);
    }
}

/// <summary>The model on PostgreSQL, with its own migrations.</summary>
public sealed class PostgresPortalDbContext(DbContextOptions<PostgresPortalDbContext> options) : PortalDbContext(options);

/// <summary>The model on SQLite, the embedded default, with its own migrations.</summary>
public sealed class SqlitePortalDbContext(DbContextOptions<SqlitePortalDbContext> options) : PortalDbContext(options);
