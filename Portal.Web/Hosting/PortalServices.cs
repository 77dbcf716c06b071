using Microsoft.AspNetCore.HostFiltering;
using Portal.Core;
using Portal.Jobs;
using Portal.Provisioning;
using Portal.Web.Api;
using Portal.Web.Auth;
using Portal.Web.Components;
using Portal.Web.Health;
using Portal.Web.Options;
using Radzen;

namespace Portal.Web.Hosting;

/// <summary>Registers the whole portal.</summary>
public static class PortalServices
{
    public static void AddPortal(this WebApplicationBuilder builder, PortalSettings settings)
    {
        builder.WebHost.UseUrls([.. settings.Urls]);
        // Also when started from the build output, not only in development; after publishing there is no such manifest.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(options => options.AddServerHeader = false);
        builder.Logging.AddPortalLogging();

        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddPortalCore(settings.Database);
        services.AddPortalProvisioning(
            new(settings.Cluster.IsSandbox, null, null, false, settings.DataDirectory) { Named = settings.Cluster.Sources, Preferred = settings.Cluster.Preferred },
            settings.Platform);
        services.AddPortalJobs(JobSettings.Default);
        services.AddPortalAuth();
        services.AddPortalApi(settings);
        services.AddPortalHealth();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        services.AddPortalPages();
        if (!settings.DemoExposed)
        {
            // Anyone may be anyone here, so a web page elsewhere must not reach the portal by a name of its own that leads to loopback.
            services.PostConfigure<HostFilteringOptions>(options => options.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        }
    }

    private static void AddPortalLogging(this ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss ";
        });
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Quartz", LogLevel.Warning);
        // The database holds the keys unencrypted by design; whoever reads it reads everything else too.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        // ApiExceptions logs it with the request id.
        logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);
        // A call without a token is answered, not logged.
        logging.AddFilter("Portal.Web.Auth.DemoTokenHandler", LogLevel.Warning);
        // What fails in the database is thrown too, and said once by whoever catches it.
        logging.AddFilter("Microsoft.EntityFrameworkCore.Database", LogLevel.None);
        // StartupTrouble says it in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }
}
