using System.Text.Json.Nodes;
using Portal.Core.Environments;

namespace Portal.Provisioning.Blueprint;

/// <summary>One set of like pods of a component: its labels, and the selector that finds exactly them.</summary>
/// <param name="App">The software that runs, for example <c>nginx</c>.</param>
/// <param name="Name">Name of the Deployment, StatefulSet, Job or CronJob.</param>
/// <param name="Role">Tells the workloads of one component apart; null when it has one.</param>
internal sealed record Workload(StackContext Stack, Component Component, string App, string Name, string? Role = null)
{
    /// <summary>A further distinction within the role: an edge location, a Redis shard.</summary>
    public (string Key, string Value)? Distinction { get; init; }

    /// <summary>Whether it runs another image beside the component's own pods, whose selectors must not find its pods.</summary>
    public bool IsCanary { get; init; }

    /// <summary>The workload's account; components share one unless a workload speaks to the API server.</summary>
    public string Account { get; init; } = Component.Slug();

    public JsonObject Labels() => Distinguish(Blueprint.Labels.For(Stack.Identity, Component, App));

    /// <summary>The labels of its pods: the same, but that those of a canary are told from the component's.</summary>
    public JsonObject PodLabels()
    {
        var labels = Labels();
        if (IsCanary)
        {
            labels[Blueprint.Labels.Component] = Component.Slug() + Blueprint.Labels.CanarySuffix;
        }

        return labels;
    }

    public JsonObject Selector() => Distinguish(IsCanary ? Blueprint.Labels.CanarySelector(Stack.Identity, Component) : Blueprint.Labels.Selector(Stack.Identity, Component));

    private JsonObject Distinguish(JsonObject labels)
    {
        if (Role is not null)
        {
            labels.Add(Blueprint.Labels.Role, Role);
        }

        if (Distinction is var (key, value))
        {
            labels.Add(key, value);
        }

        return labels;
    }
}
