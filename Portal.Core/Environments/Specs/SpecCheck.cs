using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>Collects the errors of a validation, with the shapes of rules that many fields share.</summary>
internal sealed class SpecCheck
{
    public List<Error> Errors { get; } = [];

    public void That(bool holds, string field, string sentence)
    {
        if (!holds)
        {
            Errors.Add(SpecErrors.Rule(field, sentence));
        }
    }

    public void Range(string field, int value, int min, int max, string unit)
    {
        if (value < min || value > max)
        {
            Errors.Add(SpecErrors.OutOfRange(field, value, min, max, unit));
        }
    }

    public void Scale(string field, Scale scale, int limit)
    {
        Range($"{field}.min", scale.Min, 1, limit, "pods");
        Range($"{field}.max", scale.Max, 1, limit, "pods");
        Range($"{field}.targetCpuPercent", scale.TargetCpuPercent, 10, 95, "percent");
        That(scale.Max >= scale.Min, $"{field}.max", $"{field}.max is {scale.Max}, less than {field}.min, {scale.Min}. Raise it or lower the minimum.");
    }

    public void Size(string field, PodSize size, int minMemoryMiB = 32)
    {
        Range($"{field}.cpuMillicores", size.CpuMillicores, 10, 64_000, "millicores");
        Range($"{field}.memoryMiB", size.MemoryMiB, minMemoryMiB, 524_288, "MiB");
    }

    /// <summary>A list in which every item keeps a rule.</summary>
    /// <param name="trouble">What is said after the item that does not, for example "is no path."</param>
    public void Each(string field, IReadOnlyList<string> items, int limit, Func<string, bool> rule, string trouble)
    {
        That(items.Count <= limit, field, $"{field} has {items.Count} entries; at most {limit} are allowed.");
        foreach (var item in items.Where(item => !rule(item)))
        {
            That(false, field, $"{UserText.Quote(item)} {trouble}");
        }
    }

    public void Unique(string field, IEnumerable<string> items, string trouble)
    {
        foreach (var twice in items.GroupBy(item => item, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            That(false, field, $"{UserText.Quote(twice.Key)} {trouble}");
        }
    }

    public void Stays<T>(string field, T wanted, T current, string because) =>
        That(EqualityComparer<T>.Default.Equals(wanted, current), field, $"{field} cannot change: {because}. Make a new environment and move the data.");

    public void Grows(string field, int wanted, int current) =>
        That(wanted >= current, field, $"{field} is {current} now and cannot shrink to {wanted}. Leave it, or make a new environment and move the data.");
}
