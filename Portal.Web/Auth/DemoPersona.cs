using Portal.Core.Access;
using Portal.Core.Teams;

namespace Portal.Web.Auth;

/// <summary>Somebody whom anyone may be while no identity provider is configured.</summary>
/// <param name="Token">The bearer token that stands for the persona in the API.</param>
/// <param name="Can">What the persona may do, in a sentence for the sign-in card.</param>
public sealed record DemoPersona(string UserId, string DisplayName, string Title, string Can, string Token, PlatformRole Role, string? Team);

/// <summary>The demo people and their teams.</summary>
public static class DemoPersonas
{
    public static IReadOnlyList<Team> Teams { get; } = [new("payments", "Payments"), new("storefront", "Storefront")];

    public static IReadOnlyList<DemoPersona> All { get; } =
    [
        new("dewi", "Dewi Lestari", "App developer, Payments", "Requests environments for team Payments and watches them.", "demo-developer", PlatformRole.None, "payments"),
        new("arif", "Arif Santoso", "Approver", "Sees every request and decides on it.", "demo-approver", PlatformRole.Approver, null),
        new("sari", "Sari Wijaya", "Administrator", "Sees everything, requests for any team and decides.", "demo-admin", PlatformRole.Administrator, null),
        new("budi", "Budi Hartono", "App developer, Storefront", "Belongs to another team: sees nothing of Payments.", "demo-outsider", PlatformRole.None, "storefront"),
    ];

    public static DemoPersona? Find(string? userId) => All.FirstOrDefault(persona => persona.UserId == userId);

    public static DemoPersona? FindByToken(string token) => All.FirstOrDefault(persona => persona.Token == token);
}
