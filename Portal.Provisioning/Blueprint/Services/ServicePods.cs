using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Services;

/// <summary>What a team sets of its service's pods: variables, files of Secrets, and how long starting and ending may take.</summary>
internal static class ServicePods
{
    /// <summary>Seconds that a pod goes on serving after it was taken out of its Service: callers need a moment to see it.</summary>
    public const int DrainSeconds = 10;

    /// <summary>The pod's time to end: draining, and then its own work.</summary>
    public static int GraceSeconds(ServiceSpec spec) => DrainSeconds + spec.GraceSeconds;

    /// <summary>Our variables and the team's, which win: a name may stand in a container once.</summary>
    public static IReadOnlyList<JsonObject> Env(ServiceSpec spec, params ReadOnlySpan<JsonObject> ours)
    {
        var theirs = Variables(spec).ToList();
        var variables = new List<JsonObject>();
        foreach (var variable in ours)
        {
            if (!theirs.Any(each => each.Name == (string?)variable["name"]))
            {
                variables.Add(variable);
            }
        }

        return [.. variables, .. theirs.Select(each => Objects.Env.Value(each.Name, each.Value))];
    }

    public static IEnumerable<(string Name, string Value)> Variables(ServiceSpec spec) =>
        from line in spec.Env
        let split = line.IndexOf('=', StringComparison.Ordinal)
        select (line[..split], line[(split + 1)..]);

    public static IEnumerable<JsonObject> Volumes(ServiceSpec spec) => spec.Secrets.Select(name => Objects.Volumes.Secret(Volume(name), name));

    public static IEnumerable<JsonObject> Mounts(ServiceSpec spec) => spec.Secrets.Select(name => Objects.Volumes.ReadOnly(Volume(name), $"/run/secrets/{name}"));

    // A Secret's name may be longer than a volume's, and hold dots.
    private static string Volume(string secret) => $"secret-{Names.Hash(secret)}";
}
