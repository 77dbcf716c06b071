using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Audit;
using Portal.Core.Teams;

namespace Portal.Core.Persistence.Mappings;

internal sealed class TeamMapping : IEntityTypeConfiguration<Team>
{
    public void Configure(EntityTypeBuilder<Team> builder)
    {
        builder.ToTable("teams");
        builder.HasKey(team => team.Slug);
        builder.Property(team => team.Slug).HasMaxLength(20);
        builder.Property(team => team.Name).HasMaxLength(100);
    }
}

internal sealed class UserMapping : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users");
        builder.HasKey(user => user.Id);
        builder.Property(user => user.Id).HasMaxLength(200);
        builder.Property(user => user.DisplayName).HasMaxLength(200);
    }
}

internal sealed class MembershipMapping : IEntityTypeConfiguration<Membership>
{
    public void Configure(EntityTypeBuilder<Membership> builder)
    {
        builder.ToTable("memberships");
        builder.HasKey(membership => new { membership.TeamSlug, membership.UserId });
        builder.Property(membership => membership.TeamSlug).HasMaxLength(20);
        builder.Property(membership => membership.UserId).HasMaxLength(200);
        builder.HasIndex(membership => membership.UserId);
    }
}

internal sealed class AuditMapping : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit");
        builder.HasKey(entry => entry.Id);
        builder.Property(entry => entry.Id).ValueGeneratedOnAdd();
        builder.Property(entry => entry.ActorId).HasMaxLength(200);
        builder.Property(entry => entry.ActorName).HasMaxLength(200);
        builder.Property(entry => entry.Verb).HasMaxLength(64);
        builder.Property(entry => entry.Subject).HasMaxLength(200);
        builder.Property(entry => entry.Team).HasMaxLength(20);
        builder.HasIndex(entry => entry.Subject);
    }
}

internal sealed class DataProtectionKeyMapping : IEntityTypeConfiguration<DataProtectionKeyRow>
{
    public void Configure(EntityTypeBuilder<DataProtectionKeyRow> builder)
    {
        builder.ToTable("data_protection_keys");
        builder.HasKey(row => row.Id);
    }
}
