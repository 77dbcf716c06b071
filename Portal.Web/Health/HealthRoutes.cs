using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Portal.Web.Health;

/// <summary>What an orchestrator asks: does the process live, and can it serve.</summary>
public static class HealthRoutes
{
    public static IServiceCollection AddPortalHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database").AddCheck<ClusterHealth>("cluster");
        return services;
    }

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/healthz/live", new() { Predicate = _ => false, ResponseWriter = WriteAsync }).AllowAnonymous();
        routes.MapHealthChecks("/healthz/ready", new() { ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            Status = Word(report.Status),
            Checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { Status = Word(entry.Value.Status), entry.Value.Description, Parts = entry.Value.Data }),
        },
        JsonSerializerOptions.Web,
        context.RequestAborted);

    private static string Word(HealthStatus status) => status.ToString().ToLowerInvariant();
}
