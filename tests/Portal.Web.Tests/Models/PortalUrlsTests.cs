using Portal.Web.Urls;

namespace Portal.Web.Tests.Models;

public sealed class PortalUrlsTests
{
    [Theory]
    [InlineData("/requests/3?tab=all", "/requests/3?tab=all")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("//elsewhere.example/", "/")]
    [InlineData("/\\elsewhere.example", "/")]
    [InlineData(null, "/")]
    public void LocalOr_Address_NeverLeadsElsewhere(string? url, string expected) => Assert.Equal(expected, PortalUrls.LocalOr(url, "/"));

    [Fact]
    public void EnvironmentList_Filter_IsInTheAddress() =>
        Assert.Equal("/environments?search=a%26b&phase=ready&page=2", PortalUrls.EnvironmentList("a&b", "ready", 2));
}
