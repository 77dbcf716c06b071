using Portal.Web.Live;

namespace Portal.Web.Components;

/// <summary>What pages need beside the domain: languages and the clock of a circuit.</summary>
public static class PagesServices
{
    /// <summary>The languages of the interface; the first is the default.</summary>
    private static readonly string[] s_languages = ["en", "id"];

    public static IServiceCollection AddPortalPages(this IServiceCollection services)
    {
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(options => options
            .SetDefaultCulture(s_languages[0])
            .AddSupportedCultures(s_languages)
            .AddSupportedUICultures(s_languages));
        services.AddScoped<PageClock>();
        return services;
    }
}
