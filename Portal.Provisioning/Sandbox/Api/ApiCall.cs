using Microsoft.AspNetCore.Http;

namespace Portal.Provisioning.Sandbox;

/// <summary>One parsed request for a resource: what, where, and with which options.</summary>
internal sealed record ApiCall(HttpContext Http, ResourceKind Kind, string? Namespace, string? Name, string? Subresource)
{
    public HttpRequest Request => Http.Request;

    public bool DryRun => Query("dryRun") switch
    {
        null or "" => false,
        "All" => true,
        var other => throw ApiFault.BadRequest($"Invalid value: \"{other}\": dryRun: supported values: \"All\""),
    };

    public bool IsWatch => Query("watch") is "true" or "1";

    public bool IsWrite => Request.Method is not ("GET" or "HEAD");

    /// <summary>Goes on from a version or a continue token that the client was given earlier.</summary>
    public bool Resumes => IsWatch ? Query("resourceVersion") is not (null or "" or "0") : Query("continue") is { Length: > 0 };

    public bool WantsTable => Request.Headers.Accept.ToString().Contains("as=Table", StringComparison.Ordinal);

    public ObjectKey Key => new(Kind, Namespace ?? "", Name ?? throw ApiFault.MethodNotAllowed());

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The verb as RBAC names it, which fault rules use too.</summary>
    public string Verb => Request.Method switch
    {
        "GET" or "HEAD" when Name is not null => "get",
        "GET" or "HEAD" => IsWatch ? "watch" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => Name is null ? "deletecollection" : "delete",
        var other => other.ToLowerInvariant(),
    };

    public string? Query(string name) => Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>The owner of written fields: the client's choice, else the program name in its user agent.</summary>
    public FieldManager Updater() => FieldManager.Updating(
        Query("fieldManager") is { Length: > 0 } name ? name : Agent(), Kind.ApiVersion, Subresource ?? "");

    /// <summary>Finds the resource in <c>/api/v1/...</c> or <c>/apis/group/version/...</c>; null when the path is not one of a resource.</summary>
    public static ApiCall? Parse(HttpContext http)
    {
        var path = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (apiVersion, rest) = path switch
        {
            ["api", var version, .. var tail] => (version, tail),
            ["apis", var group, var version, .. var tail] => ($"{group}/{version}", tail),
            _ => ("", []),
        };
        if (rest.Length == 0)
        {
            return null;
        }

        string? ns = null;
        if (rest is ["namespaces", var home, var plural, ..] && Kinds.Find(apiVersion, plural) is { Namespaced: true })
        {
            (ns, rest) = (home, rest[2..]);
        }

        if (rest.Length > 3 || Kinds.Find(apiVersion, rest[0]) is not { } kind || (ns is null && kind.Namespaced && rest.Length > 1))
        {
            return null;
        }

        var subresource = rest.Length > 2 ? rest[2] : null;
        return subresource is null || kind.Subresources.Contains(subresource)
            ? new ApiCall(http, kind, ns, rest.Length > 1 ? rest[1] : null, subresource)
            : null;
    }

    private string Agent()
    {
        var agent = Request.Headers.UserAgent.ToString();
        var end = agent.AsSpan().IndexOfAny('/', ' ');
        return end > 0 ? agent[..end] : agent.Length > 0 ? agent : "unknown";
    }
}
