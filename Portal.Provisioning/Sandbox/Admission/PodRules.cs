using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The validation rules of pod specs.</summary>
internal static class PodRules
{
    public static void Check(JsonObject spec, string path, List<FieldCause> causes)
    {
        var volumes = Names(spec.Items("volumes"), $"{path}.volumes", causes);
        if (spec["containers"] is not JsonArray { Count: > 0 })
        {
            causes.Add(FieldCause.Required($"{path}.containers"));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        Containers(spec, "containers", path, names, volumes, causes);
        Containers(spec, "initContainers", path, names, volumes, causes);
    }

    private static void Containers(JsonObject spec, string list, string path, HashSet<string> names, HashSet<string> volumes, List<FieldCause> causes)
    {
        var i = 0;
        foreach (var container in spec.Items(list))
        {
            var at = $"{path}.{list}[{i++}]";
            var name = container.Text("name") ?? "";
            if (name.Length == 0)
            {
                causes.Add(FieldCause.Required($"{at}.name"));
            }
            else if (name.Length > 63 || !Validator.Label().IsMatch(name))
            {
                causes.Add(FieldCause.Invalid($"{at}.name", name, "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"));
            }
            else if (!names.Add(name))
            {
                causes.Add(FieldCause.Duplicate($"{at}.name", name));
            }

            if (string.IsNullOrEmpty(container.Text("image")))
            {
                causes.Add(FieldCause.Required($"{at}.image"));
            }

            Mounts(container, at, volumes, causes);
            Resources(container, at, causes);
        }
    }

    private static void Mounts(JsonObject container, string at, HashSet<string> volumes, List<FieldCause> causes)
    {
        var (i, paths) = (0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var mount in container.Items("volumeMounts"))
        {
            var name = mount.Text("name") ?? "";
            // A StatefulSet's claims become volumes of its pods, so a template may mount a name that it does not declare.
            if (!volumes.Contains(name) && !at.StartsWith("spec.template", StringComparison.Ordinal))
            {
                causes.Add(new FieldCause("FieldValueNotFound", $"{at}.volumeMounts[{i}].name", $"Not found: \"{name}\""));
            }

            if (!paths.Add(mount.Text("mountPath") ?? ""))
            {
                causes.Add(FieldCause.Invalid($"{at}.volumeMounts[{i}].mountPath", mount["mountPath"].Copy(), "must be unique"));
            }

            i++;
        }
    }

    private static void Resources(JsonObject container, string at, List<FieldCause> causes)
    {
        var limits = container.Map("resources", "limits");
        foreach (var (name, value) in container.Map("resources", "requests") ?? [])
        {
            if (limits?.Text(name) is { } limit && Quantity.Milli(value.AsText()) > Quantity.Milli(limit))
            {
                causes.Add(FieldCause.Invalid($"{at}.resources.requests", value.Copy(), $"must be less than or equal to {name} limit of {limit}"));
            }
        }
    }

    private static HashSet<string> Names(IEnumerable<JsonObject> items, string path, List<FieldCause> causes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var i = 0;
        foreach (var item in items)
        {
            if (!names.Add(item.Text("name") ?? ""))
            {
                causes.Add(FieldCause.Duplicate($"{path}[{i}].name", item["name"].Copy()));
            }

            i++;
        }

        return names;
    }
}
