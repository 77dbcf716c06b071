using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Rollouts;

namespace Portal.Core.Persistence.Mappings;

internal sealed class RolloutMapping : IEntityTypeConfiguration<Rollout>
{
    public void Configure(EntityTypeBuilder<Rollout> builder)
    {
        builder.ToTable("rollouts");
        builder.HasKey(rollout => rollout.Id);
        builder.Property(rollout => rollout.Id).ValueGeneratedOnAdd();
        builder.Property(rollout => rollout.Changes).HasConversion(new JsonConverter<ChangeCount>());
        builder.Property(rollout => rollout.Steps)
            .HasConversion(new JsonConverter<IReadOnlyList<RolloutStep>>(), new ReferenceComparer<IReadOnlyList<RolloutStep>>());
        builder.Property(rollout => rollout.Message).HasMaxLength(Rollout.MaxMessageLength);
        builder.Property(rollout => rollout.Removal).HasConversion<JsonConverter<RemovalReport>, ReferenceComparer<RemovalReport>>();
        builder.HasIndex(rollout => rollout.EnvironmentId);
    }
}

internal sealed class InventoryMapping : IEntityTypeConfiguration<InventoryRow>
{
    public void Configure(EntityTypeBuilder<InventoryRow> builder)
    {
        builder.ToTable("inventories");
        builder.HasKey(row => row.EnvironmentId);
        builder.Property(row => row.EnvironmentId).ValueGeneratedNever();
        builder.Property(row => row.Entries)
            .HasConversion(new JsonConverter<IReadOnlyList<InventoryEntry>>(), new ReferenceComparer<IReadOnlyList<InventoryEntry>>());
    }
}

internal sealed class LeaseMapping : IEntityTypeConfiguration<LeaseRow>
{
    public void Configure(EntityTypeBuilder<LeaseRow> builder)
    {
        builder.ToTable("leases");
        builder.HasKey(row => row.EnvironmentId);
        builder.Property(row => row.EnvironmentId).ValueGeneratedNever();
        builder.Property(row => row.Holder).HasMaxLength(200);
    }
}
