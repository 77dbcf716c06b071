using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>One container; what is the same for all of them is written in <see cref="Build"/> alone.</summary>
internal sealed record ContainerPlan(string Name, string Image, PodSize Size)
{
    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Args { get; init; } = [];

    public IReadOnlyList<JsonObject> Env { get; init; } = [];

    public string? EnvFromConfigMap { get; init; }

    public IReadOnlyList<(string Name, int Port)> Ports { get; init; } = [];

    public IReadOnlyList<(string Name, int Port)> UdpPorts { get; init; } = [];

    public IReadOnlyList<JsonObject> Mounts { get; init; } = [];

    public JsonObject? Startup { get; init; }

    public JsonObject? Live { get; init; }

    public JsonObject? Ready { get; init; }

    public JsonObject? PreStop { get; init; }

    /// <summary>Disk for logs, the writable layer and emptyDirs.</summary>
    public int DiskMiB { get; init; } = 64;

    /// <summary>An init container that keeps running beside the others and is started before them.</summary>
    public bool IsSidecar { get; init; }

    public JsonObject Build() => Json.Map(
        ("name", Name),
        ("image", Image),
        ("restartPolicy", IsSidecar ? "Always" : null),
        ("command", Json.TextsOrNone(Command)),
        ("args", Json.TextsOrNone(Args)),
        ("envFrom", EnvFromConfigMap is null ? null : Json.List(Json.Map(("configMapRef", Json.Map(("name", EnvFromConfigMap)))))),
        ("env", Json.ListOrNone(Env)),
        ("ports", Json.ListOrNone([.. Ports.Select(port => PortOf(port, "TCP")), .. UdpPorts.Select(port => PortOf(port, "UDP"))])),
        ("resources", Resources()),
        ("volumeMounts", Json.ListOrNone(Mounts)),
        ("startupProbe", Startup),
        ("livenessProbe", Live),
        ("readinessProbe", Ready),
        ("lifecycle", PreStop is null ? null : Json.Map(("preStop", PreStop))),
        ("securityContext", Json.Map(
            ("allowPrivilegeEscalation", false),
            ("readOnlyRootFilesystem", true),
            ("capabilities", Json.Map(("drop", Json.List("ALL")))))));

    private static JsonObject PortOf((string Name, int Port) port, string protocol) => Json.Map(("name", port.Name), ("containerPort", port.Port), ("protocol", protocol));

    /// <summary>Memory is limited to what is requested; CPU is not limited, because throttling hurts more than sharing.</summary>
    private JsonObject Resources() => Json.Map(
        ("requests", Json.Map(("cpu", Quantity.Millicores(Size.CpuMillicores)), ("memory", Quantity.MiB(Size.MemoryMiB)), ("ephemeral-storage", Quantity.MiB(DiskMiB)))),
        ("limits", Json.Map(("memory", Quantity.MiB(Size.MemoryMiB)), ("ephemeral-storage", Quantity.MiB(DiskMiB)))));
}
