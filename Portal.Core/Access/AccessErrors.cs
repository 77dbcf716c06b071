using Portal.Core.Results;

namespace Portal.Core.Access;

public static class AccessErrors
{
    public static Error NotFound(Permission permission, Resource resource) => permission switch
    {
        Permission.RequestEnvironment => UnknownTeam(resource.Team),
        Permission.ViewRequest or Permission.DecideRequest or Permission.WithdrawRequest => Requests.RequestErrors.NotFound(),
        _ => Environments.EnvironmentErrors.NotFound(),
    };

    public static Error UnknownTeam(string team) => new("team.unknown", ErrorKind.NotFound,
        $"There is no team {UserText.Quote(team)} that you belong to. Choose one of your teams.", "team");

    public static Error NotMember(string team) => new("access.member", ErrorKind.Forbidden,
        $"Only members of team {team} may do this. Ask an owner of the team to make you a member.");

    public static Error NotSubmitter() => new("access.submitter", ErrorKind.Forbidden,
        "Only the person who submitted the request, or an administrator, may withdraw it.");

    public static Error NotApprover() => new("access.approver", ErrorKind.Forbidden,
        "Only approvers and administrators decide on requests.");

    public static Error OwnRequest() => new("access.own-request", ErrorKind.Forbidden,
        "You submitted this request, so someone else has to decide on it.");

    public static Error NotAdministrator() => new("access.administrator", ErrorKind.Forbidden,
        "Only administrators may see this.");
}
