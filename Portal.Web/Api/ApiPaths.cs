namespace Portal.Web.Api;

/// <summary>Where the API lies.</summary>
public static class ApiPaths
{
    public const string Root = "/api";
    public const string V1 = "/api/v1";

    public static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments(Root);
}
