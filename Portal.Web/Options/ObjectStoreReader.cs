using System.Net;
using System.Text.RegularExpressions;
using Portal.Provisioning.Blueprint;

namespace Portal.Web.Options;

/// <summary>Reads where copies of backups go: <c>Platform:ObjectStore:*</c>.</summary>
internal static partial class ObjectStoreReader
{
    /// <summary>What stores that have no regions take.</summary>
    private const string UsualRegion = "us-east-1";

    private const string UsualSecret = "object-store";

    public static S3Store? Read(SettingsReader reader)
    {
        var endpoint = Endpoint(reader);
        var region = PlatformSettingsReader.Matching(reader, SettingKeys.StoreRegion, Region(), "is no region. Write one like eu-central-1.") ?? UsualRegion;
        var bucket = PlatformSettingsReader.Matching(reader, SettingKeys.StoreBucket, Bucket(),
            "is no name of a bucket. Use 3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit.");
        var prefix = PlatformSettingsReader.Matching(reader, SettingKeys.StorePrefix, Prefix(),
            "is no prefix. Use letters, digits, dots, underscores and hyphens, with single slashes only between them, for example portal/backups.");
        var pathStyle = reader.Flag(SettingKeys.StorePathStyle, missing: true);
        var secret = PlatformSettingsReader.Matching(reader, SettingKeys.StoreSecret, PlatformSettingsReader.ObjectName(), PlatformSettingsReader.NoSecretName) ?? UsualSecret;
        var cidr = Cidr(reader, endpoint);
        if (reader.Text(SettingKeys.StoreEndpoint) is null)
        {
            foreach (var key in SettingKeys.Store.Where(key => key != SettingKeys.StoreEndpoint && reader.Text(key) is not null))
            {
                reader.Problem(key, $"it is of no use without an object store. Set {SettingKeys.StoreEndpoint} too, or leave it out.");
            }

            return null;
        }

        if (reader.Text(SettingKeys.StoreBucket) is null)
        {
            reader.Problem(SettingKeys.StoreBucket, $"it is missing while {SettingKeys.StoreEndpoint} names an object store. Write the name of the bucket that backups are copied to.");
        }

        return endpoint is null || bucket is null ? null : new(endpoint, region, bucket, secret) { Prefix = prefix, PathStyle = pathStyle, Cidr = cidr };
    }

    private static Uri? Endpoint(SettingsReader reader)
    {
        var text = reader.Text(SettingKeys.StoreEndpoint);
        if (text is null || Address().IsMatch(text))
        {
            return text is null ? null : new(text);
        }

        // The text may hold a login, so the message does not repeat it.
        reader.Problem(SettingKeys.StoreEndpoint,
            "it is no address of an object store. Write https://, its host and, where it has one, its port, without a path, a login or a slash at the end, for example https://objects.example:9000.");
        return null;
    }

    private static string? Cidr(SettingsReader reader, Uri? endpoint)
    {
        var text = reader.Text(SettingKeys.StoreCidr);
        if (text is not null && !(IPNetwork.TryParse(text, out var network) && network.ToString() == text))
        {
            reader.Problem(SettingKeys.StoreCidr, $"\"{text}\" is no range of addresses. Write one like 10.20.0.0/16, with no bit set behind its length.");
        }
        else if (text is null && endpoint is not null && IPAddress.TryParse(endpoint.Host, out var address) && !AddressRange.Public.Any(range => range.Contains(address)))
        {
            reader.Problem(SettingKeys.StoreCidr, $"it is missing while {SettingKeys.StoreEndpoint} is a private address, which backups may not go to without it. Write the range of addresses that the store has, for example {address}/32.");
        }

        return text;
    }

    [GeneratedRegex(@"^https?://[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){0,20}(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?\z")]
    private static partial Regex Address();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\z")]
    private static partial Regex Region();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex Bucket();

    // A part that begins with a dot could be "..", which some clients resolve.
    [GeneratedRegex(@"^(?=.{1,200}\z)[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\z")]
    private static partial Regex Prefix();
}
