using System.Globalization;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Sandbox;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("* * * * *", "2026-11-23T10:00:30Z", "2026-11-23T10:01:00Z")]
    [InlineData("*/15 * * * *", "2026-11-23T10:00:00Z", "2026-11-23T10:15:00Z")]
    [InlineData("30 2 * * *", "2026-11-23T02:30:00Z", "2026-11-24T02:30:00Z")]
    [InlineData("0 22 * * 1-5", "2026-11-20T23:00:00Z", "2026-11-23T22:00:00Z")]
    [InlineData("0 0 1 jan *", "2026-11-23T10:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2026-11-23T10:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 * * 7", "2026-11-23T10:00:00Z", "2026-11-29T00:00:00Z")]
    [InlineData("0 0 13 * fri", "2026-11-23T10:00:00Z", "2026-11-27T00:00:00Z")]
    [InlineData("5,10-12 4/8 * * *", "2026-11-23T04:10:00Z", "2026-11-23T04:11:00Z")]
    [InlineData("@hourly", "2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z")]
    [InlineData("15 3 * * *", "2026-11-23T00:00:00+07:00", "2026-11-23T03:15:00+07:00")]
    public void After_ATime_IsTheNextOne(string schedule, string from, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next, CultureInfo.InvariantCulture), CronSchedule.Parse(schedule)!.After(DateTimeOffset.Parse(from, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("* * * * *", "1970-01-01T00:00:00Z", "2026-11-23T10:00:30Z", "2026-11-23T10:00:00Z")]
    [InlineData("0 3 1 * *", "1970-01-01T00:00:00Z", "2026-11-23T10:00:30Z", "2026-11-01T03:00:00Z")]
    [InlineData("0 3 * * *", "2026-11-23T03:00:00Z", "2026-11-24T02:59:59Z", null)]
    [InlineData("0 3 * * *", "2026-11-23T03:00:00Z", "2026-11-24T03:00:00Z", "2026-11-24T03:00:00Z")]
    public void LastBetween_IsTheLastOneThatWasMissed(string schedule, string after, string until, string? last) => Assert.Equal(
        last is null ? null : DateTimeOffset.Parse(last, CultureInfo.InvariantCulture),
        CronSchedule.Parse(schedule)!.LastBetween(DateTimeOffset.Parse(after, CultureInfo.InvariantCulture), DateTimeOffset.Parse(until, CultureInfo.InvariantCulture)));

    [Fact]
    public void After_ADayThatNeverComes_IsNothing() =>
        Assert.Null(CronSchedule.Parse("0 0 31 2 *")!.After(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("*/0 * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("a * * * *")]
    [InlineData("@sometimes")]
    public void Parse_OfWhatIsNoSchedule_IsNothing(string schedule) => Assert.Null(CronSchedule.Parse(schedule));
}
