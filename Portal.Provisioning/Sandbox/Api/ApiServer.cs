using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Provisioning.Sandbox;

/// <summary>The door of the sandbox: authenticates, injects faults, routes, and turns every refusal into a <c>Status</c> object.</summary>
internal sealed partial class ApiServer(
    string token,
    ReadRequests reads,
    WriteRequests writes,
    DeleteRequests deletes,
    WatchRequests watches,
    LogRequests logs,
    MetricsRequests metrics,
    Backlog backlog,
    SandboxFaults faults,
    FaultyAnswers answers,
    ILogger<ApiServer> logger)
{
    private readonly byte[] _authorization = Encoding.UTF8.GetBytes($"Bearer {token}");

    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            await RouteAsync(http);
        }
        catch (ApiFault fault) when (!http.Response.HasStarted)
        {
            await ApiResponse.WriteFaultAsync(http, fault);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            LogGone(http.Request.Method, http.Request.Path);
        }
        catch (Exception problem) when (!http.Response.HasStarted)
        {
            LogBug(problem, http.Request.Method, http.Request.Path);
            await ApiResponse.WriteFaultAsync(http, ApiFault.Internal($"{problem.GetType().Name}: {problem.Message}"));
        }
    }

    private Task RouteAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.TrimEnd('/');
        if (path is "/healthz" or "/livez" or "/readyz")
        {
            return http.Response.WriteAsync("ok", http.RequestAborted);
        }

        var presented = Encoding.UTF8.GetBytes(http.Request.Headers.Authorization.ToString());
        if (!CryptographicOperations.FixedTimeEquals(presented, _authorization))
        {
            throw ApiFault.Unauthorized();
        }

        if (path == "/openapi/v2")
        {
            return OpenApi.WriteV2Async(http);
        }

        if (ApiCall.Parse(http) is { } call)
        {
            return CallAsync(call);
        }

        var document = http.Request.Method is "GET" or "HEAD" ? Document(path) : null;
        return ApiResponse.WriteAsync(http, 200, document ?? throw ApiFault.UnknownPath());
    }

    private async Task CallAsync(ApiCall call)
    {
        await backlog.WaitAsync(call.Aborted);
        var name = faults.WantsNames ? await BodyReader.PeekNameAsync(call, call.Aborted) : call.Name;
        var fault = faults.OnRequest(new RequestTarget(call.Verb, call.Kind.Kind, call.Namespace, name, call.Resumes));
        await (fault is null && !faults.IsObserved ? DispatchAsync(call) : answers.AnswerAsync(call, name, fault, DispatchAsync));
    }

    private Task DispatchAsync(ApiCall call) => (call.Verb, call.Subresource) switch
    {
        ("get", null) when call.Kind.Computed => metrics.GetAsync(call),
        ("list", null) when call.Kind.Computed => metrics.ListAsync(call),
        _ when call.Kind.Computed => throw ApiFault.MethodNotAllowed(),
        ("get", "log") => logs.LogAsync(call),
        ("create", "eviction") => deletes.EvictAsync(call),
        (_, "log" or "eviction") => throw ApiFault.MethodNotAllowed(),
        ("get", null) when call.IsWatch => watches.WatchAsync(call),
        ("get", _) => reads.GetAsync(call),
        ("list", _) => reads.ListAsync(call),
        ("watch", _) => watches.WatchAsync(call),
        ("create", null) => writes.CreateAsync(call),
        ("update", _) => writes.UpdateAsync(call),
        ("patch", _) => writes.PatchAsync(call),
        ("delete", null) => deletes.DeleteAsync(call),
        ("deletecollection", null) => deletes.DeleteCollectionAsync(call),
        _ => throw ApiFault.MethodNotAllowed(),
    };

    private static JsonObject? Document(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["version"] => Discovery.Version(),
        ["api"] => Discovery.Versions(),
        ["apis"] => Discovery.Groups(),
        ["api", var version] => Discovery.Resources(version),
        ["apis", var group] => Discovery.OneGroup(group),
        ["apis", var group, var version] => Discovery.Resources($"{group}/{version}"),
        ["openapi", "v3"] => OpenApi.Index(),
        ["openapi", "v3", .. var rest] => OpenApi.Document(string.Join('/', rest)),
        _ => null,
    };

    [LoggerMessage(LogLevel.Debug, "Client left during {Method} {Path}")]
    private partial void LogGone(string method, PathString path);

    [LoggerMessage(LogLevel.Error, "Sandbox cluster failed on {Method} {Path}")]
    private partial void LogBug(Exception problem, string method, PathString path);
}
