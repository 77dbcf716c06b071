using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Databases;
using Portal.Provisioning.Blueprint.Databases.MySql;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Base;

/// <summary>What everything stands on: the namespace with its Pod Security level, defaults for containers, and where the services find the data.</summary>
/// <remarks>Policies, accounts and the quota follow from the rest of the stack and are added after it.</remarks>
internal static class BaseLayer
{
    public static void Render(StackContext stack)
    {
        var labels = stack.LabelsOf(Component.Base);
        foreach (var mode in new[] { "enforce", "audit", "warn" })
        {
            labels.Add($"pod-security.kubernetes.io/{mode}", "restricted");
        }

        stack.Add(Component.Base, "v1", "Namespace", stack.Identity.Namespace, labels, Json.Map((Labels.Environment, stack.Identity.Id.ToString())), generated: null);
        stack.Add(Component.Base, "v1", "LimitRange", "containers", stack.LabelsOf(Component.Base), ("spec", Json.Map(("limits", Json.List(Json.Map(
            ("type", "Container"),
            ("defaultRequest", Json.Map(("cpu", "50m"), ("memory", "64Mi"), ("ephemeral-storage", "64Mi"))),
            ("default", Json.Map(("memory", "256Mi"), ("ephemeral-storage", "256Mi")))))))));
        ConfigMaps.Add(stack, Component.Base, Names.AppEndpoints, [
            .. MySqlLayer.Endpoints(stack.Spec.MySql),
            ("REDIS_ADDRESS", $"{Names.Redis}:{Ports.Redis}"),
            ("REDIS_CLUSTER", stack.Spec.Redis.Shards > 1 ? "true" : "false"),
            ("REDIS_USER", "app"),
            .. PubSubLayer.Endpoints(stack),
            ("PUBLISH_URL", $"http://{Names.Publish}:{Ports.Http}"),
            ("CREDENTIALS_DIR", "/run/secrets/portal"),
            .. Datadog(stack)]);
    }

    /// <summary>Where the services may send metrics of their own; the names are those that Datadog's libraries read.</summary>
    private static IEnumerable<(string, string)> Datadog(StackContext stack) => stack.Spec.Metrics.DatadogAgent is { } agent
        ? [("DD_AGENT_HOST", agent.Split(':')[0]), ("DD_DOGSTATSD_URL", $"udp://{agent}")]
        : [];
}
