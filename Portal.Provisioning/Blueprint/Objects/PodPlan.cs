using System.Text.Json.Nodes;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>A pod template; what is the same for all of them is written in <see cref="Build"/> alone.</summary>
/// <param name="User">The user and group that the images run as.</param>
internal sealed record PodPlan(int User, IReadOnlyList<ContainerPlan> Containers)
{
    private const string TokenVolume = "api-token";

    public IReadOnlyList<ContainerPlan> Init { get; init; } = [];

    public IReadOnlyList<JsonObject> Volumes { get; init; } = [];

    public int GraceSeconds { get; init; } = 45;

    /// <summary>Pods that speak to the API server get a token; all others get none.</summary>
    public bool UsesApi { get; init; }

    /// <summary>Containers of the pod see each other's processes, so that one can send another a signal.</summary>
    public bool SharesProcesses { get; init; }

    /// <summary>Never for Jobs; null for pods that run until they are told to end.</summary>
    public string? RestartPolicy { get; init; }

    /// <summary>The zone that the pods would rather run in.</summary>
    public string? PreferredZone { get; init; }

    /// <summary>Whether the node autoscaler may move the pods; null leaves its default.</summary>
    public bool? SafeToEvict { get; init; }

    public string? PriorityClass { get; init; }

    /// <summary>Whether pods of one revision are spread, or pods of the whole set: the first for Deployments.</summary>
    public Spread Spread { get; init; } = Spread.None;

    public JsonObject Build(Workload workload) => Json.Map(
        ("metadata", Json.Map(
            ("labels", workload.PodLabels()),
            ("annotations", SafeToEvict is { } safe ? Json.Map(("cluster-autoscaler.kubernetes.io/safe-to-evict", safe ? "true" : "false")) : null))),
        ("spec", Json.Map(
            ("serviceAccountName", workload.Account),
            ("automountServiceAccountToken", false),
            ("enableServiceLinks", false),
            ("shareProcessNamespace", SharesProcesses ? true : null),
            ("restartPolicy", RestartPolicy),
            ("priorityClassName", PriorityClass),
            ("terminationGracePeriodSeconds", GraceSeconds),
            ("securityContext", Json.Map(
                ("runAsNonRoot", true),
                ("runAsUser", User),
                ("runAsGroup", User),
                ("fsGroup", User),
                ("fsGroupChangePolicy", "OnRootMismatch"),
                ("seccompProfile", Json.Map(("type", "RuntimeDefault"))))),
            ("affinity", PreferredZone is null ? null : Affinity(PreferredZone)),
            ("topologySpreadConstraints", Constraints(workload)),
            ("initContainers", Json.ListOrNone(Init.Select(container => container.Build()))),
            ("containers", Json.ListOrNone(Containers.Select(Finished))),
            ("volumes", Json.ListOrNone(UsesApi ? Volumes.Append(Objects.Volumes.ApiToken(TokenVolume)) : Volumes)))));

    private JsonObject Finished(ContainerPlan container) =>
        (UsesApi
            ? container with { Mounts = [.. container.Mounts, Objects.Volumes.ReadOnly(TokenVolume, "/var/run/secrets/kubernetes.io/serviceaccount")] }
            : container).Build();

    private static JsonObject Affinity(string zone) => Json.Map(("nodeAffinity", Json.Map(("preferredDuringSchedulingIgnoredDuringExecution", Json.List(Json.Map(
        ("weight", 100),
        ("preference", Json.Map(("matchExpressions", Json.List(Json.Map(
            ("key", "topology.kubernetes.io/zone"), ("operator", "In"), ("values", Json.List(zone)))))))))))));

    private JsonArray? Constraints(Workload workload) => Spread == Spread.None
        ? null
        : Json.List(
            Constraint(workload, "topology.kubernetes.io/zone", "ScheduleAnyway"),
            Constraint(workload, "kubernetes.io/hostname", Spread.HasFlag(Spread.Strict) ? "DoNotSchedule" : "ScheduleAnyway"));

    private JsonObject Constraint(Workload workload, string topology, string otherwise) => Json.Map(
        ("maxSkew", 1),
        ("topologyKey", topology),
        ("whenUnsatisfiable", otherwise),
        ("labelSelector", Json.Map(("matchLabels", workload.Selector()))),
        ("matchLabelKeys", Spread.HasFlag(Spread.PerRevision) ? Json.List("pod-template-hash") : null));
}

/// <summary>How like pods are kept apart.</summary>
/// <remarks>
/// Strict is an even spread over the nodes that there are, not one pod per node: two nodes never hold zero and two, and a cluster
/// of fewer nodes than pods still runs them all, which a required anti-affinity would not.
/// </remarks>
[Flags]
internal enum Spread
{
    None = 0,
    Preferred = 1,
    Strict = 2,
    PerRevision = 4,
}
