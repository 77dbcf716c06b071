namespace Portal.Web.Auth;

/// <summary>How a caller can say who it is. An identity provider adds its own scheme and signs in to the cookie.</summary>
public static class Schemes
{
    /// <summary>Chooses one of the others by the path, so that the API never answers with a redirect.</summary>
    public const string ByPath = "by-path";

    public const string Cookie = "cookie";

    public const string Bearer = "Bearer";
}
