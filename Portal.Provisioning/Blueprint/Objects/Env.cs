using System.Text.Json.Nodes;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Environment variables of a container.</summary>
internal static class Env
{
    public static JsonObject Value(string name, string value) => Json.Map(("name", name), ("value", value));

    public static JsonObject Field(string name, string path) =>
        Json.Map(("name", name), ("valueFrom", Json.Map(("fieldRef", Json.Map(("fieldPath", path))))));

    /// <summary>A credential, for the few programs that read it from nowhere else. Everything else mounts it as a file.</summary>
    public static JsonObject Secret(string name, string secret) =>
        Json.Map(("name", name), ("valueFrom", Json.Map(("secretKeyRef", Json.Map(("name", secret), ("key", Credentials.PasswordKey))))));
}
