using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Web.Api;

namespace Portal.Web.Auth;

/// <summary>Where the sign-in page and the sign-out button post to. Plain endpoints, because a circuit cannot set a cookie.</summary>
public static class SignInEndpoints
{
    public const string DemoSignIn = "/signin/demo";
    public const string SignOut = "/signout";

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup("").AllowAnonymous().ExcludeFromDescription()
            .WithMetadata(new RequireAntiforgeryTokenAttribute()).AddEndpointFilter(RefuseForgedAsync);
        forms.MapPost(DemoSignIn, (Delegate)SignInAsync).WithName("DemoSignIn");
        forms.MapPost(SignOut, (Delegate)SignOutAsync).WithName("SignOut");
    }

    private static async Task<Results<RedirectHttpResult, ApiProblem>> SignInAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (DemoPersonas.Find(form["persona"]) is not { } who)
        {
            return new ApiProblem(ApiProblems.BadRequest("persona.unknown",
                $"There is no demo persona \"{form["persona"]}\". Choose one of: {string.Join(", ", DemoPersonas.All.Select(each => each.UserId))}."));
        }

        await context.SignInAsync(Schemes.Cookie, PortalIdentity.Of(who.UserId, who.DisplayName, Schemes.Cookie));
        return TypedResults.LocalRedirect(Local(form["returnUrl"]));
    }

    private static async Task<RedirectHttpResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(Schemes.Cookie);
        return TypedResults.LocalRedirect(AuthServices.SignInPath);
    }

    /// <summary>The middleware looks at the token; acting on what it found is left to endpoints that bind no form.</summary>
    private static async ValueTask<object?> RefuseForgedAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true }
            ? await next(context)
            : new ApiProblem(ApiProblems.BadRequest("form.expired", "The form is too old or comes from elsewhere. Load the page again and repeat what you wanted to do."));

    /// <summary>Only a path of this portal is followed; anything else leads home.</summary>
    private static string Local(string? returnUrl) =>
        returnUrl is ['/', ..] && RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : "/";
}
