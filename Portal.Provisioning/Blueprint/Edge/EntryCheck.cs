using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Edge;

/// <summary>The last step of a rollout: a request through each location, as a visitor sends one. Ready means that it went all the way.</summary>
/// <remarks>
/// A Job of the edges that starts when they are healthy, see <see cref="StackNode.LastToStart"/>. Its name follows from its content, which has the
/// generation in it: each rollout asks again, and what an earlier one asked is pruned.
/// </remarks>
internal static class EntryCheck
{
    private const string Name = "edge-check";
    private const string ShownFolder = "/run/secrets/edge";

    /// <summary>The script's own limit. A pod that is lost is followed by one other.</summary>
    private const int DeadlineSeconds = 60;
    private const int Tries = 1;

    /// <summary>The rules of the core set that each find the script in the attack; a critical one scores <see cref="Critical"/>.</summary>
    private static readonly int[] s_attackRules = [941_100, 941_110, 941_160, 941_390];
    private const int Critical = 5;

    public static void Add(StackContext stack, PublicCertificate certificate)
    {
        ConfigMaps.Add(stack, Component.Edge, Name, ("check.sh", Script(stack, certificate)));
        var workload = new Workload(stack, Component.Edge, "curl", Name, Roles.Check);
        var check = new ContainerPlan("check", Images.Kubectl, new PodSize(50, 64))
        {
            Command = ["/bin/bash", "/scripts/check.sh"],
            Env =
            [
                Env.Value("GENERATION", stack.Identity.Generation.ToString(CultureInfo.InvariantCulture)),
                Env.Value("DEADLINE_SECONDS", DeadlineSeconds.ToString(CultureInfo.InvariantCulture)),
            ],
            Mounts = [Volumes.ReadOnly("scripts", "/scripts"), Volumes.Mount("tmp", "/tmp"), .. certificate.IsGenerated ? [Volumes.ReadOnly("tls", ShownFolder)] : Array.Empty<System.Text.Json.Nodes.JsonObject>()],
        };
        Jobs.Add(workload, new PodPlan(Users.Nobody, [check])
        {
            GraceSeconds = 5,
            Volumes =
            [
                Volumes.ConfigMap("scripts", Name), Volumes.Empty("tmp", 1),
                // What the world is shown, and not its key.
                .. certificate.IsGenerated ? [Volumes.Secret("tls", certificate.Secret, "tls.crt")] : Array.Empty<System.Text.Json.Nodes.JsonObject>(),
            ],
        }, deadlineSeconds: 600, Tries);
    }

    private static string Script(StackContext stack, PublicCertificate certificate) => Template.Fill(
        "Edge/check.sh",
        ("HOST_NAME", stack.Spec.HostName),
        ("HOST_NAMES", string.Join(' ', stack.Spec.AllHostNames())),
        ("CERTIFICATE", certificate.IsGenerated ? $"{ShownFolder}/tls.crt" : ""),
        ("CERTIFICATE_STEP", certificate.IsGenerated
            ? $"Restart the edges if the Secret {certificate.Secret} was changed, or rotate their certificate."
            : $"Put a certificate for all host names of the edges, which has not ended, into the Secret {certificate.Secret}, or let its issuer do so."),
        ("PRIVATE_PATH", PrivatePath(RouteTable.Of(stack.Spec))),
        ("ATTACK", Attack(stack.Spec.LoadBalancer)),
        ("CHECKS", string.Join('\n', stack.Spec.LocationsInService().Select(location => Check(location, stack.Dns(EdgeLayer.NameOf(location)))))));

    private static string Check(string location, string service) => $"check {location} {service}:{Number(Ports.HttpsWorld)} {service}:{Number(Ports.HttpWorld)}";

    /// <summary>A path of a service, the gateway's where it has one; one that depends on no header.</summary>
    private static string PrivatePath(RouteTable routes) => routes.Routes
        .Where(route => route is { Header: null, Service: not RoutedService.Frontend } && route.Path != "/")
        .OrderBy(route => route.Service)
        .Select(route => route.Path)
        .FirstOrDefault() ?? "";

    /// <summary>What has to become of the attack; rules that are switched off, or a high threshold, may let it pass a firewall that blocks.</summary>
    private static string Attack(LoadBalancerSpec spec) => spec.Waf switch
    {
        WafMode.Detection => "passed",
        _ when s_attackRules.Except(spec.DisabledRules).Count() * Critical >= spec.AnomalyThreshold => "refused",
        _ => "any",
    };

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}
