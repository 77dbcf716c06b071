using System.Text.Json.Nodes;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Kubernetes Services: stable names in front of pods.</summary>
internal static class ServiceObjects
{
    /// <summary>A name and address for clients within the cluster. The target is a port name of the pods.</summary>
    public static void Add(Workload workload, string name, int port, string target, (string Key, string Value)? onlyPod = null)
    {
        var selector = workload.Selector();
        if (onlyPod is var (key, value))
        {
            selector.Add(key, value);
        }

        Add(workload, name, Json.Map(
            ("selector", selector),
            ("ports", Json.List(Port(target, port))),
            ("trafficDistribution", onlyPod is null ? TrafficDistribution(workload.Stack) : null)));
    }

    /// <summary>A name for each pod, ready or not: what members of a set find each other by.</summary>
    public static void AddHeadless(Workload workload, string name, params ReadOnlySpan<(string Target, int Port)> ports)
    {
        var list = new JsonArray();
        foreach (var (target, port) in ports)
        {
            list.Add(Port(target, port));
        }

        Add(workload, name, Json.Map(
            ("clusterIP", "None"),
            ("publishNotReadyAddresses", true),
            ("selector", workload.Selector()),
            ("ports", list)));
    }

    /// <summary>An address for the world. The Local policy keeps the client's address.</summary>
    /// <param name="isDrained">The address is kept and nobody is sent to any pod.</param>
    public static void AddPublic(Workload workload, string name, bool isDrained, params ReadOnlySpan<(string Target, int Port, string Protocol)> ports)
    {
        var selector = workload.Selector();
        if (isDrained)
        {
            selector.Add(Labels.Drained, "true");
        }

        var list = new JsonArray();
        foreach (var (target, port, protocol) in ports)
        {
            list.Add(Port(target, port, protocol));
        }

        Add(workload, name, Json.Map(
            ("type", "LoadBalancer"),
            ("externalTrafficPolicy", "Local"),
            ("selector", selector),
            ("ports", list)));
    }

    private static void Add(Workload workload, string name, JsonObject spec) =>
        workload.Stack.Add(workload.Component, "v1", "Service", name, workload.Labels(), ("spec", spec));

    private static JsonObject Port(string target, int port, string protocol = "TCP") =>
        Json.Map(("name", target), ("port", port), ("targetPort", target), ("protocol", protocol));

    private static string? TrafficDistribution(StackContext stack) => stack.Capabilities.ServerVersion switch
    {
        var version when version.IsAtLeast(1, 34) => "PreferSameZone",
        var version when version.IsAtLeast(1, 31) => "PreferClose",
        _ => null,
    };
}
