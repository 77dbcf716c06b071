using Portal.Core.Environments;
using Portal.Core.Requests;

namespace Portal.Web.Urls;

/// <summary>The one place that spells the addresses of pages. What a page shows (filter, tab, selection, page) is part of its address.</summary>
public static class PortalUrls
{
    public const string SignIn = "/sign-in";
    public const string Environments = "/environments";
    public const string NewEnvironment = "/environments/new";
    public const string Requests = "/requests";
    public const string NotFound = "/not-found";
    public const string Error = "/error";

    public static string SignInThen(string returnUrl) => With(SignIn, ("returnUrl", returnUrl));

    public static string EnvironmentList(string? search, string? phase, int page) =>
        With(Environments, ("search", search), ("phase", phase), ("page", page > 1 ? Number(page) : null));

    public static string Environment(EnvironmentId id, string? tab = null, string? component = null) =>
        With($"{Environments}/{id}", ("tab", tab), ("component", component));

    /// <summary>Where the proof of a deletion is.</summary>
    public static string EnvironmentRemoval(EnvironmentId id) => $"{Environment(id)}#removal";

    public static string RequestList(string? tab, int page) => With(Requests, ("tab", tab), ("page", page > 1 ? Number(page) : null));

    public static string Request(RequestId id) => $"{Requests}/{id}";

    /// <summary>Only a path of this portal, so that a sign-in link cannot send people elsewhere.</summary>
    public static string LocalOr(string? url, string fallback) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.StartsWith("/\\", StringComparison.Ordinal) ? url : fallback;

    private static string With(string path, params ReadOnlySpan<(string Key, string? Value)> query)
    {
        var url = path;
        foreach (var (key, value) in query)
        {
            if (!string.IsNullOrEmpty(value))
            {
                url += $"{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{key}={Uri.EscapeDataString(value)}";
            }
        }

        return url;
    }

    private static string Number(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
