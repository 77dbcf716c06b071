using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Environments.Specs;
using Portal.Core.Plans;
using Portal.Core.Requests;

namespace Portal.Core.Persistence.Mappings;

internal sealed class RequestMapping : IEntityTypeConfiguration<EnvironmentRequest>
{
    public void Configure(EntityTypeBuilder<EnvironmentRequest> builder)
    {
        builder.ToTable("requests");
        builder.HasKey(request => request.Id);

        // Said outright because SQLite's convention leaves converted keys out; a number that people quoted is never given again.
        builder.Property(request => request.Id).ValueGeneratedOnAdd().UseAutoincrement();
        builder.Property(request => request.Team).HasMaxLength(20);
        builder.Property(request => request.EnvironmentName).HasMaxLength(Environments.EnvironmentName.MaxLength);
        builder.Property(request => request.Spec).HasConversion<SpecConverter, ReferenceComparer<EnvironmentSpec>>();
        builder.Property(request => request.Plan).HasConversion(new JsonConverter<Plan>(), new ReferenceComparer<Plan>());
        builder.Property(request => request.ContentHash).HasMaxLength(64);
        builder.Property(request => request.SubmittedBy).HasMaxLength(200);
        builder.Property(request => request.SubmittedByName).HasMaxLength(200);
        builder.Property(request => request.Reason).HasMaxLength(2000);
        builder.Property(request => request.PolicySentence).HasMaxLength(500);
        builder.Property(request => request.Version).IsConcurrencyToken();
        builder.HasIndex(request => new { request.State, request.SubmittedAt });
        builder.HasIndex(request => request.EnvironmentId);

        // One open request per environment; two submitted at the same moment fail here.
        builder.HasIndex(request => request.EnvironmentId, "ux_requests_open").IsUnique().HasFilter("\"State\" = 'Pending'");
        builder.OwnsMany(request => request.Decisions, decision =>
        {
            decision.ToTable("decisions");
            decision.WithOwner().HasForeignKey("RequestId");
            decision.Property<long>("Id").ValueGeneratedOnAdd();
            decision.HasKey("Id");
            decision.Property(value => value.ApproverId).HasMaxLength(200);
            decision.Property(value => value.ApproverName).HasMaxLength(200);
            decision.Property(value => value.Comment).HasMaxLength(2000);
            decision.Property(value => value.ContentHash).HasMaxLength(64);

            // One word per approver on a request; two of one approver at the same moment fail here.
            decision.HasIndex("RequestId", nameof(Decision.ApproverId)).IsUnique();
        });
        builder.Navigation(request => request.Decisions).UsePropertyAccessMode(PropertyAccessMode.Field);
    }
}
