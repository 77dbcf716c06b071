using Portal.Core.Persistence;
using Portal.Web.Auth;
using Portal.Web.Options;

namespace Portal.Web.Hosting;

/// <summary>The life of the process: read settings, build, migrate, serve. What cannot work ends in readable lines and exit code 1.</summary>
public static partial class PortalHost
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
            var (settings, unpinned) = await ImagePinning.CompleteAsync(PortalSettingsReader.Read(builder.Configuration, Directory.GetCurrentDirectory()), CancellationToken.None);
            builder.AddPortal(settings);
            await using var app = builder.Build();
            app.UsePortal();
            await PrepareDatabaseAsync(app.Services, settings);
            foreach (var trouble in unpinned)
            {
                LogUnpinned(app.Logger, trouble, SettingKeys.ImageDigests);
            }

            if (settings.DemoExposed)
            {
                LogDemoExposed(app.Logger, string.Join(' ', settings.Urls), SettingKeys.DemoAllowNonLoopback);
            }

            app.Lifetime.ApplicationStarted.Register(() => StartLine.Print(app, settings));
            await app.RunAsync();
            return 0;
        }
        catch (Exception trouble) when (StartupTrouble.Explain(trouble) is { } problems)
        {
            foreach (var problem in problems)
            {
                await Console.Error.WriteLineAsync($"Portal cannot start. {problem}");
            }

            return 1;
        }
    }

    private static async Task PrepareDatabaseAsync(IServiceProvider services, PortalSettings settings)
    {
        var sessions = services.GetRequiredService<PortalSessions>();
        try
        {
            await sessions.MigrateAsync(CancellationToken.None);
            await DemoSeed.PlantAsync(sessions, CancellationToken.None);
        }
        catch (Exception trouble) when (StartupTrouble.ExplainDatabase(trouble, settings) is { } problem)
        {
            throw new StartupException([problem], trouble);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An image stays by its tag until it has a digest in the file of {Setting}: {Trouble}")]
    private static partial void LogUnpinned(ILogger logger, string trouble, string setting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ANYONE who reaches {Addresses} may sign in as anyone, also as administrator, because {Setting} is true. Never use this for anything that matters.")]
    private static partial void LogDemoExposed(ILogger logger, string addresses, string setting);
}
