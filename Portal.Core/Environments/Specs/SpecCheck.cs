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

    public void Grows(string field, int wanted, int current) =>
        That(wanted >= current, field, $"{field} is {current} now and cannot shrink to {wanted}. Leave it, or make a new environment and move the data.");
}
