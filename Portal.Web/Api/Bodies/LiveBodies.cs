using Portal.Core.Environments;
using Portal.Provisioning.Watching;

namespace Portal.Web.Api.Bodies;

/// <summary>What the cluster shows right now.</summary>
/// <param name="Live">False while the connection to the cluster is lost: the items are the last that were seen.</param>
/// <param name="Trouble">Why it is lost.</param>
public sealed record Seen<T>(IReadOnlyList<T> Items, bool Live, string? Trouble);

/// <summary>A pod of the environment.</summary>
public sealed record PodBody(
    string Name, string Component, string Phase, HealthStatus Health, string Message, int ReadyContainers, int AllContainers, int Restarts,
    DateTimeOffset Created, string? Node, IReadOnlyList<string> Containers)
{
    public static PodBody Of(PodRow pod) => new(
        pod.Name, pod.Component, pod.Phase, pod.Health, pod.Message, pod.ReadyContainers, pod.AllContainers, pod.Restarts, pod.Created, pod.Node, pod.Containers);
}

/// <summary>What the cluster said about an object of the environment.</summary>
public sealed record EventBody(DateTimeOffset Time, string Type, string Reason, string Object, string Message, int Count)
{
    public static EventBody Of(EventRow row) => new(row.Time, row.Type, row.Reason, row.Object, row.Message, row.Count);
}
