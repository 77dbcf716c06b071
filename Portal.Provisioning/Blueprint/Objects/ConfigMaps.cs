using System.Text.Json.Nodes;
using Portal.Core.Environments;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>ConfigMaps. A changed one rolls the pods that mount it, see <see cref="Finishing.ConfigHashes"/>.</summary>
internal static class ConfigMaps
{
    public static void Add(StackContext stack, Component component, string name, params ReadOnlySpan<(string File, string Text)> files) =>
        Add(stack, component, name, annotations: null, files);

    /// <summary>For files that running pods read again by themselves.</summary>
    public static void AddLive(StackContext stack, Component component, string name, params ReadOnlySpan<(string File, string Text)> files) =>
        Add(stack, component, name, Json.Map((Labels.LiveReload, "true")), files);

    private static void Add(StackContext stack, Component component, string name, JsonObject? annotations, ReadOnlySpan<(string File, string Text)> files)
    {
        var data = new JsonObject();
        foreach (var (file, text) in files)
        {
            data.Add(file, text);
        }

        stack.Add(component, "v1", "ConfigMap", name, stack.LabelsOf(component), annotations, generated: null, ("data", data));
    }
}
