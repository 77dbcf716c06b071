using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Environments.Specs;
using Portal.Core.Requests;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Requests.Withdraw;
using Portal.Core.Tests.Persistence;
using Portal.Testing;

namespace Portal.Core.Tests.Requests;

/// <summary>Every flow of a request from its submission to its end.</summary>
public abstract class RequestFlowsSuite(DatabaseFixture fixture) : RequestSuite(fixture)
{
    [Fact]
    public async Task Create_Approved_BecomesGenerationOneAndWakesTheReconciler()
    {
        var request = await Core.RequestAsync();
        Assert.Equal(EnvironmentPhase.Requested, (await EnvironmentAsync(request)).Status.Phase);

        var decided = (await DecideAsync(request.Id, Verdict.Approve, " Looks good. ", request.ContentHash)).Value;

        var environment = await EnvironmentAsync(request);
        Assert.Equal((RequestState.Approved, 1L, EnvironmentPhase.Provisioning), (decided.State, environment.Generation, environment.Status.Phase));
        var decision = Assert.Single((await Core.FindRequestAsync(request.Id))!.Decisions);
        Assert.Equal(new Decision(Core.Approver.UserId, Core.Approver.DisplayName, Verdict.Approve, "Looks good.", request.ContentHash, Core.Clock.GetUtcNow()), decision);
        Assert.Equal([request.EnvironmentId], Core.Trigger.Woken);
        Assert.Equal(["request.approve", "environment.request"], await VerbsAsync(request));
    }

    [Fact]
    public async Task Create_Rejected_FreesTheNameAndStartsNothing()
    {
        var request = await Core.RequestAsync();

        var decided = (await DecideAsync(request.Id, Verdict.Reject, "Too big.")).Value;

        Assert.Equal(RequestState.Rejected, decided.State);
        Assert.True((await EnvironmentAsync(request)).IsDeleted);
        Assert.Null(await Core.Store.LoadAsync(request.EnvironmentId, Ct));
        Assert.Equal(["request.reject", "environment.request"], await VerbsAsync(request));
        Assert.Equal(RequestState.Pending, (await Core.RequestAsync()).State);
    }

    [Fact]
    public async Task Create_Withdrawn_FreesTheName()
    {
        var request = await Core.RequestAsync();

        var withdrawn = (await Core.Get<WithdrawCommand>().ExecuteAsync(Core.Member, request.Id, Ct)).Value;

        Assert.Equal((RequestState.Withdrawn, Core.Clock.GetUtcNow()), (withdrawn.State, withdrawn.ClosedAt));
        Assert.True((await EnvironmentAsync(request)).IsDeleted);
        Assert.Equal(["request.withdraw", "environment.request"], await VerbsAsync(request));
        Assert.NotNull(await Core.RequestAsync());
    }

    [Fact]
    public async Task Change_Approved_IsTheNextGenerationWithTheNewSpec()
    {
        var id = await Core.ApprovedAsync();
        var wanted = ASpec.Small() with { MySql = ASpec.Small().MySql with { StorageGiB = 20 } };

        var request = (await ChangeAsync(id, wanted)).Value;
        Assert.Equal(SpecJson.Write(ASpec.Small()), SpecJson.Write((await Core.FindEnvironmentAsync(id))!.Spec));
        await DecideAsync(request.Id);

        var environment = (await Core.FindEnvironmentAsync(id))!;
        Assert.Equal((2L, EnvironmentPhase.Updating, 20), (environment.Generation, environment.Status.Phase, environment.Spec.MySql.StorageGiB));
        Assert.Equal(2, Core.Planner.Subjects.Last().Generation);
        Assert.Equal(["request.approve", "environment.request-change", "request.approve", "environment.request"], await VerbsAsync(request));
    }

