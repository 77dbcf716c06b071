using System.Globalization;
using System.Text;

namespace Portal.Provisioning.Drift;

/// <summary>Of two long texts the parts that differ, with line numbers; bounded, however long the texts are.</summary>
internal static class LineDiff
{
    private const int MostLines = 20;
    private const int Width = 200;
    private const int Around = 60;

    // Beyond this, finding the shortest difference costs more than it tells.
    private const long MostCells = 1_000_000;

    public static (string Before, string After) Of(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        if (old.Length == 1 && now.Length == 1)
        {
            return Excerpts(before, after);
        }

        var (goes, comes) = Changed(old, now);
        return goes.Count == 1 && comes.Count == 1
            ? Numbered(goes[0], comes[0], Excerpts(old[goes[0]], now[comes[0]]))
            : (Spell(old, goes), Spell(now, comes));
    }

    /// <summary>The lines of each side that the other does not have, by a longest common subsequence.</summary>
    private static (IReadOnlyList<int> Goes, IReadOnlyList<int> Comes) Changed(string[] old, string[] now)
    {
        var (start, oldEnd, nowEnd) = (0, old.Length, now.Length);
        while (start < oldEnd && start < nowEnd && old[start] == now[start])
        {
            start++;
        }

        while (oldEnd > start && nowEnd > start && old[oldEnd - 1] == now[nowEnd - 1])
        {
            oldEnd--;
            nowEnd--;
        }

        var (rows, columns) = (oldEnd - start, nowEnd - start);
        if ((long)rows * columns > MostCells)
        {
            return ([.. Enumerable.Range(start, rows)], [.. Enumerable.Range(start, columns)]);
        }

        var common = new int[rows + 1, columns + 1];
        for (var row = rows - 1; row >= 0; row--)
        {
            for (var column = columns - 1; column >= 0; column--)
            {
                common[row, column] = old[start + row] == now[start + column]
                    ? common[row + 1, column + 1] + 1
                    : Math.Max(common[row + 1, column], common[row, column + 1]);
            }
        }

        var (goes, comes) = (new List<int>(), new List<int>());
        var (i, j) = (0, 0);
        while (i < rows || j < columns)
        {
            if (i < rows && j < columns && old[start + i] == now[start + j])
            {
                i++;
                j++;
            }
            else if (j >= columns || (i < rows && common[i + 1, j] >= common[i, j + 1]))
            {
                goes.Add(start + i++);
            }
            else
            {
                comes.Add(start + j++);
            }
        }

        return (goes, comes);
    }

    private static string Spell(string[] lines, IReadOnlyList<int> chosen)
    {
        if (chosen.Count == 0)
        {
            return "(no such lines)";
        }

        var text = new StringBuilder();
        foreach (var line in chosen.Take(MostLines))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(CultureInfo.InvariantCulture, $"{line + 1}: {FieldText.Cut(lines[line].TrimEnd('\r'), Width)}");
        }

        return chosen.Count <= MostLines ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $"\n… {chosen.Count - MostLines} more lines").ToString();
    }

    private static (string Before, string After) Numbered(int old, int now, (string Before, string After) excerpts) =>
        (string.Create(CultureInfo.InvariantCulture, $"{old + 1}: {excerpts.Before}"), string.Create(CultureInfo.InvariantCulture, $"{now + 1}: {excerpts.After}"));

    /// <summary>Both lines from a little before the first character that differs.</summary>
    private static (string Before, string After) Excerpts(string before, string after)
    {
        var same = before.AsSpan().CommonPrefixLength(after);
        var start = before.Length <= Width && after.Length <= Width ? 0 : Math.Max(0, same - Around);
        if (start > 0 && char.IsLowSurrogate(before.Length > start ? before[start] : after[start]))
        {
            start--;
        }

        return (From(before, start), From(after, start));
    }

    private static string From(string text, int start) => (start > 0 ? "…" : "") + FieldText.Cut(text[Math.Min(start, text.Length)..], Width);
}
