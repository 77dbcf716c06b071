using Portal.Benchmarks;

// dotnet run -c Release --project tests/Portal.Benchmarks [render] [startup] [rollout]; without a word all of them.
var benchmarks = new Dictionary<string, Func<Task>>(StringComparer.Ordinal)
{
    ["render"] = RenderBenchmark.RunAsync,
    ["startup"] = StartupBenchmark.RunAsync,
    ["rollout"] = RolloutBenchmark.RunAsync,
};
var unknown = args.Where(word => !benchmarks.ContainsKey(word)).ToList();
if (unknown.Count > 0)
{
    await Console.Error.WriteLineAsync($"There is no benchmark {string.Join(", ", unknown)}. Choose from: {string.Join(", ", benchmarks.Keys)}.");
    return 1;
}

foreach (var name in args.Length > 0 ? args : [.. benchmarks.Keys])
{
    await benchmarks[name]();
}

return 0;
