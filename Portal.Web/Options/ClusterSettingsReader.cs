using Microsoft.Extensions.Configuration;
using Portal.Provisioning.Clusters;

namespace Portal.Web.Options;

/// <summary>Reads which clusters there are: <c>Cluster:*</c> is one without a name, <c>Clusters:NAME:*</c> are any number with one.</summary>
internal static class ClusterSettingsReader
{
    private static readonly string[] s_keys = ["Kubeconfig", "Context", "InCluster"];

    public static ClusterChoice Read(SettingsReader reader, string currentDirectory)
    {
        var unnamed = One(reader, "Cluster", ClusterSource.Unnamed, currentDirectory);
        var named = reader.Children(SettingKeys.Clusters).Select(section => Named(reader, section, currentDirectory)).OfType<ClusterSource>().ToList();
        if (reader.Text(SettingKeys.Clusters) is { } text)
        {
            reader.Problem(SettingKeys.Clusters, $"\"{text}\" is not a cluster. Write {SettingKeys.NamedCluster[0]}, with a name of your choice.");
        }

        var sources = unnamed is null ? named : [unnamed, .. named];
        var preferred = reader.Text(SettingKeys.DefaultCluster);
        if (preferred is not null && sources.All(source => source.Name != preferred))
        {
            reader.Problem(SettingKeys.DefaultCluster, sources.Count == 0
                ? $"\"{preferred}\" is not a cluster: none is configured. Set {SettingKeys.Kubeconfig}, or {SettingKeys.Clusters}:{preferred}:Kubeconfig."
                : $"\"{preferred}\" is not a cluster that is configured. Allowed: {string.Join(", ", sources.Select(source => source.Name))}.");
        }

        return new(sources, preferred);
    }

    private static ClusterSource? Named(SettingsReader reader, IConfigurationSection section, string currentDirectory)
    {
        if (!IsName(section.Key))
        {
            reader.Problem(section.Path, section.Key is ClusterSource.Unnamed or ClusterSettings.SandboxName
                ? $"this name is taken. The cluster \"{ClusterSource.Unnamed}\" is the one of {SettingKeys.Kubeconfig}; choose another name here."
                : $"\"{section.Key}\" cannot be the name of a cluster. Use up to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.");
            return null;
        }

        var unknown = section.GetChildren().Where(child => !s_keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase)).ToList();
        unknown.ForEach(child => reader.Problem(child.Path, $"there is no such setting. Known here: {string.Join(", ", s_keys.Select(key => $"{section.Path}:{key}"))}."));
        var found = One(reader, section.Path, section.Key, currentDirectory);
        if (found is null && unknown.Count == 0 && reader.Text($"{section.Path}:Context") is null)
        {
            reader.Problem($"{section.Path}:Kubeconfig", "it is missing. Name the kubeconfig of this cluster, or set InCluster to true.");
        }

        return found;
    }

    private static ClusterSource? One(SettingsReader reader, string section, string name, string currentDirectory)
    {
        var kubeconfig = reader.Text($"{section}:Kubeconfig") is { } path ? Path.GetFullPath(path, currentDirectory) : null;
        var context = reader.Text($"{section}:Context");
        var inCluster = reader.Flag($"{section}:InCluster");
        if (kubeconfig is not null && inCluster)
        {
            reader.Problem($"{section}:InCluster", $"it is true while {section}:Kubeconfig names \"{kubeconfig}\". Choose one of the two.");
        }

        if (kubeconfig is null && context is not null)
        {
            reader.Problem($"{section}:Context", $"\"{context}\" needs a kubeconfig that has it. Set {section}:Kubeconfig too.");
        }

        return kubeconfig is null && !inCluster ? null : new(name, kubeconfig, context, inCluster);
    }

    // Environments carry it in the database and people type it: a DNS label, and none that means something else here.
    private static bool IsName(string text) =>
        text.Length is > 0 and <= 63 && text is not (ClusterSource.Unnamed or ClusterSettings.SandboxName)
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-') && text[0] != '-' && text[^1] != '-';
}
