using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Portal.Web.Options;

/// <summary>Reads single values of the configuration and collects every problem instead of stopping at the first.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    public List<string> Problems { get; } = [];

    public string? Text(string key) => string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key]!.Trim();

    public IEnumerable<IConfigurationSection> Children(string key) => configuration.GetSection(key).GetChildren();

    public bool Flag(string key, bool missing = false)
    {
        var text = Text(key);
        if (text is null)
        {
            return missing;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        Problem(key, $"\"{text}\" cannot be read. Allowed: true or false.");
        return missing;
    }

    public int Number(string key, int missing, int min, int max)
    {
        var text = Text(key);
        if (text is null)
        {
            return missing;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        Problem(key, $"\"{text}\" is not allowed. Write a whole number from {min} to {max}.");
        return missing;
    }

    public void Problem(string key, string sentence) => Problems.Add($"{key}: {sentence}");

    /// <summary>A misspelt key would silently mean the default, so a section of ours holds only keys that we know.</summary>
    /// <remarks>Sections whose keys are names that people choose, and lists, are checked by whoever reads them.</remarks>
    public void RefuseUnknown()
    {
        foreach (var section in SettingKeys.All.Where(key => key.Contains(':', StringComparison.Ordinal)).Select(key => key.Split(':')[0]).Distinct().Where(name => name is not "ConnectionStrings" and not SettingKeys.Clusters))
        {
            var known = SettingKeys.All.Where(key => key.StartsWith(section + ":", StringComparison.Ordinal)).ToList();
            foreach (var child in Leaves(section).Where(child => !known.Contains(child.Path, StringComparer.OrdinalIgnoreCase) && !IsInAList(child.Path)))
            {
                Problem(child.Path, $"there is no such setting. Known here: {string.Join(", ", known)}.");
            }
        }
    }

    private static bool IsInAList(string path) => path.StartsWith($"{SettingKeys.IngressControllers}:", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<IConfigurationSection> Leaves(string key) =>
        Children(key).SelectMany(child => child.GetChildren().Any() ? Leaves(child.Path) : [child]);
}
