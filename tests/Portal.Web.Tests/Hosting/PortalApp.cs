using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core.Plans;
using Portal.Core.Rollouts;
using Portal.Testing;

namespace Portal.Web.Tests.Hosting;

/// <summary>The real portal in this process on its own SQLite file; only the cluster is a fake that the test owns.</summary>
public class PortalApp : WebApplicationFactory<Program>
{
    private readonly bool _ownsDirectory;

    public PortalApp()
        : this(null)
    {
    }

    protected internal PortalApp(string? directory)
    {
        _ownsDirectory = directory is null;
        Directory = directory ?? System.IO.Directory.CreateTempSubdirectory("portal-web-").FullName;
    }

    public string Directory { get; }

    public FakePlanner Planner { get; } = new();

    public RecordingTrigger Trigger { get; } = new();

    /// <summary>Settings beside the data directory.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>A client with the token of a demo persona: developer, approver, admin or outsider.</summary>
    public HttpClient As(string persona)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Bearer", $"demo-{persona}");
        return client;
    }

    public HttpClient Anonymous() => CreateClient(new() { AllowAutoRedirect = false, BaseAddress = ClientOptions.BaseAddress });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_ownsDirectory)
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            System.IO.Directory.Delete(Directory, recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        // The server in memory knows no limit of the body; Kestrel does, and has a test.
        builder.ConfigureLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Error));
        builder.UseSetting("Data:Directory", Directory);
        foreach (var (key, value) in Settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureTestServices(services =>
        {
            foreach (var background in services.Where(IsBackgroundWork).ToList())
            {
                services.Remove(background);
            }

            services.Replace(ServiceDescriptor.Singleton<IPlanner>(Planner));
            services.Replace(ServiceDescriptor.Singleton<IReconcileTrigger>(Trigger));
        });
    }

    private static bool IsBackgroundWork(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService)
        && (service.ImplementationType ?? service.ImplementationFactory?.Method.DeclaringType)?.Namespace is { } home
        && (home.StartsWith("Portal.", StringComparison.Ordinal) || home.StartsWith("Quartz", StringComparison.Ordinal));
}
