using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Operations;
using Portal.Core.Operations.RequestOperation;
using Portal.Core.Operations.Restoring;
using Portal.Core.Requests;
using Portal.Core.Requests.RequestChange;
using Portal.Core.Results;
using Portal.Core.Teams;
using Portal.Testing;

namespace Portal.Core.Tests.Operations;

/// <summary>A restore of another environment's backup: who may, from where, and who has to approve it.</summary>
public sealed class RestoreSourceTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private TestCore _core = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestSqlite.CreateAsync();
        _core = await TestCore.StartAsync(_database.Settings, new PlatformOffers(ObjectStore: true));
    }

    public async ValueTask DisposeAsync()
    {
        await _core.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Restore_FromAnotherOfTheTeam_NamesItInTheSpecAndBeginsAtOnce()
    {
        var (source, target) = (await _core.ApprovedAsync("staging", ASpec.Small(Purpose.Staging)), await _core.ApprovedAsync("shop", ASpec.Small(Purpose.Development)));

        var request = (await RestoreAsync(target, source)).Value;

        var spec = (await _core.FindEnvironmentAsync(target))!.Spec;
        Assert.Equal(new RestoreSpec(1, null, IsOpen: true, new($"{_core.Team}-staging", source.ToString())), spec.DayTwo.Restore);
        Assert.Equal(spec.DayTwo.Restore, SpecJson.Read(SpecJson.Write(spec)).DayTwo.Restore);
        Assert.Equal(RequestState.Approved, request.State);
        Assert.Contains("of staging of team", request.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_OfItsOwnAfterwards_NamesNobodyElse()
    {
        var (source, target) = (await _core.ApprovedAsync("staging", ASpec.Small(Purpose.Staging)), await _core.ApprovedAsync("shop", ASpec.Small(Purpose.Development)));
        await RestoreAsync(target, source);
        var restored = SpecFollowUp.Next((await _core.FindEnvironmentAsync(target))!.Spec)!;

        Assert.Equal(new RestoreSpec(2, null, IsOpen: true), OperationRules.Apply(new Operation.Restore(null), restored).Value.DayTwo.Restore);
    }

    [Theory]
    [InlineData(Purpose.Staging, Purpose.Development, 0)]
    [InlineData(Purpose.Production, Purpose.Staging, 1)]
    [InlineData(Purpose.Staging, Purpose.Production, 1)]
    [InlineData(Purpose.Production, Purpose.Production, 1)]
    public async Task Restore_OfAProductionsDataOrIntoOne_WaitsForAnApproval(Purpose source, Purpose target, int approvals)
    {
        var (from, into) = (await _core.ApprovedAsync("from", ASpec.Small(source)), await _core.ApprovedAsync("into", ASpec.Small(target)));

        var request = (await RestoreAsync(into, from, confirm: "into")).Value;

        Assert.Equal(approvals, request.RequiredApprovals);
        Assert.Equal(approvals == 0 ? RequestState.Approved : RequestState.Pending, request.State);
    }

    [Fact]
    public async Task Restore_FromADeletedEnvironment_IsPossible()
    {
        var (source, target) = (await _core.ApprovedAsync("staging", ASpec.Small(Purpose.Staging)), await _core.ApprovedAsync("shop", ASpec.Small(Purpose.Development)));
        await _core.Store.StageAsync(source, _core.Clock.GetUtcNow(), status => status with { Phase = EnvironmentPhase.Deleted }, null);

        Assert.True((await RestoreAsync(target, source)).IsSuccess);
    }

    [Fact]
    public async Task Restore_FromWhatDoesNotQualify_IsRefusedAtTheField()
    {
        var target = await _core.ApprovedAsync("shop", ASpec.Small(Purpose.Development));
        var requested = (await _core.RequestAsync("fresh")).EnvironmentId;
        var foreign = await OfAnotherTeamAsync("foreign");

        await RefusedAsync("operation.restore.from", ErrorKind.Invalid, target, target);
        await RefusedAsync("operation.restore.from", ErrorKind.Invalid, target, requested);
        await RefusedAsync("operation.restore.from", ErrorKind.Invalid, target, EnvironmentId.New(TimeProvider.System));
        await RefusedAsync("operation.restore.from", ErrorKind.Invalid, target, foreign);
        var small = ASpec.Small();
        var elsewhere = await _core.ApprovedAsync("elsewhere", small with { MySql = small.MySql with { Source = MySqlSource.External, External = new() { Host = "db.example", Database = "a", User = "a", SecretName = "a" } } });
        await RefusedAsync("operation.restore.from", ErrorKind.Invalid, target, elsewhere);
    }

    [Theory]
    [InlineData(TeamRole.Viewer, false)]
    [InlineData(TeamRole.Member, true)]
    public async Task Restore_FromAnotherTeam_NeedsMembershipThereAndAnApproval(TeamRole role, bool isAllowed)
    {
        var target = await _core.ApprovedAsync("shop", ASpec.Small(Purpose.Development));
        var foreign = await OfAnotherTeamAsync("foreign");
        var actor = _core.Member with { Teams = new Dictionary<string, TeamRole> { [_core.Team] = TeamRole.Member, [_otherTeam] = role } };

        var answer = await RestoreAsync(target, foreign, actor: actor);

        Assert.Equal(isAllowed, answer.IsSuccess);
        if (isAllowed)
        {
            Assert.Equal(1, answer.Value.RequiredApprovals);
        }
        else
        {
            Assert.Equal(("access.member", "from"), (answer.Errors[0].Code, answer.Errors[0].Field));
        }
    }

    [Fact]
    public async Task Restore_WithoutAnObjectStore_SaysThatThereIsNone()
    {
        await using var without = await TestCore.StartAsync(_database.Settings);
        var (source, target) = (await without.ApprovedAsync("staging"), await without.ApprovedAsync("shop"));

        var refused = await without.Get<RequestOperationCommand>().ExecuteAsync(without.Member, target, new Operation.Restore(null, source), "shop", null, CancellationToken.None);

        Assert.Equal(("operation.restore.store", "from"), (Assert.Single(refused.Errors).Code, refused.Errors[0].Field));
        Assert.Equal(RestoreChoices.None, await without.Get<RestoreSourceQueries>().ForAsync(without.Member, (await without.FindEnvironmentAsync(target))!, CancellationToken.None));
    }

    // The same through the spec, which a caller of REST writes by hand.
    [Fact]
    public async Task Change_OfTheSpecThatRestoresFromElsewhere_IsHeldToTheSameRules()
    {
        var (source, target) = (await _core.ApprovedAsync("staging"), await _core.ApprovedAsync("shop"));
        var foreign = await OfAnotherTeamAsync("foreign");
        var own = new BackupOwner($"{_core.Team}-staging", source.ToString());

        await RefusedAsync(new($"{_otherTeam}-foreign", foreign.ToString()), "operation.restore.from");
        await RefusedAsync(own with { Namespace = $"{_otherTeam}-foreign" }, "operation.restore.from");
        await RefusedAsync(own with { Environment = own.Environment.ToUpperInvariant() }, "spec.rule");
        await RefusedAsync(own with { Namespace = "../elsewhere" }, "spec.rule");
        Assert.True((await ChangeAsync(own)).IsSuccess);

        async Task RefusedAsync(BackupOwner owner, string code) => Assert.Equal(code, (await ChangeAsync(owner)).Errors[0].Code);

        async Task<Result<EnvironmentRequest>> ChangeAsync(BackupOwner owner)
        {
            var spec = (await _core.FindEnvironmentAsync(target))!.Spec;
            return await _core.Get<RequestChangeCommand>().ExecuteAsync(
                _core.Member, target, spec with { DayTwo = spec.DayTwo with { Restore = new(1, null, IsOpen: true, owner) } }, null, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Backup_OfANameThatIsNotCopied_IsRefusedAtTheField()
    {
        var (source, target) = (await _core.ApprovedAsync("staging"), await _core.ApprovedAsync("shop"));

        var refused = await RestoreAsync(target, source, backup: "before-restore-1.sql.gz");

        Assert.Equal("dayTwo.restore.backup", Assert.Single(refused.Errors).Field);
        Assert.Contains("app-TIME.sql.gz", refused.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choices_AreWhatTheActorMayRestoreFrom()
    {
        var target = (await _core.FindEnvironmentAsync(await _core.ApprovedAsync("shop")))!;
        await _core.ApprovedAsync("staging");
        await _core.RequestAsync("fresh");
        await OfAnotherTeamAsync("foreign");
        var both = _core.Member with { Teams = new Dictionary<string, TeamRole> { [_core.Team] = TeamRole.Member, [_otherTeam] = TeamRole.Member } };
        var viewer = _core.Member with { Teams = new Dictionary<string, TeamRole> { [_core.Team] = TeamRole.Viewer } };

        Assert.Equal(["staging"], await NamesAsync(_core.Member));
        Assert.Equal(["staging", "foreign"], await NamesAsync(both));
        Assert.Empty(await NamesAsync(viewer));

        async Task<IEnumerable<string>> NamesAsync(Actor actor) =>
            (await _core.Get<RestoreSourceQueries>().ForAsync(actor, target, CancellationToken.None)).Environments.Select(source => source.Name);
    }

    [Theory]
    [InlineData("shop")]
    [InlineData("01990000")]
    public void Read_OfWhatIsNoId_SaysWhatIsAllowed(string from)
    {
        var refused = OperationReader.Read(new("restore", null, new Dictionary<string, string?> { ["from"] = from }));

        Assert.Equal("from", Assert.Single(refused.Errors).Field);
    }

    private readonly string _otherTeam = $"o{Guid.NewGuid().ToString("N")[..10]}";

    private async Task<EnvironmentId> OfAnotherTeamAsync(string name)
    {
        await _core.AddTeamAsync(_otherTeam);
        var member = AnActor.Member(_otherTeam);
        var request = (await _core.Get<Core.Requests.RequestEnvironment.RequestEnvironmentCommand>().ExecuteAsync(
            member, new Core.Requests.RequestEnvironment.NewEnvironment(_otherTeam, name, ASpec.Named(name)), CancellationToken.None)).Value;
        return (await _core.Get<Core.Requests.Decide.DecideCommand>().ExecuteAsync(_core.Approver, request.Id, Verdict.Approve, null, null, CancellationToken.None)).Value.EnvironmentId;
    }

    private Task<Result<EnvironmentRequest>> RestoreAsync(EnvironmentId target, EnvironmentId source, string confirm = "shop", string? backup = null, Actor? actor = null) =>
        _core.Get<RequestOperationCommand>().ExecuteAsync(actor ?? _core.Member, target, new Operation.Restore(backup, source), confirm, null, CancellationToken.None);

    private async Task RefusedAsync(string code, ErrorKind kind, EnvironmentId target, EnvironmentId source)
    {
        var refused = await RestoreAsync(target, source);

        Assert.Equal((code, kind, "from"), (Assert.Single(refused.Errors).Code, refused.Errors[0].Kind, refused.Errors[0].Field));
        Assert.Equal(0, (await _core.FindEnvironmentAsync(target))!.Spec.DayTwo.Restore.Number);
    }
}
