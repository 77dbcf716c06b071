using System.Globalization;

namespace Portal.Web.Models;

/// <summary>Times as people say them.</summary>
public static class Durations
{
    /// <summary>Short and stable in width: <c>8 s</c>, <c>4 min 10 s</c>, <c>3 h 5 min</c>, <c>2 d</c>.</summary>
    public static string Elapsed(TimeSpan span)
    {
        var time = span < TimeSpan.Zero ? TimeSpan.Zero : span;
        return time switch
        {
            { TotalMinutes: < 1 } => $"{(int)time.TotalSeconds} s",
            { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds} s",
            { TotalDays: < 1 } => $"{(int)time.TotalHours} h {time.Minutes} min",
            _ => $"{(int)time.TotalDays} d",
        };
    }

    /// <summary>How long ago, in the language of the reader.</summary>
    public static string Ago(DateTimeOffset then, DateTimeOffset now)
    {
        var (amount, unit) = Largest(now - then);
        return (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, unit) switch
        {
            ("id", Unit.Now) => "baru saja",
            ("id", _) => $"{amount} {IndonesianUnit(unit)} lalu",
            (_, Unit.Now) => "just now",
            _ => $"{amount} {unit.ToString().ToLowerInvariant()}{(amount == 1 ? "" : "s")} ago",
        };
    }

    /// <summary>The exact moment, for hovering and for machines.</summary>
    public static string Exact(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static (int Amount, Unit Unit) Largest(TimeSpan span) => span switch
    {
        { TotalSeconds: < 10 } => (0, Unit.Now),
        { TotalMinutes: < 1 } => ((int)span.TotalSeconds / 10 * 10, Unit.Second),
        { TotalHours: < 1 } => ((int)span.TotalMinutes, Unit.Minute),
        { TotalDays: < 1 } => ((int)span.TotalHours, Unit.Hour),
        _ => ((int)span.TotalDays, Unit.Day),
    };

    private static string IndonesianUnit(Unit unit) => unit switch
    {
        Unit.Second => "detik",
        Unit.Minute => "menit",
        Unit.Hour => "jam",
        _ => "hari",
    };

    private enum Unit
    {
        Now,
        Second,
        Minute,
        Hour,
        Day,
    }
}
