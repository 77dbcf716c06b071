using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using Portal.Web.Api;

namespace Portal.Web.Auth;

/// <summary>Registers who may come in: the cookie for pages, bearer tokens for the API, and "signed in" as the rule for everything else.</summary>
public static class AuthServices
{
    public const string SignInPath = "/sign-in";

    public static IServiceCollection AddPortalAuth(this IServiceCollection services)
    {
        services.AddScoped<CurrentActor>();
        services.AddCascadingAuthenticationState();
        services.AddAuthentication(Schemes.ByPath)
            .AddPolicyScheme(Schemes.ByPath, null, options =>
                options.ForwardDefaultSelector = context => ApiPaths.IsApi(context.Request) ? Schemes.Bearer : Schemes.Cookie)
            .AddCookie(Schemes.Cookie, options =>
            {
                options.Cookie.Name = "portal";
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = TimeSpan.FromHours(12);
                options.SlidingExpiration = true;
                options.LoginPath = SignInPath;
                options.ReturnUrlParameter = "returnUrl";
                options.AccessDeniedPath = "/forbidden";
            })
            .AddScheme<AuthenticationSchemeOptions, DemoTokenHandler>(Schemes.Bearer, null);

        // Deny is the default: what is open says so.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddAntiforgery(options => options.Cookie.Name = "portal-form");
        services.AddDataProtection().SetApplicationName("portal");
        services.AddSingleton<IXmlRepository, SigningKeys>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = provider.GetRequiredService<IXmlRepository>()));
        return services;
    }
}
