using System.Text.Json.Nodes;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Environment variables of a container.</summary>
internal static class Env
{
    /// <remarks>The server does not store an empty value, so that one which is sent would look changed for ever; a variable without one is empty.</remarks>
    public static JsonObject Value(string name, string value) => Json.Map(("name", name), ("value", value.Length == 0 ? null : value));

    public static JsonObject Field(string name, string path) =>
        Json.Map(("name", name), ("valueFrom", Json.Map(("fieldRef", Json.Map(("fieldPath", path))))));

    /// <summary>A credential, for the few programs that read it from nowhere else. Everything else mounts it as a file.</summary>
    public static JsonObject Secret(string name, string secret, string key = Credentials.PasswordKey) =>
        Json.Map(("name", name), ("valueFrom", Json.Map(("secretKeyRef", Json.Map(("name", secret), ("key", key))))));

    /// <summary>A key of a Secret that people may put there or not; without it the variable is not set.</summary>
    public static JsonObject Optional(string name, string secret, string key) =>
        Json.Map(("name", name), ("valueFrom", Json.Map(("secretKeyRef", Json.Map(("name", secret), ("key", key), ("optional", true))))));
}
