using Portal.Web.Api;
using Portal.Web.Auth;
using Portal.Web.Components;
using Portal.Web.Health;

namespace Portal.Web.Hosting;

/// <summary>The order in which a request passes through the portal.</summary>
public static class PortalPipeline
{
    public static void UsePortal(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseWhen(context => ApiPaths.IsApi(context.Request), api => api.UseStatusCodePages(bare =>
            ApiProblems.WriteAsync(bare.HttpContext, ApiProblems.OfStatus(bare.HttpContext.Response.StatusCode))));
        app.UseWhen(IsPage, pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UseRequestLocalization();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseAntiforgery();

        app.MapStaticAssets().AllowAnonymous();
        app.MapOpenApi().AllowAnonymous();
        app.MapHealth();
        app.MapSignIn();
        app.MapApi();
        // Frames are refused by our own header.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    private static bool IsPage(HttpContext context) => !ApiPaths.IsApi(context.Request) && HttpMethods.IsGet(context.Request.Method);
}
