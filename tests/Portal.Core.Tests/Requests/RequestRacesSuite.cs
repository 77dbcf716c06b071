using Portal.Core.Environments;
using Portal.Core.Requests;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Results;
using Portal.Core.Tests.Persistence;
using Portal.Testing;

namespace Portal.Core.Tests.Requests;

/// <summary>The same wish many times at once, and wishes that cross each other.</summary>
public abstract class RequestRacesSuite(DatabaseFixture fixture) : RequestSuite(fixture)
{
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
    public async Task Approve_TwoNewOnesThatAskedForOneHostNameAtOnce_TheFirstGetsItAndTheOtherIsToldWhoHasIt()
    {
        EnvironmentRequest second = null!;
        Core.Planner.Meanwhile = async () =>
        {
            Core.Planner.Meanwhile = () => Task.CompletedTask;
            second = (await CreateAsync("second")).Value;
        };
        var first = (await CreateAsync("first")).Value;

        Assert.True((await DecideAsync(second.Id)).IsSuccess);
        await RefusedAsync("environment.host.taken", () => DecideAsync(first.Id));
        var refusal = Assert.Single((await DecideAsync(first.Id)).Errors);
        Assert.Equal((ErrorKind.Conflict, null), (refusal.Kind, refusal.Field));
        Assert.Contains("\"one.example\" has been given to the environment second on this cluster since this was requested. Reject the request", refusal.Message, StringComparison.Ordinal);
        Assert.True((await DecideAsync(first.Id, Verdict.Reject, "The name is taken.")).IsSuccess);

        Task<Result<EnvironmentRequest>> CreateAsync(string name) =>
            Core.Get<RequestEnvironmentCommand>().ExecuteAsync(Core.Member, new(Core.Team, name, ASpec.Small() with { HostName = "one.example" }), Ct);
    }

    [Fact]
    public async Task Approve_AChangeWhoseHostNameWasGivenAwayWhileItWaited_IsRefusedUntilTheNameIsGivenBack()
    {
        var id = await Core.ApprovedAsync();
        var small = ASpec.Small();
        var change = (await ChangeAsync(id, small with { Edge = small.Edge with { OtherHostNames = ["one.example"] } })).Value;
        var other = (await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(Core.Member, new(Core.Team, "other", small with { HostName = "one.example" }), Ct)).Value;
        await DecideAsync(other.Id);

        await RefusedAsync("environment.host.taken", () => DecideAsync(change.Id));

        await DeleteAsync(other.EnvironmentId, "other");
        await FinishDeletionAsync(other.EnvironmentId);
        Assert.Equal(RequestState.Approved, (await DecideAsync(change.Id)).Value.State);
    }

    [Fact]
    public async Task Approve_TenChangesToOneHostNameAtOnce_ExactlyOneGetsIt()
    {
        var changes = new List<RequestId>();
        for (var number = 0; number < 10; number++)
        {
            var spec = ASpec.Named($"shop-{number}");
            var id = await Core.ApprovedAsync($"shop-{number}", spec);
            changes.Add((await ChangeAsync(id, spec with { HostName = "one.example" })).Value.Id);
        }

        var results = await AtOnceAsync(10, n => DecideAsync(changes[n]));

        Assert.Single(results, result => result.IsSuccess);
        Assert.All(results.Where(result => !result.IsSuccess), result => Assert.Contains(Assert.Single(result.Errors).Code, (string[])["environment.host.taken", "changed-meanwhile"]));
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
}

public sealed class RequestRacesOnPostgres(PostgresFixture fixture) : RequestRacesSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class RequestRacesOnSqlite(SqliteFixture fixture) : RequestRacesSuite(fixture), IClassFixture<SqliteFixture>;
