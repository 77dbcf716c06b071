using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Portal.Web.Options;

namespace Portal.Web.Hosting;

/// <summary>The one line that says where the portal is, once it answers.</summary>
internal static class StartLine
{
    public static void Print(WebApplication app, PortalSettings settings)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (addresses.Count > 0)
        {
            Console.WriteLine(Text(addresses, settings));
        }
    }

    public static string Text(IEnumerable<string> addresses, PortalSettings settings)
    {
        var database = settings.Database.IsPostgres ? "PostgreSQL" : $"SQLite in {settings.DataDirectory}";
        var cluster = settings.Cluster.IsSandbox ? "simulated cluster" : settings.Cluster.InCluster ? "the cluster it runs in" : $"the cluster of {settings.Cluster.Kubeconfig}";
        return $"Portal serves on {string.Join(" and ", addresses)} (demo sign-in, {database}, {cluster}). Press Ctrl+C to stop.";
    }
}
