using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The documents that tell clients which groups, versions and kinds there are.</summary>
internal static class Discovery
{
    public static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = "36",
        ["gitVersion"] = "v1.36.2+portal-sandbox",
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "none",
        ["compiler"] = "none",
        ["platform"] = "sandbox",
    };

    public static JsonObject Versions() => new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray() };

    public static JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. GroupNames().Select(Group)]),
    };

    /// <summary>One group; null when there is none of that name.</summary>
    public static JsonObject? OneGroup(string name)
    {
        if (!GroupNames().Contains(name))
        {
            return null;
        }

        var group = Group(name);
        group.Insert(0, "kind", "APIGroup");
        group.Insert(1, "apiVersion", "v1");
        return group;
    }

    /// <summary>The resources of a group version; null when it is not served.</summary>
    public static JsonObject? Resources(string apiVersion)
    {
        var kinds = Kinds.Served.Where(kind => kind.ApiVersion == apiVersion).ToList();
        return kinds.Count == 0 ? null : new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = apiVersion,
            ["resources"] = new JsonArray([.. kinds.SelectMany(kind => kind.Subresources.Select(sub => Subresource(kind, sub)).Prepend(Resource(kind)))]),
        };
    }

    private static IEnumerable<string> GroupNames() => Kinds.Served.Select(kind => kind.Group).Where(group => group.Length > 0).Distinct();

    private static JsonObject Group(string name)
    {
        var versions = Kinds.Served.Where(kind => kind.Group == name).Select(kind => kind.Version).Distinct().Select(Entry).ToArray();
        return new JsonObject { ["name"] = name, ["versions"] = new JsonArray(versions), ["preferredVersion"] = versions[0].DeepClone() };

        JsonObject Entry(string version) => new() { ["groupVersion"] = $"{name}/{version}", ["version"] = version };
    }

    private static JsonObject Resource(ResourceKind kind)
    {
        var resource = new JsonObject
        {
            ["name"] = kind.Plural,
            ["singularName"] = kind.Singular,
            ["namespaced"] = kind.Namespaced,
            ["kind"] = kind.Kind,
            ["verbs"] = kind.Computed ? new JsonArray("get", "list") : new JsonArray("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"),
        };
        if (kind.ShortNames.Length > 0)
        {
            resource["shortNames"] = new JsonArray([.. kind.ShortNames.Select(name => JsonValue.Create(name))]);
        }

        if (kind.InAll)
        {
            resource["categories"] = new JsonArray("all");
        }

        return resource;
    }

    private static JsonObject Subresource(ResourceKind kind, string name)
    {
        var resource = new JsonObject { ["name"] = $"{kind.Plural}/{name}", ["singularName"] = "", ["namespaced"] = kind.Namespaced };
        (resource["kind"], string[] verbs) = name switch
        {
            "scale" => ("Scale", ["get", "patch", "update"]),
            "eviction" => ("Eviction", ["create"]),
            "log" => ("Pod", ["get"]),
            _ => (kind.Kind, (string[])["get", "patch", "update"]),
        };
        if (name is "scale" or "eviction")
        {
            resource["group"] = name == "scale" ? "autoscaling" : "policy";
            resource["version"] = "v1";
        }

        resource["verbs"] = new JsonArray([.. verbs.Select(verb => JsonValue.Create(verb))]);
        return resource;
    }
}
