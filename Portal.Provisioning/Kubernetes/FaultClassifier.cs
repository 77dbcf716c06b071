using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Turns failed answers and broken connections into <see cref="KubeException"/>s: the only place that decides what a failure is.</summary>
internal static class FaultClassifier
{
    private const int MaxQuoted = 300;

    /// <summary>A failure from an HTTP answer, whose body should be a Status object.</summary>
    public static KubeException FromAnswer(HttpStatusCode code, string body, TimeSpan? retryAfter, string verb, string target, ObjectRef? reference)
    {
        var status = ParseStatus(body);
        return status is null
            ? FromPlain(code, body, retryAfter, verb, target, reference)
            : FromStatus(status, retryAfter, verb, target, reference, (int)code);
    }

    /// <summary>A failure from a Status object, whether an answer's body or an ERROR line of a watch.</summary>
    public static KubeException FromStatus(JsonObject status, TimeSpan? retryAfter, string verb, string target, ObjectRef? reference, int httpCode)
    {
        var held = new KubeObject(status);
        var code = (int)(held.Number("code") ?? httpCode);
        var message = held.Text("message") ?? "";
        var causes = held.Items("details", "causes").Select(c => new KubeObject(c))
            .Select(c => new StatusCause(c.Text("reason") ?? "", c.Text("message") ?? "", c.Text("field") ?? "")).ToList();
        var fault = Decide(held.Text("reason") ?? "", code, message, causes);
        var said = message.Length == 0 ? $"the server answered {code}" : fault == KubeFault.DisruptionBudget ? WithBudget(message, causes) : message;
        var wait = retryAfter ?? (held.Number("details", "retryAfterSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null);
        return new KubeException(fault, Sentence(verb, target, said))
        {
            StatusCode = code,
            Object = reference,
            RetryAfter = wait,
            Causes = causes,
            Conflicts = fault == KubeFault.FieldManagerConflict ? FieldConflictText.Read(message, causes) : [],
        };
    }

    /// <summary>A failure without an answer: nothing listens, the name is unknown, TLS fails, the connection broke.</summary>
    public static KubeException FromNetwork(Exception error, ClusterConnection connection, ObjectRef? reference)
    {
        var server = connection.Server.GetLeftPart(UriPartial.Authority);
        var socket = Find<SocketException>(error)?.SocketErrorCode;
        var tls = Find<AuthenticationException>(error);
        var request = error as HttpRequestException;
        var why = (request?.HttpRequestError, socket) switch
        {
            (_, SocketError.ConnectionRefused) => "the connection was refused; is the API server running there?",
            (HttpRequestError.NameResolutionError, _) or (_, SocketError.HostNotFound) => $"the host name {connection.Server.Host} is unknown",
            (HttpRequestError.SecureConnectionError, _) when tls is not null => $"TLS failed: {OneLine(Innermost(tls).Message)}",
            (HttpRequestError.SecureConnectionError, _) => "TLS failed: the server does not speak it, or refused our certificate",
            (HttpRequestError.ProxyTunnelError, _) => $"the proxy {connection.Proxy?.GetLeftPart(UriPartial.Authority)} refused: {OneLine(error.Message)}",
            (_, SocketError.ConnectionReset) or (HttpRequestError.ResponseEnded, _) => "the server ended the connection before the answer was complete",
            _ => OneLine(Innermost(error).Message),
        };
        return new KubeException(KubeFault.Unavailable, $"The cluster {connection.Name} at {server} cannot be reached: {why.TrimEnd('.')}.".Replace("?.", "?", StringComparison.Ordinal), error) { Object = reference };
    }

    public static KubeException FromTimeout(TimeSpan limit, ClusterConnection connection, string verb, string target, ObjectRef? reference, Exception? inner) =>
        new(KubeFault.TimedOut, $"Cannot {verb} {target}: the cluster {connection.Name} at {connection.Server.GetLeftPart(UriPartial.Authority)} did not answer within {limit.TotalSeconds:0.#} s.", inner) { Object = reference };

    /// <summary>The address swallowed the attempt to connect.</summary>
    public static KubeException FromNoConnection(ClusterConnection connection, ObjectRef? reference, Exception inner) =>
        new(KubeFault.TimedOut, $"The cluster {connection.Name} at {connection.Server.GetLeftPart(UriPartial.Authority)} cannot be reached: no connection within {connection.Options.ConnectTimeout.TotalSeconds:0.#} s.", inner) { Object = reference };

    /// <summary>Whether the connection broke after it was open, so that trying again at once can help.</summary>
    public static bool BrokeMidway(Exception error) =>
        error is IOException or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError }
        || (error is HttpRequestException && Find<SocketException>(error)?.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted);

    private static KubeFault Decide(string reason, int code, string message, List<StatusCause> causes) => (reason, code) switch
    {
        _ when IsDenial(message) && code is not 429 and < 500 => KubeFault.WebhookDenied,

        // The webhook's own server is away: nobody has decided anything about the object.
        (_, >= 500) when message.Contains("failed calling webhook", StringComparison.Ordinal) => KubeFault.Unavailable,
        ("NotFound", _) when !IsUnservedPath(message) => KubeFault.NotFound,
        ("AlreadyExists", _) => KubeFault.AlreadyExists,
        ("Conflict", _) or (_, 409) => causes.Exists(FieldConflictText.IsConflict) || message.StartsWith("Apply failed with ", StringComparison.Ordinal) ? KubeFault.FieldManagerConflict : KubeFault.Conflict,
        ("Invalid", _) or (_, 422) => causes.Count > 0 && causes.TrueForAll(ImmutableField.Is) ? KubeFault.Immutable : KubeFault.Invalid,
        ("Forbidden", _) or (_, 403) => Forbidden(message, causes),

        // The server calls it its own failure, but the object has a field that this version of the API does not know: trying again cannot help.
        (_, 500) when message.Contains("field not declared in schema", StringComparison.Ordinal) => KubeFault.Invalid,
        ("Unauthorized", _) or (_, 401) => KubeFault.Unauthorized,
        ("Expired" or "Gone", _) or (_, 410) => KubeFault.Gone,
        ("TooManyRequests", _) or (_, 429) => causes.Exists(IsBudget) ? KubeFault.DisruptionBudget : KubeFault.Throttled,
        ("Timeout" or "ServerTimeout", _) or (_, 504 or 408) => KubeFault.TimedOut,
        ("ServiceUnavailable", _) or (_, 502 or 503) => KubeFault.Unavailable,
        ("MethodNotAllowed" or "NotAcceptable" or "UnsupportedMediaType", _) or (_, 404 or 405 or 406 or 415 or 501) => KubeFault.Unsupported,
        ("BadRequest", _) or (_, 400 or 413) => KubeFault.Invalid,
        _ => KubeFault.ServerError,
    };

    private static KubeFault Forbidden(string message, List<StatusCause> causes) =>
        causes.Exists(c => c.Reason == "NamespaceTerminating") || message.Contains("because it is being terminated", StringComparison.Ordinal)
            ? KubeFault.NamespaceTerminating
            : message.Contains("exceeded quota:", StringComparison.Ordinal) ? KubeFault.QuotaExceeded : KubeFault.Forbidden;

    // A server that does not know a path says NotFound too, without an object.
    private static bool IsUnservedPath(string message) =>
        message.Contains("could not find the requested resource", StringComparison.Ordinal) || message.Contains("page not found", StringComparison.Ordinal);

    // A webhook that denies may choose any code; with 429 and 5xx it says that it does not know now.
    private static bool IsDenial(string message) =>
        (message.Contains("admission webhook \"", StringComparison.Ordinal) && message.Contains("\" denied the request", StringComparison.Ordinal))
        || (message.Contains("ValidatingAdmissionPolicy '", StringComparison.Ordinal) && message.Contains("' denied request: ", StringComparison.Ordinal));

    private static bool IsBudget(StatusCause cause) => cause.Reason == "DisruptionBudget";

    // Which budget, and what it needs, is said by the cause alone.
    private static string WithBudget(string message, List<StatusCause> causes) =>
        $"{message.TrimEnd('.')}. {string.Join(' ', causes.Where(IsBudget).Select(cause => cause.Message))}";

    private static KubeException FromPlain(HttpStatusCode code, string body, TimeSpan? retryAfter, string verb, string target, ObjectRef? reference)
    {
        var quoted = OneLine(body.Length > MaxQuoted ? body[..MaxQuoted] : body);
        var said = quoted.Length == 0 || quoted.StartsWith('<') ? $"the server answered {(int)code} {code}" : $"the server answered {(int)code}: {quoted}";
        return new KubeException(Decide("", (int)code, body, []), Sentence(verb, target, said))
        {
            StatusCode = (int)code,
            Object = reference,
            RetryAfter = retryAfter,
        };
    }

    private static JsonObject? ParseStatus(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject root && new KubeObject(root).Kind == "Status" ? root : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Sentence(string verb, string target, string why) =>
        string.Create(CultureInfo.InvariantCulture, $"Cannot {verb} {target}: {OneLine(why).TrimEnd('.')}.");

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private static Exception Innermost(Exception error) => error.InnerException is null ? error : Innermost(error.InnerException);

    private static T? Find<T>(Exception? error)
        where T : Exception => error switch
        {
            null => null,
            T found => found,
            _ => Find<T>(error.InnerException),
        };
}
