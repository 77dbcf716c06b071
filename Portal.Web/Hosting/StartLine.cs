using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Portal.Provisioning.Clusters;
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
        var cluster = settings.Cluster.Sources switch
        {
            [] => "simulated cluster",
            [var only] => Place(only),
            var several => $"{several.Count} clusters: {string.Join(", ", several.Select(source => $"{source.Name} is {Place(source)}"))}",
        };
        return $"Portal serves on {string.Join(" and ", addresses)} (demo sign-in, {database}, {cluster}). Press Ctrl+C to stop.";
    }

    private static string Place(ClusterSource source) => source.InCluster ? "the cluster it runs in"
        : source.Context is null ? $"the cluster of {source.Kubeconfig}" : $"the cluster {source.Context} of {source.Kubeconfig}";
}
