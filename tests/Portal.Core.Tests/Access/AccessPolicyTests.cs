using Portal.Core.Access;
using Portal.Testing;

namespace Portal.Core.Tests.Access;

/// <summary>The whole matrix role x permission x own or other team. A new permission without a row fails.</summary>
public sealed class AccessPolicyTests
{
    private const string Own = "payments";
    private const string Other = "search";
    private const string Someone = "someone-else";

    // Columns: stranger, viewer, member, owner, approver, administrator, on a thing that somebody else made.
    // y allowed; f refused with 403; n "not found" (404), because the actor may not know that it exists.
    private static readonly Dictionary<(Permission Permission, string Team), string> s_table = new()
    {
        [(Permission.ViewEnvironment, Own)] = "n y y y y y",
        [(Permission.ViewEnvironment, Other)] = "n n n n y y",
        [(Permission.RequestEnvironment, Own)] = "n f y y f y",
        [(Permission.RequestEnvironment, Other)] = "n n n n f y",
        [(Permission.RequestChange, Own)] = "n f y y f y",
        [(Permission.RequestChange, Other)] = "n n n n f y",
        [(Permission.RequestDeletion, Own)] = "n f y y f y",
        [(Permission.RequestDeletion, Other)] = "n n n n f y",
        [(Permission.OperateEnvironment, Own)] = "n f y y f y",
        [(Permission.OperateEnvironment, Other)] = "n n n n f y",
        [(Permission.ViewRequest, Own)] = "n y y y y y",
        [(Permission.ViewRequest, Other)] = "n n n n y y",
        [(Permission.DecideRequest, Own)] = "n f f f y y",
        [(Permission.DecideRequest, Other)] = "n n n n y y",
        [(Permission.WithdrawRequest, Own)] = "n f f f f y",
        [(Permission.WithdrawRequest, Other)] = "n n n n f y",
        [(Permission.ViewAudit, Own)] = "n f f f f y",
        [(Permission.ViewAudit, Other)] = "n n n n f y",
    };

    private static readonly Actor[] s_actors =
    [
        AnActor.Stranger(), AnActor.Viewer(Own), AnActor.Member(Own), AnActor.Owner(Own), AnActor.Approver(), AnActor.Administrator(),
    ];

    public static TheoryData<Permission, string, int> Cells()
    {
        var cells = new TheoryData<Permission, string, int>();
        foreach (var (permission, team) in s_table.Keys)
        {
            for (var actor = 0; actor < s_actors.Length; actor++)
            {
                cells.Add(permission, team, actor);
            }
        }

        return cells;
    }

    [Fact]
    public void Table_EveryPermission_HasARowForOwnAndOtherTeam()
    {
        var expected = Enum.GetValues<Permission>().SelectMany(permission => new[] { (permission, Own), (permission, Other) });

        Assert.Equal(expected.ToHashSet(), s_table.Keys.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Check_EveryRoleAndPermission_AnswersAsTheTableSays(Permission permission, string team, int actor)
    {
        var expected = s_table[(permission, team)].Split(' ')[actor];
        var resource = new Resource(team, Someone);

        var denied = AccessPolicy.Check(s_actors[actor], permission, resource);

        var answer = denied?.Kind switch
        {
            null => "y",
            Results.ErrorKind.Forbidden => "f",
            Results.ErrorKind.NotFound => "n",
            _ => denied.Code,
        };
        Assert.Equal(expected, answer);
        Assert.Equal(denied is null, AccessPolicy.Allows(s_actors[actor], permission, resource));
    }

    [Theory]
    [InlineData(PlatformRole.Approver)]
    [InlineData(PlatformRole.Administrator)]
    public void DecideRequest_OwnRequest_IsRefusedWhateverTheRole(PlatformRole role)
    {
        var actor = AnActor.InTeam("ayu", Own, TeamRole.Owner, role);

        Assert.Equal("access.own-request", AccessPolicy.Check(actor, Permission.DecideRequest, new Resource(Own, actor.UserId))?.Code);
    }

    [Theory]
    [InlineData(TeamRole.Viewer)]
    [InlineData(TeamRole.Member)]
    public void WithdrawRequest_OwnRequest_IsAllowedWhileInTheTeam(TeamRole role)
    {
        var actor = AnActor.InTeam("dewi", Own, role);

        Assert.Null(AccessPolicy.Check(actor, Permission.WithdrawRequest, new Resource(Own, actor.UserId)));
        Assert.Equal("request.not-found", AccessPolicy.Check(AnActor.Member(Other, "dewi"), Permission.WithdrawRequest, new Resource(Own, "dewi"))?.Code);
    }

    [Fact]
    public void Check_UnknownPermission_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AccessPolicy.Check(AnActor.Administrator(), (Permission)999, new Resource(Own)));

    [Fact]
    public void VisibleTeams_ByRole_AreTheOwnTeamsOrAll()
    {
        Assert.Equal([Own], AnActor.Viewer(Own).VisibleTeams()!);
        Assert.Empty(AnActor.Stranger().VisibleTeams()!);
        Assert.Null(AnActor.Approver().VisibleTeams());
        Assert.Null(AnActor.Administrator().VisibleTeams());
    }
}
