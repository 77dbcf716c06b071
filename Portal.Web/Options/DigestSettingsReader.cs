using Portal.Provisioning.Blueprint;

namespace Portal.Web.Options;

/// <summary>Reads the digests that images are pinned to: the file that <c>Platform:ImageDigests</c> names.</summary>
internal static class DigestSettingsReader
{
    /// <returns>The digests, null without such a file; and the file's path when missing ones are to be found out.</returns>
    public static (ImageDigests? Digests, string? ToComplete) Read(SettingsReader reader, string currentDirectory)
    {
        var path = reader.Text(SettingKeys.ImageDigests) is { } text ? Path.GetFullPath(text, currentDirectory) : null;
        var resolve = reader.Flag(SettingKeys.ResolveDigests);
        if (path is null)
        {
            if (resolve)
            {
                reader.Problem(SettingKeys.ResolveDigests, $"it is of no use without a file to keep the digests in. Set {SettingKeys.ImageDigests} too, or leave it out.");
            }

            return (null, null);
        }

        return (resolve && !File.Exists(path) ? Parse(reader, path, []) : OfFile(reader, path), resolve ? path : null);
    }

    private static ImageDigests? OfFile(SettingsReader reader, string path)
    {
        try
        {
            return Parse(reader, path, File.ReadAllLines(path));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            reader.Problem(SettingKeys.ImageDigests, $"\"{path}\" cannot be read: {trouble.Message}");
            return null;
        }
    }

    private static ImageDigests Parse(SettingsReader reader, string path, string[] lines) =>
        ImageDigests.Read(lines, (number, problem) => reader.Problem(SettingKeys.ImageDigests, $"line {number} of \"{path}\": {problem}"));
}
