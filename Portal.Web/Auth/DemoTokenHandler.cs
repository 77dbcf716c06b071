using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Portal.Web.Api;

namespace Portal.Web.Auth;

/// <summary>Accepts the bearer tokens of the demo personas. Registered in demo mode only.</summary>
internal sealed class DemoTokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        return Task.FromResult(DemoPersonas.FindByToken(header[Prefix.Length..].Trim()) is { } persona
            ? AuthenticateResult.Success(new(PortalIdentity.Of(persona.UserId, persona.DisplayName, Schemes.Bearer), Scheme.Name))
            : AuthenticateResult.Fail("The bearer token is not known."));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ApiProblems.WriteAsync(Context, ApiProblems.Unauthorized());
    }
}
