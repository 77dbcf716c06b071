using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Portal.Provisioning.Kubernetes;

namespace Portal.Web.Api;

/// <summary>Turns what an API endpoint throws into problem details: outside trouble into 503, bugs into 500 with an id and no detail.</summary>
internal sealed partial class ApiExceptions(ILogger<ApiExceptions> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The middleware has put the path of the error page in place of the one that was asked for.
        var path = new PathString(httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? httpContext.Request.Path);
        if (!path.StartsWithSegments(ApiPaths.Root))
        {
            LogPage(exception, httpContext.TraceIdentifier, path);
            return false;
        }

        httpContext.Request.Path = path;
        await ApiProblems.WriteAsync(httpContext, Problem(httpContext, exception));
        return true;
    }

    private ProblemDetails Problem(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException refused:
                return ApiProblems.OfStatus(refused.StatusCode);
            case KubeException cluster:
                LogOutside(cluster, context.TraceIdentifier);
                return ApiProblems.Away("cluster");
            case DbException { IsTransient: true } or { InnerException: DbException { IsTransient: true } }:
                LogOutside(exception, context.TraceIdentifier);
                return ApiProblems.Away("database");
            default:
                LogBug(exception, context.TraceIdentifier, context.Request.Method, context.Request.Path);
                return ApiProblems.Bug();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Page request {RequestId} to {Path} failed")]
    private partial void LogPage(Exception exception, string requestId, PathString path);

    [LoggerMessage(Level = LogLevel.Error, Message = "API request {RequestId} {Method} {Path} failed with a bug")]
    private partial void LogBug(Exception exception, string requestId, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "API request {RequestId} failed because something outside does not answer")]
    private partial void LogOutside(Exception exception, string requestId);
}
