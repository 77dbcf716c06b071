using Portal.Benchmarks;

// dotnet run -c Release --project tests/Portal.Benchmarks [render] [startup] [rollout] [sandbox[=ENVIRONMENTS]] [engine] [fleet[=ENVIRONMENTS]]; without a word all of them.
var benchmarks = new Dictionary<string, Func<string?, Task>>(StringComparer.Ordinal)
{
    ["render"] = _ => RenderBenchmark.RunAsync(),
    ["startup"] = _ => StartupBenchmark.RunAsync(),
    ["rollout"] = _ => RolloutBenchmark.RunAsync(),
    ["sandbox"] = SandboxLoadBenchmark.RunAsync,
    ["engine"] = _ => EngineBenchmark.RunAsync(),
    ["fleet"] = FleetBenchmark.RunAsync,
};
var unknown = args.Where(word => !benchmarks.ContainsKey(word.Split('=')[0])).ToList();
if (unknown.Count > 0)
{
    await Console.Error.WriteLineAsync($"There is no benchmark {string.Join(", ", unknown)}. Choose from: {string.Join(", ", benchmarks.Keys)}.");
    return 1;
}

foreach (var name in args.Length > 0 ? args : [.. benchmarks.Keys])
{
    await benchmarks[name.Split('=')[0]](name.Contains('=', StringComparison.Ordinal) ? name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..] : null);
}

return 0;
