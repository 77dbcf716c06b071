using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Portal.Provisioning.Blueprint;

namespace Portal.Web.Options;

/// <summary>Reads the controllers of routes that clusters share: <c>Platform:IngressControllers:N:*</c>.</summary>
internal static partial class IngressControllerReader
{
    /// <summary>Where a controller's Service takes plain HTTP.</summary>
    private const int UsualPort = 80;

    private static readonly string[] s_keys = ["Class", "Service", "Port", "PodPort", "Gateway"];

    public static IReadOnlyList<IngressController> Read(SettingsReader reader)
    {
        var sections = reader.Children(SettingKeys.IngressControllers).ToList();
        var found = sections.Select(section => (section.Path, Controller: One(reader, section))).ToList();
        // A class of each kind may have the same name; two controllers of one class could not be told apart.
        foreach (var again in found.Where(each => each.Controller is not null).GroupBy(each => (each.Controller!.Class, each.Controller.Gateway is null)).SelectMany(same => same.Skip(1)))
        {
            reader.Problem($"{again.Path}:Class", $"\"{again.Controller!.Class}\" is described twice. Leave one of the two out.");
        }

        return sections.Count == 0 ? [] : [.. found.Select(each => each.Controller).OfType<IngressController>()];
    }

    private static IngressController? One(SettingsReader reader, IConfigurationSection section)
    {
        if (section.Value is { } text)
        {
            reader.Problem(section.Path, $"\"{text}\" is not a controller. Write {SettingKeys.IngressControllers}:0:Class and {SettingKeys.IngressControllers}:0:Service, and other numbers for further ones.");
            return null;
        }

        foreach (var child in section.GetChildren().Where(child => !s_keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            reader.Problem(child.Path, $"there is no such setting. Known here: {string.Join(", ", s_keys.Select(key => $"{section.Path}:{key}"))}.");
        }

        var name = Needed(reader, $"{section.Path}:Class", ClassName(), "is no name of an IngressClass or a GatewayClass.", "Write the name of the IngressClass, or of the GatewayClass, that the controller acts on.");
        var service = Needed(reader, $"{section.Path}:Service", Pair(), "is no Service of a namespace. Write NAMESPACE/SERVICE, for example ingress-system/controller.",
            "Write the Service of the controller's proxies as NAMESPACE/SERVICE, for example ingress-system/controller.");
        var port = reader.Number($"{section.Path}:Port", UsualPort, 1, 65_535);
        var podPort = reader.Number($"{section.Path}:PodPort", port, 1, 65_535);
        var gateway = PlatformSettingsReader.Matching(reader, $"{section.Path}:Gateway", Pair(), "is no Gateway of a namespace. Write NAMESPACE/GATEWAY, for example gateway-system/internal; leave it out for an IngressClass.");
        return name is null || service is null ? null : new(name, Named(service), port, podPort, gateway is null ? null : Named(gateway));
    }

    private static string? Needed(SettingsReader reader, string key, Regex shape, string otherwise, string missing)
    {
        if (reader.Text(key) is null)
        {
            reader.Problem(key, $"it is missing. {missing}");
        }

        return PlatformSettingsReader.Matching(reader, key, shape, otherwise);
    }

    private static NamespacedName Named(string pair) => pair.Split('/') is [var name, var rest] ? new(name, rest) : throw new ArgumentException($"\"{pair}\" is no pair.", nameof(pair));

    [GeneratedRegex(@"^(?=.{1,63}\z)[a-z0-9]([a-z0-9.-]*[a-z0-9])?\z")]
    private static partial Regex ClassName();

    // Both become part of configuration files and of host names: labels alone.
    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Pair();
}
