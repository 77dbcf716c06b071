using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Registries;
using Portal.Web.Options;

namespace Portal.Web.Hosting;

/// <summary>Finds out missing digests of images before the portal serves, where a setting says so. Afterwards nothing asks a registry.</summary>
internal static class ImagePinning
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <returns>The settings with what the file holds now, and a sentence for each image that it lacks.</returns>
    public static async Task<(PortalSettings Settings, IReadOnlyList<string> Troubles)> CompleteAsync(PortalSettings settings, CancellationToken ct)
    {
        if (settings.DigestsToComplete is not { } path)
        {
            return (settings, []);
        }

        try
        {
            using var http = new HttpClient();
            var troubles = await DigestFile.CompleteAsync(path, StackBlueprint.OwnImages(settings.Platform), new RegistryClient(http), s_limit, TimeProvider.System, ct);
            string[] lines = File.Exists(path) ? await File.ReadAllLinesAsync(path, ct) : [];
            var digests = ImageDigests.Read(lines, (_, problem) => throw new InvalidDataException(problem));
            return (settings with { Platform = settings.Platform with { Digests = digests } }, troubles);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new StartupException([$"{SettingKeys.ImageDigests}: \"{path}\" cannot be written: {trouble.Message}"], trouble);
        }
    }
}
