using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>What one container uses, and what it asked for; a request of zero means that it asked for nothing.</summary>
internal sealed record ContainerUsage(string Name, long MilliCpu, long MemoryBytes, long RequestedMilliCpu, long RequestedMemoryBytes)
{
    public JsonObject ToJson() => new() { ["name"] = Name, ["usage"] = Amounts(MilliCpu, MemoryBytes) };

    /// <summary>The amounts as metrics.k8s.io spells them.</summary>
    public static JsonObject Amounts(long milliCpu, long memoryBytes) => new()
    {
        ["cpu"] = string.Create(CultureInfo.InvariantCulture, $"{milliCpu}m"),
        ["memory"] = string.Create(CultureInfo.InvariantCulture, $"{memoryBytes / 1024}Ki"),
    };
}
