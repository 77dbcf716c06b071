using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Databases.MySql;

/// <summary>A database of somebody else: nothing runs here, the services are told where it is and may go there.</summary>
internal static class ExternalMySql
{
    private static readonly Component[] s_clients = [Component.Gateway, Component.Publish, Component.Consume];

    public static void Render(StackContext stack)
    {
        var external = stack.Spec.MySql.External;
        stack.Note($"MySQL is a database of others at {external.Host}: put the password of {external.User} into the Secret {external.SecretName} as password; the services start when it is there.");
    }

    public static IEnumerable<(string Name, string Value)> Endpoints(ExternalMySqlSpec spec) =>
    [
        ("MYSQL_PRIMARY", Address(spec.Host!, spec.Port)),
        ("MYSQL_READ", Address(spec.ReadHost ?? spec.Host!, spec.Port)),
        ("MYSQL_DATABASE", spec.Database!),
        ("MYSQL_USER", spec.User!),
        .. spec.Tls ? [("MYSQL_TLS", "required")] : Array.Empty<(string, string)>(),
    ];

    /// <remarks>What a name leads to is not known, so that the destination is open; addresses are exact.</remarks>
    public static IEnumerable<Flow> Flows(ExternalMySqlSpec spec)
    {
        var within = Within(spec);
        return s_clients.Select(service => Wiring.Tcp(service, null, "SQL", spec.Port) with { Within = within });
    }

    private static AddressRange[]? Within(ExternalMySqlSpec spec)
    {
        var ranges = new List<AddressRange>();
        foreach (var host in new[] { spec.Host!, spec.ReadHost ?? spec.Host! }.Distinct())
        {
            if (!IPAddress.TryParse(host, out var address))
            {
                return null;
            }

            ranges.Add(new($"{address}/{(address.AddressFamily == AddressFamily.InterNetworkV6 ? "128" : "32")}", []));
        }

        return [.. ranges];
    }

    private static string Address(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");
}
