using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Persistence;
using Portal.Core.Requests;
using Portal.Core.Requests.Queries;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Requests.Withdraw;
using Portal.Core.Teams;
using Portal.Core.Teams.Queries;
using Portal.Testing;

namespace Portal.Core.Tests.Persistence;

public abstract class QueriesSuite(DatabaseFixture fixture) : DatabaseSuite(fixture)
{
    private EnvironmentQueries Environments => Core.Get<EnvironmentQueries>();

    [Fact]
    public async Task List_Paged_GivesEachOnceNewestFirst()
    {
        for (var n = 0; n < 7; n++)
        {
            await Core.RequestAsync($"app-{n}");
            Core.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        var pages = new List<Page<AppEnvironment>>();
        for (var skip = 0; skip < 9; skip += 3)
        {
            pages.Add(await Environments.ListAsync(Core.Member, new(), new(skip, 3), Ct));
        }

        Assert.Equal([3, 3, 1], pages.Select(page => page.Items.Count));
        Assert.All(pages, page => Assert.Equal(7, page.Total));
        Assert.Equal(["app-6", "app-5", "app-4", "app-3", "app-2", "app-1", "app-0"], pages.SelectMany(page => page.Items).Select(environment => environment.Name));
        Assert.Empty((await Environments.ListAsync(Core.Member, new(), new(100, 3), Ct)).Items);
        Assert.Equal((0, 1, 200), (new PageRequest(-5, 0).Skip, new PageRequest(0, -1).Take, new PageRequest(0, int.MaxValue).Take));
    }

    [Fact]
    public async Task List_SameNameAndTimeInManyTeams_PagesWithoutLossOrRepetition()
    {
        string[] teams = [Core.Team, .. Enumerable.Range(0, 8).Select(n => $"{Core.Team}x{n}")];
        var actor = new Actor("multi", "Multi", PlatformRole.None, teams.ToDictionary(team => team, _ => TeamRole.Member));
        foreach (var team in teams)
        {
            await Core.AddTeamAsync(team);
            await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(actor, new(team, "twin", ASpec.Named(team)), Ct);
        }

        var seen = new List<EnvironmentId>();
        for (var skip = 0; skip < teams.Length; skip++)
        {
            seen.AddRange((await Environments.ListAsync(actor, new(), new(skip, 1), Ct)).Items.Select(environment => environment.Id));
        }

        Assert.Equal(teams.Length, seen.Distinct().Count());
    }

    [Fact]
    public async Task List_Filtered_GivesOnlyWhatFits()
    {
        await Core.RequestAsync("shop-asked");
        await Core.ApprovedAsync("shop-live");
        var gone = await Core.RequestAsync("shop-gone");
        await Core.Get<WithdrawCommand>().ExecuteAsync(Core.Member, gone.Id, Ct);
        await Core.ApprovedAsync("other");

        Assert.Equal(["other", "shop-asked", "shop-live"], await NamesAsync(new()));
        Assert.Equal(["other", "shop-asked", "shop-gone", "shop-live"], await NamesAsync(new(IncludeDeleted: true)));
        Assert.Equal(["shop-gone"], await NamesAsync(new(Phase: EnvironmentPhase.Deleted)));
        Assert.Equal(["other", "shop-live"], await NamesAsync(new(Phase: EnvironmentPhase.Provisioning)));
        Assert.Equal(["shop-asked", "shop-live"], await NamesAsync(new(Search: " SHOP ")));
        Assert.Equal(["shop-live"], await NamesAsync(new(Search: "p-l", Team: Core.Team)));
        Assert.Empty(await NamesAsync(new(Search: "%")));
        Assert.Empty(await NamesAsync(new(Search: "_hop")));
        Assert.Empty(await NamesAsync(new(Search: "shop\0")));
        Assert.Empty(await NamesAsync(new(Team: "other\0")));
        Assert.Empty(await NamesAsync(new(Team: "other-team")));
    }

    [Fact]
    public async Task Queries_AskedByOtherTeams_AnswerAsIfNothingWereThere()
    {
        var request = await Core.RequestAsync();
        var other = AnActor.Owner("other");

        Assert.Equal(0, (await Environments.ListAsync(other, new(), new(0, 10), Ct)).Total);
        Assert.Equal(0, (await Environments.ListAsync(AnActor.Stranger(), new(Team: Core.Team), new(0, 10), Ct)).Total);
        Assert.Equal("environment.not-found", (await Environments.GetAsync(other, request.EnvironmentId, Ct)).Errors[0].Code);
        Assert.Equal("environment.not-found", (await Environments.RolloutsAsync(other, request.EnvironmentId, Ct)).Errors[0].Code);
        Assert.Equal("environment.not-found", (await Environments.InventoryAsync(other, request.EnvironmentId, Ct)).Errors[0].Code);
        Assert.Equal("environment.not-found", (await Environments.ActivityAsync(other, request.EnvironmentId, Ct)).Errors[0].Code);
        Assert.Null(await Environments.OpenRequestAsync(other, request.EnvironmentId, Ct));
        Assert.Equal("request.not-found", (await Core.Get<RequestQueries>().GetAsync(other, request.Id, Ct)).Errors[0].Code);
        Assert.Equal(0, (await Core.Get<RequestQueries>().ListAsync(other, new(), new(0, 10), Ct)).Total);

        Assert.Equal(request.Id, (await Environments.OpenRequestAsync(AnActor.Viewer(Core.Team), request.EnvironmentId, Ct))?.Id);
        Assert.True((await Core.Get<RequestQueries>().GetAsync(Core.Approver, request.Id, Ct)).IsSuccess);
    }

    [Fact]
    public async Task WaitingFor_Approvers_AreOpenRequestsOfOthers()
    {
        var administrator = AnActor.Administrator("ayu-" + Core.Team);
        var theirs = await Core.RequestAsync("theirs");
        var own = (await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(administrator, new(Core.Team, "own", ASpec.Named("own")), Ct)).Value;
        await Core.ApprovedAsync("closed");

        var waiting = await Core.Get<RequestQueries>().WaitingForAsync(administrator, new(0, 200), Ct);

        Assert.Equal([theirs.Id], waiting.Items.Where(request => request.Team == Core.Team).Select(request => request.Id));
        Assert.DoesNotContain(own.Id, waiting.Items.Select(request => request.Id));
        Assert.Equal(0, (await Core.Get<RequestQueries>().WaitingForAsync(Core.Member, new(0, 200), Ct)).Total);
    }

    [Fact]
    public async Task Requests_Filtered_GiveOnlyWhatFits()
    {
        var pending = await Core.RequestAsync("pending");
        var approved = await Core.ApprovedAsync("approved");
        var queries = Core.Get<RequestQueries>();

        Assert.Equal([pending.Id], (await queries.ListAsync(Core.Member, new(RequestState.Pending), new(0, 10), Ct)).Items.Select(request => request.Id));
        Assert.Equal([approved], (await queries.ListAsync(Core.Member, new(Environment: approved), new(0, 10), Ct)).Items.Select(request => request.EnvironmentId));
        Assert.Equal(2, (await queries.ListAsync(Core.Member, new(SubmittedBy: Core.Member.UserId), new(0, 10), Ct)).Total);
        Assert.Equal(0, (await queries.ListAsync(Core.Member, new(SubmittedBy: "nobody"), new(0, 10), Ct)).Total);
    }

    [Fact]
    public async Task Actor_SavedWithMemberships_IsFoundWithItsRoles()
    {
        var id = $"user-{Core.Team}";
        await using (var session = Core.Sessions.Open())
        {
            await session.UpsertAsync(new User(id, "Dewi Ö.", PlatformRole.Approver), [new Membership(Core.Team, id, TeamRole.Owner), new Membership("x", id, TeamRole.Viewer)], Ct);
            Assert.True(await session.TrySaveAsync(Ct));
        }

        var actor = (await Core.Get<TeamQueries>().FindActorAsync(id, Ct))!;

        Assert.Equal((id, "Dewi Ö.", PlatformRole.Approver), (actor.UserId, actor.DisplayName, actor.PlatformRole));
        Assert.Equal(new Dictionary<string, TeamRole> { [Core.Team] = TeamRole.Owner, ["x"] = TeamRole.Viewer }, actor.Teams);
        Assert.Null(await Core.Get<TeamQueries>().FindActorAsync("nobody", Ct));
    }

    [Fact]
    public async Task Teams_ByActor_AreThoseSeenAndThoseRequestable()
    {
        await Core.AddTeamAsync(Core.Team + "b");
        var teams = Core.Get<TeamQueries>();

        Assert.Equal([Core.Team], (await teams.RequestableAsync(Core.Member, Ct)).Select(team => team.Slug));
        Assert.Equal([Core.Team], (await teams.VisibleAsync(AnActor.Viewer(Core.Team), Ct)).Select(team => team.Slug));
        Assert.Empty(await teams.RequestableAsync(AnActor.Viewer(Core.Team), Ct));
        Assert.Contains(Core.Team + "b", (await teams.VisibleAsync(Core.Approver, Ct)).Select(team => team.Slug));
        Assert.Empty(await teams.RequestableAsync(Core.Approver, Ct));
    }

    private async Task<IEnumerable<string>> NamesAsync(EnvironmentFilter filter) =>
        (await Environments.ListAsync(Core.Member, filter, new(0, 50), Ct)).Items.Select(environment => environment.Name).Order(StringComparer.Ordinal);
}

public sealed class QueriesOnPostgres(PostgresFixture fixture) : QueriesSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class QueriesOnSqlite(SqliteFixture fixture) : QueriesSuite(fixture), IClassFixture<SqliteFixture>;
