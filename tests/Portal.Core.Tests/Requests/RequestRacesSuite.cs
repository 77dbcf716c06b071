using Portal.Core.Environments;
using Portal.Core.Requests;
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
