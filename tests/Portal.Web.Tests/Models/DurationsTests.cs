using Portal.Web.Models;

namespace Portal.Web.Tests.Models;

public sealed class DurationsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(3, "just now")]
    [InlineData(47, "40 seconds ago")]
    [InlineData(60, "1 minute ago")]
    [InlineData(7300, "2 hours ago")]
    [InlineData(200_000, "2 days ago")]
    public void Ago_Past_IsSaidRoughly(int seconds, string expected) =>
        Assert.Equal(expected, Durations.Ago(s_now.AddSeconds(-seconds), s_now));

    [Theory]
    [InlineData(8, "8 s")]
    [InlineData(250, "4 min 10 s")]
    [InlineData(11_100, "3 h 5 min")]
    [InlineData(-5, "0 s")]
    public void Elapsed_Span_KeepsTwoUnits(int seconds, string expected) => Assert.Equal(expected, Durations.Elapsed(TimeSpan.FromSeconds(seconds)));
}
