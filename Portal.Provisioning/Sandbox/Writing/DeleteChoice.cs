using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The options of one delete.</summary>
/// <param name="Propagation">The finalizer that the propagation policy adds; null for Background.</param>
internal sealed record DeleteChoice(string? Propagation = null, long? GraceSeconds = null, string? Uid = null, string? ResourceVersion = null, bool DryRun = false)
{
    public static readonly DeleteChoice Background = new();

    public static readonly DeleteChoice Now = new(GraceSeconds: 0);

    public static DeleteChoice Read(JsonObject? body, string? policy, string? grace, bool dryRun)
    {
        policy = body?.Text("propagationPolicy") ?? policy;
        var preconditions = body?["preconditions"] as JsonObject;
        return new DeleteChoice(
            policy switch
            {
                null or "" or "Background" => body?.Flag("orphanDependents") == true ? ObjectDeleter.Orphan : null,
                "Foreground" => ObjectDeleter.Foreground,
                "Orphan" => ObjectDeleter.Orphan,
                _ => throw ApiFault.BadRequest($"invalid propagation policy \"{policy}\": use Background, Foreground or Orphan"),
            },
            body?.Number("gracePeriodSeconds") ?? (long.TryParse(grace, out var seconds) ? seconds : null),
            preconditions?.Text("uid"),
            preconditions?.Text("resourceVersion"),
            dryRun || body.Texts("dryRun").Contains("All"));
    }
}
