using System.Text.Json.Nodes;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Volumes of a pod and their mounts.</summary>
internal static class Volumes
{
    /// <summary>Group-readable: the pod's fsGroup is its reader.</summary>
    private const int SecretMode = 0b100_100_000;

    public static JsonObject ConfigMap(string volume, string configMap) =>
        Json.Map(("name", volume), ("configMap", Json.Map(("name", configMap))));

    public static JsonObject Empty(string volume, int sizeMiB, bool inMemory = false) =>
        Json.Map(("name", volume), ("emptyDir", Json.Map(("medium", inMemory ? "Memory" : null), ("sizeLimit", Quantity.MiB(sizeMiB)))));

    public static JsonObject Claim(string volume, string claim) =>
        Json.Map(("name", volume), ("persistentVolumeClaim", Json.Map(("claimName", claim))));

    /// <summary>Chosen keys of one Secret.</summary>
    public static JsonObject Secret(string volume, string secret, params ReadOnlySpan<string> keys) =>
        Json.Map(("name", volume), ("secret", Json.Map(
            ("secretName", secret),
            ("defaultMode", SecretMode),
            ("items", Json.ListOrNone([.. Items(keys)])))));

    /// <summary>All keys of a Secret that people may put there or not; without it the folder is empty.</summary>
    public static JsonObject OptionalSecret(string volume, string secret) =>
        Json.Map(("name", volume), ("secret", Json.Map(("secretName", secret), ("defaultMode", SecretMode), ("optional", true))));

    /// <summary>The files of several ConfigMaps in one folder.</summary>
    public static JsonObject ConfigMaps(string volume, IEnumerable<string> configMaps) => Json.Map(("name", volume), ("projected", Json.Map(
        ("sources", Json.List([.. configMaps.Select(name => (JsonNode?)Json.Map(("configMap", Json.Map(("name", name)))))])))));

    /// <summary>One key of a Secret that somebody else makes, or not: without it the directory is empty, and the file comes when the Secret does.</summary>
    public static JsonObject OptionalSecret(string volume, string secret, string key) =>
        Json.Map(("name", volume), ("secret", Json.Map(
            ("secretName", secret),
            ("defaultMode", SecretMode),
            ("optional", true),
            ("items", Json.ListOrNone([.. Items([key])])))));

    /// <summary>Several credentials as files of one directory, each from its own Secret.</summary>
    public static JsonObject Credentials(string volume, params ReadOnlySpan<(string Secret, string File)> credentials)
    {
        var sources = new JsonArray();
        foreach (var (secret, file) in credentials)
        {
            sources.Add(Json.Map(("secret", Json.Map(
                ("name", secret),
                ("items", Json.List(Json.Map(("key", Objects.Credentials.PasswordKey), ("path", file))))))));
        }

        return Json.Map(("name", volume), ("projected", Json.Map(("defaultMode", SecretMode), ("sources", sources))));
    }

    /// <summary>The authorities of several certificates as files of one directory, <c>NAME.crt</c> each.</summary>
    public static JsonObject Authorities(string volume, IReadOnlyList<string> certificates) => Json.Map(("name", volume), ("projected", Json.Map(
        ("defaultMode", SecretMode),
        ("sources", Json.List([.. certificates.Select(name => (JsonNode?)Json.Map(("secret", Json.Map(
            ("name", name),
            ("items", Json.List(Json.Map(("key", "ca.crt"), ("path", $"{name}.crt"))))))))])))));

    /// <summary>What automounting would give, for the few pods that speak to the API server.</summary>
    public static JsonObject ApiToken(string volume) => Json.Map(("name", volume), ("projected", Json.Map(
        ("defaultMode", SecretMode),
        ("sources", Json.List(
            Json.Map(("serviceAccountToken", Json.Map(("path", "token"), ("expirationSeconds", 3607)))),
            Json.Map(("configMap", Json.Map(("name", "kube-root-ca.crt"), ("items", Json.List(Json.Map(("key", "ca.crt"), ("path", "ca.crt"))))))),
            Json.Map(("downwardAPI", Json.Map(("items", Json.List(Json.Map(
                ("path", "namespace"),
                ("fieldRef", Json.Map(("apiVersion", "v1"), ("fieldPath", "metadata.namespace"))))))))))))));

    public static JsonObject Mount(string volume, string path) => Json.Map(("name", volume), ("mountPath", path));

    public static JsonObject ReadOnly(string volume, string path, string? subPath = null) =>
        Json.Map(("name", volume), ("mountPath", path), ("subPath", subPath), ("readOnly", true));

    private static List<JsonNode?> Items(ReadOnlySpan<string> keys)
    {
        var items = new List<JsonNode?>();
        foreach (var key in keys)
        {
            items.Add(Json.Map(("key", key), ("path", key)));
        }

        return items;
    }
}
