using System.Net;
using Microsoft.Extensions.Configuration;

namespace Portal.Web.Options;

/// <summary>The addresses that the portal listens on, wherever the configuration of ASP.NET lets them be written.</summary>
internal static class Listeners
{
    public static IReadOnlyList<string> Read(IConfiguration configuration, SettingsReader reader)
    {
        var urls = Named(configuration);
        foreach (var url in urls.Where(url => !IsAddress(url)))
        {
            reader.Problem(SettingKeys.Urls, $"\"{url}\" is not an address. Write http:// or https://, a host and a port, for example {PortalSettingsReader.DefaultUrl}.");
        }

        return urls;
    }

    public static bool IsLoopback(string url)
    {
        var host = Host(url);
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }

    private static List<string> Named(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? "").ToList();
        if (endpoints.Count > 0)
        {
            return endpoints;
        }

        var urls = Split(configuration[SettingKeys.Urls]);
        if (urls.Count > 0)
        {
            return urls;
        }

        // The official container images set these; they mean every interface.
        var ports = Split(configuration["http_ports"]).Select(port => $"http://*:{port}")
            .Concat(Split(configuration["https_ports"]).Select(port => $"https://*:{port}")).ToList();
        return ports.Count > 0 ? ports : [PortalSettingsReader.DefaultUrl];
    }

    private static List<string> Split(string? text) =>
        (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();

    public static bool IsAddress(string url)
    {
        var scheme = url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!scheme || Host(url).Length == 0)
        {
            return false;
        }

        // "*" and "+" stand for every interface; Uri does not know them.
        var readable = url.Replace("://*", "://any", StringComparison.Ordinal).Replace("://+", "://any", StringComparison.Ordinal);
        return Uri.TryCreate(readable, UriKind.Absolute, out var uri) && uri.PathAndQuery == "/";
    }

    private static string Host(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var authority = start < 3 ? url : url[start..].Split('/')[0];
        var bracket = authority.IndexOf(']', StringComparison.Ordinal);
        return bracket >= 0 ? authority[..(bracket + 1)] : authority.Split(':')[0];
    }
}
