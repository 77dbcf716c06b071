using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Core.Plans;
using Portal.Core.Requests;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.Queries;
using Portal.Core.Requests.RequestChange;
using Portal.Core.Requests.RequestDeletion;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Requests.Withdraw;
using Portal.Core.Results;
using Portal.Core.Rollouts;
using Portal.Testing;

namespace Portal.Core.Tests.Persistence;

/// <summary>Every flow of a request and every refusal, each with proof that a refusal left nothing behind.</summary>
public abstract class RequestCommandsSuite(DatabaseFixture fixture) : DatabaseSuite(fixture)
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

    public static TheoryData<string, string> BadNames() => new()
    {
        { "Shop", "environment.name.invalid" },
        { "a", "environment.name.invalid" },
        { "shop\n", "environment.name.invalid" },
        { "shop\0", "environment.name.invalid" },
        { "'; drop table environments; --", "environment.name.invalid" },
        { "an-environment-with-a-name-too-long", "environment.name.invalid" },
        { "taken", "environment.name.taken" },
    };

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task Create_BadName_IsRefusedAndNothingIsSaved(string name, string code)
    {
        await Core.RequestAsync("taken");
        await RefusedAsync(code, () => CreateAsync(Core.Member, name));
    }

    [Fact]
    public async Task Create_EverythingWrong_SaysAllAtOnce()
    {
        var spec = ASpec.Small() with { HostName = "x", MySql = ASpec.Small().MySql with { StorageGiB = -1 } };

        var refused = await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(Core.Member, new(Core.Team, "Bad", spec, new string('r', 2001)), Ct);

        Assert.Equal(["environment.name.invalid", "spec.rule", "spec.range", "text.too-long"], refused.Errors.Select(error => error.Code));
        Assert.Empty(Core.Planner.Subjects);
    }

    [Theory]
    [InlineData("nobody-has-this")]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData(null)]
    public async Task Create_UnknownTeam_IsNotFoundEvenForAnAdministrator(string? team)
    {
        var refused = await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(AnActor.Administrator(), new(team!, "shop", ASpec.Small()), Ct);

        Assert.Equal(("team.unknown", ErrorKind.NotFound), (Assert.Single(refused.Errors).Code, refused.Errors[0].Kind));
    }

    [Fact]
    public async Task Create_OtherTeamsOrViewers_AreRefusedAndNothingIsSaved()
    {
        await RefusedAsync("team.unknown", () => CreateAsync(AnActor.Member("other"), "shop"));
        await RefusedAsync("access.member", () => CreateAsync(AnActor.Viewer(Core.Team), "shop"));
        await RefusedAsync("access.member", () => CreateAsync(Core.Approver, "shop"));
    }

    [Theory]
    [InlineData("bell \a")]
    [InlineData("nul \0")]
    [InlineData("half <half>")]
    public async Task Text_WithControlCharacters_IsRefusedEverywhere(string text)
    {
        // An attribute cannot hold half a character.
        text = text.Replace("<half>", "\ud83d", StringComparison.Ordinal);
        var id = await Core.ApprovedAsync();
        var request = (await ChangeAsync(id, ASpec.Small() with { HostName = "other.example" })).Value;

        await RefusedAsync("text.characters", () => Core.Get<RequestEnvironmentCommand>().ExecuteAsync(Core.Member, new(Core.Team, "second", ASpec.Small(), text), Ct));
        await RefusedAsync("text.characters", () => DecideAsync(request.Id, Verdict.Reject, text));
        await Core.Get<WithdrawCommand>().ExecuteAsync(Core.Member, request.Id, Ct);
        await RefusedAsync("text.characters", () => ChangeAsync(id, ASpec.Small() with { HostName = "other.example" }, text));
        await RefusedAsync("text.characters", () => Core.Get<RequestDeletionCommand>().ExecuteAsync(Core.Member, id, "shop", text, Ct));
    }

    [Fact]
    public async Task Text_OfEveryScript_IsKept()
    {
        const string Text = "Für Größe, 日本語, emoji 😀,\nsecond line\tand tab; 'quoted' \"twice\" \\ %_";

        var request = (await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(Core.Member, new(Core.Team, "shop", ASpec.Small(), Text), Ct)).Value;

        Assert.Equal(Text, (await Core.FindRequestAsync(request.Id))!.Reason);
    }

    [Fact]
    public async Task Command_ClusterDoesNotAnswer_IsRefusedAndNothingIsSaved()
    {
        var id = await Core.ApprovedAsync();
        Core.Planner.Answer = _ => new Error("cluster.unreachable", ErrorKind.Unavailable, "The cluster does not answer.");

        await RefusedAsync("cluster.unreachable", () => CreateAsync(Core.Member, "second"));
        await RefusedAsync("cluster.unreachable", () => ChangeAsync(id, ASpec.Small() with { HostName = "other.example" }));
        await RefusedAsync("cluster.unreachable", () => DeleteAsync(id));
    }

    [Fact]
    public async Task Decide_WithoutTheRight_IsRefusedAndNothingIsSaved()
    {
        var request = await Core.RequestAsync();
        var own = (await CreateAsync(AnActor.Administrator(), "own")).Value;

        await RefusedAsync("access.approver", () => DecideAsync(request.Id, actor: Core.Member));
        await RefusedAsync("access.approver", () => DecideAsync(request.Id, actor: AnActor.Owner(Core.Team)));
        await RefusedAsync("request.not-found", () => DecideAsync(request.Id, actor: AnActor.Owner("other")));
        await RefusedAsync("access.own-request", () => DecideAsync(own.Id, actor: AnActor.Administrator()));
        await RefusedAsync("request.not-found", () => DecideAsync(new RequestId(long.MaxValue)));
    }

    [Fact]
    public async Task Decide_BadInput_IsRefusedAndNothingIsSaved()
    {
        var request = await Core.RequestAsync();

        await RefusedAsync("request.comment", () => DecideAsync(request.Id, Verdict.Reject, "  "));
        await RefusedAsync("request.content-changed", () => DecideAsync(request.Id, hash: "0000"));
        await RefusedAsync("text.too-long", () => DecideAsync(request.Id, Verdict.Reject, new string('c', 2001)));
        Assert.Equal("request.verdict", Assert.Single(DecideCommand.ParseVerdict("Approve").Errors).Code);
        Assert.Equal("request.verdict", Assert.Single(DecideCommand.ParseVerdict(null).Errors).Code);
    }

    [Fact]
    public async Task Decide_Twice_IsRefusedTheSecondTime()
    {
        var request = await Core.RequestAsync();
        await DecideAsync(request.Id);

        await RefusedAsync("request.closed", () => DecideAsync(request.Id));
        await RefusedAsync("request.closed", () => DecideAsync(request.Id, Verdict.Reject, "Late.", actor: AnActor.Administrator()));
        await RefusedAsync("request.closed", () => Core.Get<WithdrawCommand>().ExecuteAsync(Core.Member, request.Id, Ct));
    }

    [Fact]
    public async Task Withdraw_WithoutTheRight_IsRefusedAndNothingIsSaved()
    {
        var request = await Core.RequestAsync();

        await RefusedAsync("access.submitter", () => Core.Get<WithdrawCommand>().ExecuteAsync(AnActor.Member(Core.Team, "colleague"), request.Id, Ct));
        await RefusedAsync("request.not-found", () => Core.Get<WithdrawCommand>().ExecuteAsync(AnActor.Member("other"), request.Id, Ct));
        Assert.True((await Core.Get<WithdrawCommand>().ExecuteAsync(AnActor.Administrator(), request.Id, Ct)).IsSuccess);
    }

    [Fact]
    public async Task ChangeAndDelete_BadInput_IsRefusedAndNothingIsSaved()
    {
        var id = await Core.ApprovedAsync(spec: ASpec.Small(Purpose.Production));
        var other = ASpec.Small(Purpose.Production) with { HostName = "other.example" };

        await RefusedAsync("request.no-change", () => ChangeAsync(id, ASpec.Small(Purpose.Production)));
        await RefusedAsync("spec.rule", () => ChangeAsync(id, other with { MySql = other.MySql with { StorageGiB = 5 } }));
        await RefusedAsync("request.confirmation", () => DeleteAsync(id, "Shop"));
        await RefusedAsync("request.confirmation", () => DeleteAsync(id, null));
        await RefusedAsync("access.member", () => Core.Get<RequestChangeCommand>().ExecuteAsync(AnActor.Viewer(Core.Team), id, other, null, Ct));
        await RefusedAsync("environment.not-found", () => Core.Get<RequestChangeCommand>().ExecuteAsync(AnActor.Member("other"), id, other, null, Ct));
        await RefusedAsync("environment.not-found", () => Core.Get<RequestDeletionCommand>().ExecuteAsync(AnActor.Owner("other"), id, "shop", null, Ct));
        await RefusedAsync("environment.not-found", () => DeleteAsync(EnvironmentId.New(Core.Clock)));

        await ChangeAsync(id, other);
        await RefusedAsync("request.pending", () => ChangeAsync(id, other));
        await RefusedAsync("request.pending", () => DeleteAsync(id));
    }

    [Fact]
    public async Task ChangeAndDelete_WhatIsBeingDeletedOrIsDeleted_IsRefused()
    {
        var id = await Core.ApprovedAsync();
        await DeleteAsync(id);

        await RefusedAsync("environment.deleting", () => DeleteAsync(id));
        await RefusedAsync("environment.deleting", () => ChangeAsync(id, ASpec.Medium()));

        await FinishDeletionAsync(id);
        await RefusedAsync("environment.deleted", () => DeleteAsync(id));
        await RefusedAsync("environment.deleted", () => ChangeAsync(id, ASpec.Medium()));
        Assert.NotNull(await Core.RequestAsync());
    }

    [Fact]
    public async Task Approve_ChangeSubmittedWhileItWasBeingDeleted_DoesNotReviveIt()
    {
        var id = await Core.ApprovedAsync();
        Core.Planner.Meanwhile = async () =>
        {
            Core.Planner.Meanwhile = () => Task.CompletedTask;
            await DeleteAsync(id);
        };
        var change = await ChangeAsync(id, ASpec.Small() with { HostName = "other.example" });
        Assert.True((await Core.FindEnvironmentAsync(id))!.IsDeleting);

        await RefusedAsync("environment.deleting", () => DecideAsync(change.Value.Id));
        Assert.True((await DecideAsync(change.Value.Id, Verdict.Reject, "It is being deleted.")).IsSuccess);
        Assert.Equal((1L, EnvironmentPhase.Deleting), ((await Core.FindEnvironmentAsync(id))!.Generation, (await Core.FindEnvironmentAsync(id))!.Status.Phase));
    }

    [Fact]
    public async Task Create_TwentyWithOneNameAtOnce_ExactlyOneWins()
    {
        var results = await AtOnceAsync(20, n => CreateAsync(AnActor.Member(Core.Team, $"user{n}"), "shop"));

        Assert.Single(results, result => result.IsSuccess);
        Assert.All(results.Where(result => !result.IsSuccess), result => Assert.Equal("environment.name.taken", Assert.Single(result.Errors).Code));
        Assert.Equal((1, 1), await CountsAsync());
    }

    [Fact]
    public async Task Change_TwentyAtOnce_LeavesOneOpenRequest()
    {
        var id = await Core.ApprovedAsync();

        var results = await AtOnceAsync(20, n => ChangeAsync(id, ASpec.Small() with { HostName = $"h{n}.example" }));

        Assert.Single(results, result => result.IsSuccess);
        Assert.All(results.Where(result => !result.IsSuccess), result => Assert.Contains(Assert.Single(result.Errors).Code, (string[])["request.pending", "changed-meanwhile"]));
    }

    [Fact]
    public async Task Decide_TenAtOnce_ExactlyOneDecides()
    {
        var request = await Core.RequestAsync();

        var results = await AtOnceAsync(10, n => DecideAsync(request.Id, n % 2 == 0 ? Verdict.Approve : Verdict.Reject, "Word.", actor: AnActor.Approver($"approver{n}")));

        var winner = Assert.Single(results, result => result.IsSuccess).Value;
        Assert.All(results.Where(result => !result.IsSuccess), result => Assert.Contains(Assert.Single(result.Errors).Code, (string[])["request.closed", "changed-meanwhile"]));
        var saved = (await Core.FindRequestAsync(request.Id))!;
        Assert.Equal((winner.State, 1), (saved.State, saved.Decisions.Count));
        Assert.Equal(winner.State == RequestState.Approved ? 1L : 0L, (await EnvironmentAsync(request)).Generation);
    }

    [Fact]
    public async Task Delete_TenAtOnce_AreOneDeletion()
    {
        var id = await Core.ApprovedAsync();

        var results = await AtOnceAsync(10, _ => DeleteAsync(id));

        Assert.Single(results, result => result.IsSuccess);
        Assert.All(results.Where(result => !result.IsSuccess), result => Assert.Contains(Assert.Single(result.Errors).Code, (string[])["environment.deleting", "changed-meanwhile"]));
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

    private Task<Result<EnvironmentRequest>> CreateAsync(Actor actor, string name) =>
        Core.Get<RequestEnvironmentCommand>().ExecuteAsync(actor, new NewEnvironment(Core.Team, name, ASpec.Small()), Ct);

    private Task<Result<EnvironmentRequest>> ChangeAsync(EnvironmentId id, EnvironmentSpec spec, string? reason = null) =>
        Core.Get<RequestChangeCommand>().ExecuteAsync(Core.Member, id, spec, reason, Ct);

    private Task<Result<EnvironmentRequest>> DeleteAsync(EnvironmentId id, string? confirm = "shop") =>
        Core.Get<RequestDeletionCommand>().ExecuteAsync(Core.Member, id, confirm, null, Ct);

    private Task<Result<EnvironmentRequest>> DecideAsync(RequestId id, Verdict verdict = Verdict.Approve, string? comment = null, string? hash = null, Actor? actor = null) =>
        Core.Get<DecideCommand>().ExecuteAsync(actor ?? Core.Approver, id, verdict, comment, hash, Ct);

    private async Task<AppEnvironment> EnvironmentAsync(EnvironmentRequest request) => (await Core.FindEnvironmentAsync(request.EnvironmentId))!;

    private async Task<IEnumerable<string>> VerbsAsync(EnvironmentRequest request) =>
        (await Core.Get<EnvironmentQueries>().ActivityAsync(Core.Member, request.EnvironmentId, Ct)).Value.Select(entry => entry.Verb);

    private async Task<(int Environments, int Requests)> CountsAsync()
    {
        var environments = await Core.Get<EnvironmentQueries>().ListAsync(Core.Member, new EnvironmentFilter(IncludeDeleted: true), new(0, 1), Ct);
        var requests = await Core.Get<RequestQueries>().ListAsync(Core.Member, new RequestFilter(), new(0, 1), Ct);
        return (environments.Total, requests.Total);
    }

    /// <summary>The whole state that a user of the team sees, as text: a refusal must not change a letter of it.</summary>
    private async Task<string> WorldAsync()
    {
        var environments = await Core.Get<EnvironmentQueries>().ListAsync(Core.Member, new EnvironmentFilter(IncludeDeleted: true), new(0, 200), Ct);
        var requests = await Core.Get<RequestQueries>().ListAsync(Core.Member, new RequestFilter(), new(0, 200), Ct);
        var lines = new List<string>();
        foreach (var environment in environments.Items)
        {
            var activity = await Core.Get<EnvironmentQueries>().ActivityAsync(Core.Member, environment.Id, Ct);
            lines.Add($"{environment.Name} {environment.Status.Phase} {environment.Generation} {environment.Version} {SpecJson.Write(environment.Spec)} audit {activity.Value.Count}");
        }

        lines.AddRange(requests.Items.Select(request => $"{request.Id} {request.Kind} {request.State} {request.Version} {request.Decisions.Count}"));
        return string.Join('\n', lines) + $"\nwoken {Core.Trigger.Woken.Count}";
    }

    private async Task RefusedAsync(string code, Func<Task<Result<EnvironmentRequest>>> command)
    {
        var before = await WorldAsync();

        var refused = await command();

        Assert.Equal(code, Assert.Single(refused.Errors).Code);
        Assert.Equal(before, await WorldAsync());
    }

    private static Task<Result<EnvironmentRequest>[]> AtOnceAsync(int count, Func<int, Task<Result<EnvironmentRequest>>> command)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tasks = Enumerable.Range(0, count).Select(async n =>
        {
            await gate.Task;
            return await Task.Run(() => command(n));
        }).ToList();
        gate.SetResult();
        return Task.WhenAll(tasks);
    }

    private async Task FinishDeletionAsync(EnvironmentId id)
    {
        var target = (await Core.Store.LoadAsync(id, Ct))!;
        var lease = (await Core.Store.TryAcquireAsync(id, "a", TimeSpan.FromMinutes(1), Ct))!;
        await Core.Store.SaveStatusAsync(
            lease, target, target.Status with { Phase = EnvironmentPhase.Deleted }, Rollout.Start(id, 1, RolloutKind.Delete, Core.Clock.GetUtcNow()), Ct);
    }
}

public sealed class RequestCommandsOnPostgres(PostgresFixture fixture) : RequestCommandsSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class RequestCommandsOnSqlite(SqliteFixture fixture) : RequestCommandsSuite(fixture), IClassFixture<SqliteFixture>;
