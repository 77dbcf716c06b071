using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>A refusal that reaches the client as a Kubernetes <c>Status</c> object.</summary>
internal sealed class ApiFault : Exception
{
    private ApiFault(int code, string reason, string message)
        : base(message)
    {
        Code = code;
        Reason = reason;
    }

    public int Code { get; }

    public string Reason { get; }

    public JsonObject? Details { get; private init; }

    public int? RetryAfterSeconds { get; private init; }

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0)
        {
            status["reason"] = Reason;
        }

        if (Details is not null)
        {
            status["details"] = Details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }

    public static ApiFault BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiFault Unprocessable(string message) => new(422, "Invalid", message) { Details = [] };

    public static ApiFault Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    /// <summary>The path names nothing that the sandbox serves.</summary>
    public static ApiFault UnknownPath() => new(404, "NotFound", "the server could not find the requested resource") { Details = [] };

    public static ApiFault NotFound(ResourceKind kind, string name) =>
        new(404, "NotFound", $"{kind.GroupResource} \"{name}\" not found") { Details = About(kind, name) };

    public static ApiFault MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource") { Details = [] };

    public static ApiFault NotSupported(string what) =>
        new(501, "NotImplemented", $"the sandbox cluster does not support {what}") { Details = [] };

    public static ApiFault UnsupportedMediaType(string? type) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - content type \"{type}\" is not accepted here{(type == "application/vnd.kubernetes.protobuf" ? "; the sandbox takes JSON and YAML: use kubectl create -f or kubectl apply -f" : "")}");

    public static ApiFault AlreadyExists(ResourceKind kind, string name) =>
        new(409, "AlreadyExists", $"{kind.GroupResource} \"{name}\" already exists") { Details = About(kind, name) };

    public static ApiFault Conflict(ResourceKind kind, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {kind.GroupResource} \"{name}\": {why}") { Details = About(kind, name) };

    public static ApiFault Moved(ResourceKind kind, string name) =>
        Conflict(kind, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiFault FieldConflict(IReadOnlyList<(string Manager, string Field)> conflicts)
    {
        var causes = new JsonArray([.. conflicts.Select(conflict => new JsonObject
        {
            ["reason"] = "FieldManagerConflict",
            ["message"] = $"conflict with {conflict.Manager}",
            ["field"] = conflict.Field,
        })]);
        var list = string.Join("\n", conflicts.GroupBy(conflict => conflict.Manager).Select(group =>
            $"conflicts with {group.Key}:\n{string.Join("\n", group.Select(conflict => $"- {conflict.Field}"))}"));
        var message = conflicts is [var (manager, field)]
            ? $"Apply failed with 1 conflict: conflict with {manager}: {field}"
            : $"Apply failed with {conflicts.Count} conflicts: {list}";
        return new ApiFault(409, "Conflict", message) { Details = new JsonObject { ["causes"] = causes } };
    }

    public static ApiFault Invalid(ResourceKind kind, string name, IReadOnlyList<FieldCause> causes)
    {
        var text = causes.Count == 1 ? causes[0].ToString() : $"[{string.Join(", ", causes)}]";
        var details = About(kind, name);
        details["causes"] = new JsonArray([.. causes.Select(cause => cause.ToJson())]);
        details["kind"] = kind.Kind;
        var group = kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}";
        return new ApiFault(422, "Invalid", $"{group} \"{name}\" is invalid: {text}") { Details = details };
    }

    public static ApiFault Forbidden(ResourceKind kind, string name, string why) =>
        new(403, "Forbidden", $"{kind.GroupResource} \"{name}\" is forbidden: {why}") { Details = About(kind, name) };

    public static ApiFault NamespaceTerminating(ResourceKind kind, string name, string ns)
    {
        var why = $"unable to create new content in namespace {ns} because it is being terminated";
        var details = About(kind, name);
        details["causes"] = new JsonArray(new JsonObject
        {
            ["reason"] = "NamespaceTerminating", ["message"] = $"namespace {ns} is being terminated", ["field"] = "metadata.namespace",
        });
        return new ApiFault(403, "Forbidden", $"{kind.GroupResource} \"{name}\" is forbidden: {why}") { Details = details };
    }

    /// <summary>An apply with a field that the API does not have. The real server calls it an error of its own too, without a reason.</summary>
    public static ApiFault Undeclared(ResourceKind kind, JsonObject metadata, string field) => new(500, "",
        $"failed to create typed patch object ({metadata.Text("namespace")}/{metadata.Text("name")}; {kind.ApiVersion}, Kind={kind.Kind}): {field}: field not declared in schema");

    public static ApiFault Expired(string message) => new(410, "Expired", message);

    public static ApiFault ContinueExpired() => Expired(
        "The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.");

    /// <summary>A validating webhook said no, or could not be asked.</summary>
    public static ApiFault Denied(WebhookRefusal webhook) => webhook.Unreachable
        ? Internal($"failed calling webhook \"{webhook.Webhook}\": failed to call webhook: Post \"https://{webhook.Webhook}/validate?timeout=10s\": context deadline exceeded")
        : new(webhook.Status, webhook.Status == 403 ? "Forbidden" : "", $"admission webhook \"{webhook.Webhook}\" denied the request: {webhook.Reason}");

    public static ApiFault DisruptionBudget(string name, string why) =>
        new(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.")
        {
            Details = new JsonObject
            {
                ["name"] = name,
                ["causes"] = new JsonArray(new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = why }),
            },
        };

    public static ApiFault Injected(int code, int? retryAfterSeconds) => new(code, code switch
    {
        409 => "Conflict",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "InternalError",
    }, "fault injected by the sandbox")
    {
        Details = retryAfterSeconds is { } seconds ? new JsonObject { ["retryAfterSeconds"] = seconds } : [],
        RetryAfterSeconds = retryAfterSeconds,
    };

    public static ApiFault Internal(string message) => new(500, "InternalError", $"Internal error occurred: {message}") { Details = [] };

    private static JsonObject About(ResourceKind kind, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (kind.Group.Length > 0)
        {
            details["group"] = kind.Group;
        }

        details["kind"] = kind.Plural;
        return details;
    }
}
