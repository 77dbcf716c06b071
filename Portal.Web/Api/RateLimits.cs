using System.Globalization;
using System.Threading.RateLimiting;
using Portal.Web.Auth;
using Portal.Web.Options;

namespace Portal.Web.Api;

/// <summary>Keeps one user's script from taking the API from everybody else.</summary>
internal static class RateLimits
{
    public const string PerUser = "per-user";

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddPortalRateLimits(this IServiceCollection services, PortalSettings settings) => services.AddRateLimiter(options =>
    {
        options.AddPolicy(PerUser, context => RateLimitPartition.GetFixedWindowLimiter(
            context.User.UserId() ?? "",
            _ => new FixedWindowRateLimiterOptions { PermitLimit = settings.RequestsPerMinute, Window = s_window }));
        options.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : s_window;
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await ApiProblems.WriteAsync(rejected.HttpContext, ApiProblems.TooMany());
        };
    });
}
