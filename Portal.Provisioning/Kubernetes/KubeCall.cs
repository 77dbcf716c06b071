using System.Text.Json.Nodes;

namespace Portal.Provisioning.Kubernetes;

/// <summary>One call to the API server: what to send, how long it may take, and how to speak of it when it fails.</summary>
/// <param name="Verb">The word for messages: "Cannot {Verb} {Target}".</param>
/// <param name="Path">Path and query below the server's address.</param>
internal sealed record KubeCall(HttpMethod Method, string Verb, string Target, string Path, TimeSpan Timeout)
{
    public ObjectRef? Object { get; init; }

    public JsonNode? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public string Accept { get; init; } = "application/json";

    /// <summary>Doing it twice is the same as once, so a broken answer may be tried again.</summary>
    public bool IsIdempotent { get; init; } = Method != HttpMethod.Post;
}
