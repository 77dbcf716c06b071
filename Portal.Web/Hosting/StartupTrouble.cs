using System.Data.Common;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Sandbox;
using Portal.Web.Options;

namespace Portal.Web.Hosting;

/// <summary>Recognises what an operator can repair and says it in one line that names the setting. Anything else is a bug and keeps its stack.</summary>
internal static class StartupTrouble
{
    public static IReadOnlyList<string>? Explain(Exception trouble) => trouble switch
    {
        StartupException known => known.Problems,
        ClusterConfigurationException clusters => [.. clusters.Problems.Select(problem => $"{KeyOf(problem.Source)}: {problem.Sentence}")],
        IOException { InnerException: AddressInUseException } inUse => [$"{SettingKeys.Urls}: {Sentence(inUse.Message)} Stop the other program or choose another port."],
        SandboxInUseException sandbox => [$"{SettingKeys.DataDirectory}: {sandbox.Message}"],
        SocketException socket => [$"{SettingKeys.Urls}: the portal cannot listen there: {Sentence(socket.Message)} Choose another address or port."],
        _ => null,
    };

    public static string? ExplainDatabase(Exception trouble, PortalSettings settings)
    {
        var cause = Chain(trouble).FirstOrDefault(each => each is DbException or SocketException or TimeoutException or ArgumentException);
        if (cause is null)
        {
            return null;
        }

        var reason = string.Join(" ", Chain(cause).Select(each => Sentence(each.Message)).Distinct());
        return settings.Database.IsPostgres
            ? $"{SettingKeys.Database}: the database cannot be used: {reason}"
            : $"{SettingKeys.DataDirectory}: the database in \"{settings.DataDirectory}\" cannot be used: {reason}";
    }

    private static string KeyOf(ClusterSource source) =>
        $"{(source.Name == ClusterSource.Unnamed ? "Cluster" : $"{SettingKeys.Clusters}:{source.Name}")}:{(source.InCluster ? "InCluster" : "Kubeconfig")}";

    private static IEnumerable<Exception> Chain(Exception outermost)
    {
        for (var each = outermost; each is not null; each = each.InnerException)
        {
            yield return each;
        }
    }

    private static string Sentence(string message) => message.ReplaceLineEndings(" ").Trim().TrimEnd('.') + ".";
}
