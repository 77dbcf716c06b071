using Portal.Provisioning.Drift;

namespace Portal.Provisioning.Tests.Drift;

public sealed class LineDiffTests
{
    [Fact]
    public void Of_LinesChangedFarApart_ShowsThemAloneWithTheirNumbers()
    {
        var before = Enumerable.Range(1, 300).Select(number => $"line {number}").ToArray();
        var after = before.ToArray();
        after[9] = "worker_connections 2048;";
        after[250] = "keepalive 64;";

        var (old, now) = LineDiff.Of(string.Join('\n', before), string.Join('\n', after));

        Assert.Equal("10: line 10\n251: line 251", old);
        Assert.Equal("10: worker_connections 2048;\n251: keepalive 64;", now);
    }

    [Fact]
    public void Of_LinesOnlyAdded_SaysThatThereWereNone() =>
        Assert.Equal(("(no such lines)", "2: b\n3: c"), LineDiff.Of("a\nd", "a\nb\nc\nd"));

    [Fact]
    public void Of_OneLongLine_ShowsTheSurroundingsOfTheFirstDifference()
    {
        var (old, now) = LineDiff.Of(new string('x', 5000) + "old" + new string('y', 5000), new string('x', 5000) + "new" + new string('y', 5000));

        Assert.Contains("old", old, StringComparison.Ordinal);
        Assert.Contains("new", now, StringComparison.Ordinal);
        Assert.InRange(old.Length, 100, 210);
    }

    [Fact]
    public void Of_HugeTextsWithNothingInCommon_StaysBoundedInSizeAndTime()
    {
        var before = string.Join('\n', Enumerable.Range(0, 50_000).Select(number => $"old {number} {new string('x', 300)}"));
        var after = string.Join('\n', Enumerable.Range(0, 50_000).Select(number => $"new {number} {new string('x', 300)}"));

        var (old, now) = LineDiff.Of(before, after);

        Assert.EndsWith("… 49980 more lines", old, StringComparison.Ordinal);
        Assert.InRange(now.Length, 1000, 5000);
    }

    [Fact]
    public void Cut_InsideOfACharacterOfTwoHalves_TakesItWhole() => Assert.Equal("a…", FieldText.Cut("a😀b", 2));
}
