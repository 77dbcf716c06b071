using System.Text.RegularExpressions;
using Portal.Provisioning.Blueprint;

namespace Portal.Web.Options;

/// <summary>Reads what the platform's owners decide for the stacks of all environments: <c>Platform:*</c>.</summary>
internal static partial class PlatformSettingsReader
{
    /// <summary>Where a mail server takes mail from programs (RFC 6409).</summary>
    private const int SubmissionPort = 587;

    internal const string NoSecretName = "is no name of a Secret. Use up to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.";

    public static PlatformSettings Read(SettingsReader reader) => new()
    {
        Registry = Matching(reader, SettingKeys.Registry, Prefix(),
            "is no registry. Write its host name and, where it has one, its port and a path, without https:// and without a slash at the end, for example registry.example:5000/mirror."),
        PullSecret = Matching(reader, SettingKeys.PullSecret, ObjectName(), NoSecretName),
        SecretsNamespace = Matching(reader, SettingKeys.SecretsNamespace, ObjectName(), "is no name of a namespace. Use up to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit."),
        Mail = Mail(reader),
        ObjectStore = ObjectStoreReader.Read(reader),
        IngressControllers = IngressControllerReader.Read(reader),
    };

    private static MailServer? Mail(SettingsReader reader)
    {
        var host = Matching(reader, SettingKeys.MailHost, Host(), "is no host. Write a host name or an IPv4 address without the port, for example mail.example.");
        var port = reader.Number(SettingKeys.MailPort, SubmissionPort, 1, 65_535);
        var from = Matching(reader, SettingKeys.MailFrom, Address(), "is no address to send from. Write one like alerts@portal.example.");
        var requireTls = reader.Flag(SettingKeys.MailRequireTls, missing: true);
        if (reader.Text(SettingKeys.MailHost) is null)
        {
            foreach (var key in new[] { SettingKeys.MailPort, SettingKeys.MailFrom, SettingKeys.MailRequireTls }.Where(key => reader.Text(key) is not null))
            {
                reader.Problem(key, $"it is of no use without a mail server. Set {SettingKeys.MailHost} too, or leave it out.");
            }

            return null;
        }

        if (reader.Text(SettingKeys.MailFrom) is null)
        {
            reader.Problem(SettingKeys.MailFrom, $"it is missing while {SettingKeys.MailHost} names a mail server. Write the address that alerts are sent from, for example alerts@portal.example.");
        }

        return host is null || from is null ? null : new(host, port, from, requireTls);
    }

    internal static string? Matching(SettingsReader reader, string key, Regex shape, string otherwise)
    {
        var text = reader.Text(key);
        if (text is null || shape.IsMatch(text))
        {
            return text;
        }

        reader.Problem(key, $"\"{text}\" {otherwise}");
        return null;
    }

    // The first part has to look like a host, or the name would be read as one of the default registry's repositories.
    [GeneratedRegex(@"^(localhost|[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+|[a-z0-9]([a-z0-9-]*[a-z0-9])?(?=:))(:[0-9]{1,5})?(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    internal static partial Regex ObjectName();

    [GeneratedRegex(@"^(?=.{1,253}\z)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z")]
    private static partial Regex Host();

    // It becomes part of a configuration file: no quotes, braces or separators.
    [GeneratedRegex(@"^(?=.{1,254}\z)[A-Za-z0-9.!#$%&*+/=?^_~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\z")]
    private static partial Regex Address();
}