    [Theory]
    [InlineData(Verdict.Reject)]
    [InlineData(null)]
    public async Task Change_RejectedOrWithdrawn_LeavesWhatRuns(Verdict? verdict)
    {
        var id = await Core.ApprovedAsync();
        var request = (await ChangeAsync(id, ASpec.Small() with { HostName = "other.example" })).Value;

        _ = verdict is null ? await Core.Get<WithdrawCommand>().ExecuteAsync(Core.Member, request.Id, Ct) : await DecideAsync(request.Id, verdict.Value, "No.");

        var environment = (await Core.FindEnvironmentAsync(id))!;
        Assert.Equal((1L, ASpec.Host, false), (environment.Generation, environment.Spec.HostName, environment.IsDeleted));
        Assert.True((await ChangeAsync(id, ASpec.Small() with { HostName = "third.example" })).IsSuccess);
    }

    [Fact]
    public async Task Delete_NotProduction_IsCarriedOutAtOnceByPolicy()
    {
        var id = await Core.ApprovedAsync();

        var request = (await DeleteAsync(id)).Value;

        var environment = (await Core.FindEnvironmentAsync(id))!;
        Assert.Equal((RequestState.Approved, 0), (request.State, request.RequiredApprovals));
        Assert.Equal((true, EnvironmentPhase.Deleting, Core.Clock.GetUtcNow()), (environment.IsDeleting, environment.Status.Phase, environment.DeletionApprovedAt));
        Assert.Null(Core.Planner.Subjects.Last().Spec);
        Assert.Equal(id, Core.Trigger.Woken.Last());
    }

    [Fact]
    public async Task Delete_Production_WaitsForAnApproval()
    {
        var id = await Core.ApprovedAsync(spec: ASpec.Small(Purpose.Production));

        var request = (await DeleteAsync(id)).Value;
        Assert.Equal(RequestState.Pending, request.State);
        Assert.False((await Core.FindEnvironmentAsync(id))!.IsDeleting);

        await DecideAsync(request.Id);
        Assert.True((await Core.FindEnvironmentAsync(id))!.IsDeleting);
    }

    [Fact]
    public async Task Text_OfEveryScript_IsKept()
    {
        const string Text = "Für Größe, 日本語, emoji 😀,\nsecond line\tand tab; 'quoted' \"twice\" \\ %_";

        var request = (await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(Core.Member, new(Core.Team, "shop", ASpec.Small(), Text), Ct)).Value;

        Assert.Equal(Text, (await Core.FindRequestAsync(request.Id))!.Reason);
    }

    [Fact]
    public async Task Audit_OfAWholeLife_HoldsWhoWhatWhenAndNoContent()
    {
        const string Secret = "marker-of-content";
        var spec = ASpec.Small() with { HostName = $"{Secret}.example" };
        var request = (await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(Core.Member, new(Core.Team, "shop", spec, Secret), Ct)).Value;
        Core.Clock.Advance(TimeSpan.FromHours(1));
        await DecideAsync(request.Id, Verdict.Approve, Secret);
        await DeleteAsync(request.EnvironmentId);

        var activity = (await Core.Get<EnvironmentQueries>().ActivityAsync(Core.Member, request.EnvironmentId, Ct)).Value;

        Assert.Equal(["environment.request-deletion", "request.approve", "environment.request"], activity.Select(entry => entry.Verb));
        Assert.Equal((Core.Approver.UserId, Core.Approver.DisplayName, Core.Team), (activity[1].ActorId, activity[1].ActorName, activity[1].Team));
        Assert.Equal(TimeSpan.FromHours(1), activity[1].At - activity[2].At);
        Assert.All(activity, entry => Assert.DoesNotContain(Secret, entry.ToString(), StringComparison.Ordinal));
    }
}

public sealed class RequestFlowsOnPostgres(PostgresFixture fixture) : RequestFlowsSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class RequestFlowsOnSqlite(SqliteFixture fixture) : RequestFlowsSuite(fixture), IClassFixture<SqliteFixture>;
