using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Requests;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.RequestChange;
using Portal.Core.Requests.RequestDeletion;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Requests.Withdraw;
using Portal.Core.Results;
using Portal.Core.Tests.Persistence;
using Portal.Testing;

namespace Portal.Core.Tests.Requests;

/// <summary>Every refusal, each with proof that it left nothing behind.</summary>
public abstract class RequestRefusalsSuite(DatabaseFixture fixture) : RequestSuite(fixture)
{
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

    [Fact]
    public async Task HostName_OfAnotherEnvironment_IsRefusedAtItsFieldAndNamedOnlyToWhoMaySeeIt()
    {
        await Core.RequestAsync("taken");
        var (own, shared) = (ASpec.Named("taken").HostName, ASpec.Named("second") is var second ? second with { Edge = second.Edge with { OtherHostNames = ["www.shop.example", ASpec.Named("taken").HostName] } } : null!);

        var refused = Assert.Single((await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(Core.Member, new(Core.Team, "second", ASpec.Small() with { HostName = own }), Ct)).Errors);
        Assert.Equal(("environment.host.taken", ErrorKind.Conflict, "hostName"), (refused.Code, refused.Kind, refused.Field));
        Assert.Contains("the environment taken on this cluster", refused.Message, StringComparison.Ordinal);
        var other = Assert.Single((await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(Core.Member, new(Core.Team, "second", shared), Ct)).Errors);
        Assert.Equal("edge.otherHostNames", other.Field);

        var strangers = Core.Team + "x";
        await Core.AddTeamAsync(strangers);
        var stranger = AnActor.Member(strangers);
        var hidden = Assert.Single((await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(stranger, new(strangers, "second", ASpec.Small() with { HostName = own }), Ct)).Errors);
        Assert.Contains("another environment on this cluster", hidden.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("taken on", hidden.Message, StringComparison.Ordinal);
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
        await RefusedAsync("text.characters", () => Core.Get<RequestDeletionCommand>().ExecuteAsync(Core.Member, id, "shop", text, DataDisposition.Delete, Ct));
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
    public async Task Create_WhatTheClusterCannotGive_IsRefusedAtItsFieldAndTheNameStaysFree()
    {
        var normal = Core.Planner.Answer;
        Core.Planner.Answer = _ => new Error("plan.no-storage", ErrorKind.Invalid, "No default storage class.", "preset");

        await RefusedAsync("plan.no-storage", () => CreateAsync(Core.Member, "second"));
        Assert.Equal("preset", Assert.Single((await CreateAsync(Core.Member, "second")).Errors).Field);

        Core.Planner.Answer = normal;
        Assert.True((await CreateAsync(Core.Member, "second")).IsSuccess);
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
        await RefusedAsync("environment.not-found", () => Core.Get<RequestDeletionCommand>().ExecuteAsync(AnActor.Owner("other"), id, "shop", null, DataDisposition.Delete, Ct));
        await RefusedAsync("environment.not-found", () => DeleteAsync(EnvironmentId.New(Core.Clock)));

        await ChangeAsync(id, other);
        await RefusedAsync("request.pending", () => ChangeAsync(id, other));
        await RefusedAsync("request.pending", () => DeleteAsync(id));
    }

    [Fact]
    public async Task Delete_WithALastBackupOfAPausedOne_IsRefusedWhereverItIsAskedForAndTheOtherWaysAreOpen()
    {
        var small = ASpec.Small(Purpose.Production);
        var id = await Core.ApprovedAsync(spec: small);
        var asked = (await DeleteAsync(id, data: DataDisposition.BackUp)).Value;
        await Core.Get<WithdrawCommand>().ExecuteAsync(Core.Member, asked.Id, Ct);
        var pause = (await ChangeAsync(id, small with { DayTwo = small.DayTwo with { Paused = true } })).Value;
        await DecideAsync(pause.Id);

        await RefusedAsync("environment.data.backup", () => DeleteAsync(id, data: DataDisposition.BackUp));
        var refusal = Assert.Single((await DeleteAsync(id, data: DataDisposition.BackUp)).Errors);
        Assert.Equal((ErrorKind.Conflict, "data"), (refusal.Kind, refusal.Field));
        Assert.Contains("Wake it first, or keep its volumes, or delete it without a backup.", refusal.Message, StringComparison.Ordinal);

        Assert.True((await DeleteAsync(id, data: DataDisposition.Keep)).IsSuccess);
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
}

public sealed class RequestRefusalsOnPostgres(PostgresFixture fixture) : RequestRefusalsSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class RequestRefusalsOnSqlite(SqliteFixture fixture) : RequestRefusalsSuite(fixture), IClassFixture<SqliteFixture>;
