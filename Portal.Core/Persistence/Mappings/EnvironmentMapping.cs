using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Environments;

namespace Portal.Core.Persistence.Mappings;

internal sealed class EnvironmentMapping : IEntityTypeConfiguration<AppEnvironment>
{
    public void Configure(EntityTypeBuilder<AppEnvironment> builder)
    {
        builder.ToTable("environments");
        builder.HasKey(environment => environment.Id);
        builder.Property(environment => environment.Id).ValueGeneratedNever();
        builder.Property(environment => environment.Team).HasMaxLength(20);
        builder.Property(environment => environment.Name).HasMaxLength(EnvironmentName.MaxLength);
        builder.Property(environment => environment.Cluster).HasMaxLength(63);
        builder.Property(environment => environment.Namespace).HasMaxLength(63);
        builder.Property(environment => environment.CreatedBy).HasMaxLength(200);
        builder.Property(environment => environment.Spec).HasConversion(new SpecConverter(), new ReferenceComparer<Environments.Specs.EnvironmentSpec>());
        builder.Property(environment => environment.Version).IsConcurrencyToken();
        builder.Ignore(environment => environment.IsDeleted);
        builder.Ignore(environment => environment.IsDeleting);
        builder.Property(environment => environment.Ownership)
            .HasConversion(new JsonConverter<IReadOnlyList<OwnershipDecision>>(), new ReferenceComparer<IReadOnlyList<OwnershipDecision>>());
        builder.ComplexProperty(environment => environment.Status, status =>
        {
            status.Property(value => value.Phase);
            status.Property(value => value.Health);
            status.Property(value => value.Message).HasMaxLength(EnvironmentStatus.MaxMessageLength);
            status.Property(value => value.ObservedGeneration);
            status.Property(value => value.Components)
                .HasConversion(new JsonConverter<IReadOnlyList<ComponentStatus>>(), new ReferenceComparer<IReadOnlyList<ComponentStatus>>());
            status.Property(value => value.Conflicts)
                .HasConversion(new JsonConverter<IReadOnlyList<OwnershipConflict>>(), new ReferenceComparer<IReadOnlyList<OwnershipConflict>>());
        });

        // A name is free again once what had it is deleted; the namespace must be free on its cluster too.
        const string Alive = "\"Status_Phase\" <> 'Deleted'";
        builder.HasIndex(environment => new { environment.Cluster, environment.Namespace }).IsUnique().HasFilter(Alive);
        builder.HasIndex(environment => new { environment.Team, environment.Name }).IsUnique().HasFilter(Alive);
    }
}

internal sealed class GenerationMapping : IEntityTypeConfiguration<GenerationRecord>
{
    public void Configure(EntityTypeBuilder<GenerationRecord> builder)
    {
        builder.ToTable("generations");
        builder.HasKey(record => new { record.EnvironmentId, record.Number });
        builder.Property(record => record.Number).ValueGeneratedNever();
        builder.Property(record => record.Spec).HasConversion(new SpecConverter(), new ReferenceComparer<Environments.Specs.EnvironmentSpec>());
        builder.Property(record => record.MadeBy).HasMaxLength(200);
    }
}

internal sealed class HostNameMapping : IEntityTypeConfiguration<HostNameRow>
{
    public void Configure(EntityTypeBuilder<HostNameRow> builder)
    {
        builder.ToTable("host_names");
        builder.HasKey(row => new { row.EnvironmentId, row.Host });
        builder.Property(row => row.Cluster).HasMaxLength(63);
        builder.Property(row => row.Host).HasMaxLength(253);
        builder.HasIndex(row => new { row.Cluster, row.Host });
        builder.HasIndex(row => new { row.Cluster, row.Host }, "IX_host_names_approved").IsUnique().HasFilter("\"Approved\"");
    }
}
