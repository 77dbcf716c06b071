using System.Globalization;

namespace Portal.Provisioning.Sandbox;

/// <summary>A schedule of five fields (minute, hour, day of month, month, day of week), or one of the names such as <c>@hourly</c>. Pure.</summary>
internal sealed class CronSchedule
{
    private static readonly string[] s_months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] s_days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["@yearly"] = "0 0 1 1 *", ["@annually"] = "0 0 1 1 *", ["@monthly"] = "0 0 1 * *", ["@weekly"] = "0 0 * * 0",
        ["@daily"] = "0 0 * * *", ["@midnight"] = "0 0 * * *", ["@hourly"] = "0 * * * *",
    };

    private static readonly TimeSpan[] s_windows = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(32), TimeSpan.FromDays(366 * 5)];

    private readonly bool[][] _fields;
    private readonly bool _eitherDay;

    private CronSchedule(bool[][] fields, bool eitherDay)
    {
        _fields = fields;
        _eitherDay = eitherDay;
    }

    /// <summary>Null when the text is no schedule.</summary>
    public static CronSchedule? Parse(string? text)
    {
        var parts = s_names.GetValueOrDefault(text ?? "", text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 5)
        {
            return null;
        }

        bool[]?[] fields = [Field(parts[0], 0, 59, []), Field(parts[1], 0, 23, []), Field(parts[2], 1, 31, []), Field(parts[3], 1, 12, s_months), Field(parts[4], 0, 7, s_days)];
        if (fields.Any(field => field is null))
        {
            return null;
        }

        // Sunday has two numbers.
        fields[4]![0] |= fields[4]![7];
        // When both days are named, either will do: the old rule of cron.
        return new CronSchedule(fields!, eitherDay: parts[2][0] is not ('*' or '?') && parts[4][0] is not ('*' or '?'));
    }

    /// <summary>The first time after the given one, in its own offset; null when there is none within five years.</summary>
    public DateTimeOffset? After(DateTimeOffset time)
    {
        var at = new DateTimeOffset(time.Year, time.Month, time.Day, time.Hour, time.Minute, 0, time.Offset).AddMinutes(1);
        var end = time.AddYears(5);
        while (at < end)
        {
            if (!_fields[3][at.Month] || !Day(at))
            {
                at = new DateTimeOffset(at.Year, at.Month, at.Day, 0, 0, 0, at.Offset).AddDays(1);
            }
            else if (!_fields[1][at.Hour])
            {
                at = at.AddMinutes(60 - at.Minute);
            }
            else if (!_fields[0][at.Minute])
            {
                at = at.AddMinutes(1);
            }
            else
            {
                return at;
            }
        }

        return null;
    }

    /// <summary>The last time after the first and not after the second: of the times that were missed only that one counts.</summary>
    public DateTimeOffset? LastBetween(DateTimeOffset after, DateTimeOffset until)
    {
        // From the end: a schedule of every minute that slept for years must not be walked through.
        foreach (var window in s_windows)
        {
            var from = until - window > after ? until - window : after;
            DateTimeOffset? last = null;
            for (var next = After(from); next <= until; next = After(next.Value))
            {
                last = next;
            }

            if (last is not null || from == after)
            {
                return last;
            }
        }

        return null;
    }

    private bool Day(DateTimeOffset at)
    {
        var (ofMonth, ofWeek) = (_fields[2][at.Day], _fields[4][(int)at.DayOfWeek]);
        return _eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
    }

    private static bool[]? Field(string text, int least, int most, string[] names)
    {
        var set = new bool[most + 1];
        foreach (var part in text.Split(','))
        {
            var halves = part.Split('/');
            var step = 1;
            if (halves.Length > 2 || (halves.Length == 2 && !(int.TryParse(halves[1], NumberStyles.None, CultureInfo.InvariantCulture, out step) && step > 0)))
            {
                return null;
            }

            var (from, to) = halves[0] is "*" or "?" ? (least, most) : Range(halves[0], least, names);
            // "5/10" means from 5 to the end.
            to = halves.Length == 2 && !halves[0].Contains('-', StringComparison.Ordinal) ? most : to;
            if (from < least || to > most || from > to)
            {
                return null;
            }

            for (var i = from; i <= to; i += step)
            {
                set[i] = true;
            }
        }

        return set;
    }

    private static (int From, int To) Range(string text, int least, string[] names)
    {
        var ends = text.Split('-');
        var from = Number(ends[0], least, names);
        return ends.Length switch
        {
            1 => (from, from),
            2 => (from, Number(ends[1], least, names)),
            _ => (-1, -1),
        };
    }

    private static int Number(string text, int least, string[] names)
    {
        var named = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return named >= 0 ? named + least : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
    }
}
