using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Portal.Core.Results;

namespace Portal.Web.Api;

/// <summary>The one map from refusals to HTTP: RFC 9457 problem details with every error, its code and its field.</summary>
/// <remarks>
/// Errors of several kinds in one answer: the status is that of the kind to look at first. What cannot be read comes before
/// what does not exist or is not allowed, then what no other input would help (conflict), then what better input would.
/// </remarks>
public static class ApiProblems
{
    private const string MediaType = "application/problem+json";

    private static readonly ErrorKind[] s_precedence =
        [ErrorKind.Malformed, ErrorKind.NotFound, ErrorKind.Forbidden, ErrorKind.Conflict, ErrorKind.Invalid, ErrorKind.Unavailable];

    public static ApiProblem From(IReadOnlyList<Error> errors) => new(Details(errors));

    public static ApiProblem From(params Error[] errors) => From((IReadOnlyList<Error>)errors);

    public static ProblemDetails Unauthorized() => Details(StatusCodes.Status401Unauthorized, "unauthorized",
        "Send a valid token: Authorization: Bearer <token>.");

    public static ProblemDetails Bug() => Details(StatusCodes.Status500InternalServerError, "internal",
        "Something went wrong inside the portal. Try again; if it stays, tell the platform team the request id.");

    public static ProblemDetails TooMany() => Details(StatusCodes.Status429TooManyRequests, "too-many-requests",
        "Too many requests in a short time. Wait as long as Retry-After says.");

    public static ProblemDetails Away(string what) => Details(
        [new Error($"{what}.unavailable", ErrorKind.Unavailable, $"The {what} does not answer. Try again in a moment.")]);

    public static ProblemDetails BadRequest(string code, string sentence) => Details(StatusCodes.Status400BadRequest, code, sentence);

    /// <summary>For answers that the framework gives without a body: no such route, wrong method, wrong media type.</summary>
    public static ProblemDetails OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthorized(),
        StatusCodes.Status404NotFound => Details(status, "route.unknown", "There is nothing at this address. /openapi/v1.json lists what there is."),
        StatusCodes.Status405MethodNotAllowed => Details(status, "method.not-allowed", "This address does not take this method. The Allow header lists those that it takes."),
        StatusCodes.Status413PayloadTooLarge => Details(status, "body.too-large", "The body is larger than 256 KiB. Send less."),
        StatusCodes.Status415UnsupportedMediaType => Details(status, "body.media-type", "The body has to be JSON. Send Content-Type: application/json."),
        _ => Details(status, "refused", "The request was refused."),
    };

    public static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        context.Response.StatusCode = problem.Status!.Value;
        problem.Instance = context.Request.Path;
        problem.Extensions["requestId"] = context.TraceIdentifier;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "5";
        }

        return context.Response.WriteAsJsonAsync(problem, (JsonSerializerOptions?)null, MediaType);
    }

    private static ProblemDetails Details(IReadOnlyList<Error> errors)
    {
        var first = s_precedence.SelectMany(kind => errors.Where(error => error.Kind == kind)).First();
        var details = Details(StatusOf(first.Kind), first.Code, first.Message);
        details.Extensions["errors"] = errors.Select(error => new ProblemError(error.Code, error.Field, error.Message)).ToArray();
        return details;
    }

    private static ProblemDetails Details(int status, string code, string sentence) => new()
    {
        Status = status,
        Title = TitleOf(status),
        Detail = sentence,
        Extensions = { ["code"] = code, ["errors"] = new[] { new ProblemError(code, null, sentence) } },
    };

    private static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Malformed => StatusCodes.Status400BadRequest,
        ErrorKind.Invalid => StatusCodes.Status422UnprocessableEntity,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new UnreachableException($"No status for {kind}."),
    };

    private static string TitleOf(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}

/// <summary>One refusal inside problem details.</summary>
public sealed record ProblemError(string Code, string? Field, string Message);
