using System.Diagnostics;

namespace Portal.Benchmarks;

/// <summary>Times an action many times and keeps the median, which one slow run does not move.</summary>
internal static class Measure
{
    public static (TimeSpan Median, long AllocatedBytes) Run(int warmUp, int runs, Action action)
    {
        for (var run = 0; run < warmUp; run++)
        {
            action();
        }

        var times = new TimeSpan[runs];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < runs; run++)
        {
            var clock = Stopwatch.StartNew();
            action();
            times[run] = clock.Elapsed;
        }

        return (Median(times), (GC.GetAllocatedBytesForCurrentThread() - before) / runs);
    }

    public static TimeSpan Median(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>One line per figure: name, value, and its limit when there is one.</summary>
    public static void Report(string figure, string value, string? limit = null) =>
        Console.WriteLine($"{figure,-52} {value,16}{(limit is null ? "" : $"   limit {limit}")}");
}
