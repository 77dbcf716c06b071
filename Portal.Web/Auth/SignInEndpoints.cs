using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Portal.Web.Auth;

/// <summary>Where the sign-in page and the sign-out button post to. Plain endpoints, because a circuit cannot set a cookie.</summary>
public static class SignInEndpoints
{
    public const string DemoSignIn = "/signin/demo";
    public const string SignOut = "/signout";

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(DemoSignIn, SignInAsync).WithName("DemoSignIn").AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(SignOut, (Delegate)SignOutAsync).WithName("SignOut").AllowAnonymous().ExcludeFromDescription()
            .WithMetadata(new RequireAntiforgeryTokenAttribute());
    }

    private static async Task<Results<RedirectHttpResult, ProblemHttpResult>> SignInAsync(
        [FromForm] string? persona, [FromForm] string? returnUrl, HttpContext context)
    {
        if (DemoPersonas.Find(persona) is not { } who)
        {
            return TypedResults.Problem(
                $"There is no demo persona \"{persona}\". Choose one of: {string.Join(", ", DemoPersonas.All.Select(each => each.UserId))}.", statusCode: StatusCodes.Status400BadRequest);
        }

        await context.SignInAsync(Schemes.Cookie, PortalIdentity.Of(who.UserId, who.DisplayName, Schemes.Cookie));
        return TypedResults.LocalRedirect(Local(returnUrl));
    }

    private static async Task<Results<RedirectHttpResult, BadRequest>> SignOutAsync(HttpContext context)
    {
        // Nothing is read from the form, so the framework leaves looking at the token to us.
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: true })
        {
            return TypedResults.BadRequest();
        }

        await context.SignOutAsync(Schemes.Cookie);
        return TypedResults.LocalRedirect(AuthServices.SignInPath);
    }

    /// <summary>Only a path of this portal is followed; anything else leads home.</summary>
    private static string Local(string? returnUrl) =>
        returnUrl is { Length: > 0 } && returnUrl[0] == '/' && RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : "/";
}
