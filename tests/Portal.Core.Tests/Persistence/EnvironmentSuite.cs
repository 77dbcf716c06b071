using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Requests;
using Portal.Testing;

namespace Portal.Core.Tests.Persistence;

public abstract class EnvironmentSuite(DatabaseFixture fixture) : DatabaseSuite(fixture)
{
    [Theory]
    [InlineData(Preset.Small)]
    [InlineData(Preset.Medium)]
    [InlineData(Preset.Large)]
    public async Task Environment_SavedAndRead_IsTheSame(Preset preset)
    {
        var spec = Presets.Create(preset, Purpose.Staging, ASpec.Host) with { Alerting = new(2, 0.25, "ops+on-call@shop.example") };

        var request = await Core.RequestAsync("shop", spec);
        var environment = await Core.FindEnvironmentAsync(request.EnvironmentId);

        Assert.NotNull(environment);
        Assert.Equal(request.EnvironmentId, environment.Id);
        Assert.Equal(Core.Team, environment.Team);
        Assert.Equal("shop", environment.Name);
        Assert.Equal(Core.Cluster, environment.Cluster);
        Assert.Equal($"{Core.Team}-shop", environment.Namespace);
        Assert.Equal(SpecJson.Write(spec), SpecJson.Write(environment.Spec));
        Assert.Equal(0, environment.Generation);
        Assert.Equal(Core.Member.UserId, environment.CreatedBy);
        Assert.Equal(Core.Clock.GetUtcNow(), environment.CreatedAt);
        Assert.Null(environment.DeletionApprovedAt);
        Assert.Equivalent(EnvironmentStatus.Requested, environment.Status, strict: true);
        Assert.Equal(0, environment.Version);
    }

    [Fact]
    public async Task Request_SavedAndRead_IsTheSame()
    {
        var submitted = await Core.RequestAsync();
        var read = await Core.FindRequestAsync(submitted.Id);

        Assert.NotNull(read);
        Assert.NotSame(submitted, read);
        Assert.Equal(RequestKind.Create, read.Kind);
        Assert.Equal(RequestState.Pending, read.State);
        Assert.Equal(submitted.EnvironmentId, read.EnvironmentId);
        Assert.Equal(SpecJson.Write(submitted.Spec!), SpecJson.Write(read.Spec!));
        Assert.Equivalent(submitted.Plan, read.Plan, strict: true);
        Assert.Equal(submitted.ContentHash, read.ContentHash);
        Assert.Equal(ContentHash.Of(read.Spec, read.Plan), read.ContentHash);
        Assert.Equal((Core.Member.UserId, Core.Member.DisplayName), (read.SubmittedBy, read.SubmittedByName));
        Assert.Equal(Core.Clock.GetUtcNow(), read.SubmittedAt);
        Assert.Equal(submitted.PolicySentence, read.PolicySentence);
        Assert.Equal(1, read.RequiredApprovals);
        Assert.Null(read.ClosedAt);
        Assert.Empty(read.Decisions);
    }
}

public sealed class EnvironmentOnPostgres(PostgresFixture fixture) : EnvironmentSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class EnvironmentOnSqlite(SqliteFixture fixture) : EnvironmentSuite(fixture), IClassFixture<SqliteFixture>;
