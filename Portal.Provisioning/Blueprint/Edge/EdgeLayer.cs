using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Edge;

/// <summary>CDN edges: for each location a caching nginx with its own public address.</summary>
/// <remarks>An edge whose load balancer is dead keeps serving what it has, so its probes ask nginx alone.</remarks>
internal static class EdgeLayer
{
    private const string Epoch = "edge-epoch";
    private const string RefreshToken = "edge-refresh";
    private const string Quic = "quic";

    public static void Render(StackContext stack)
    {
        var certificate = PublicCertificate.Add(stack);
        Credentials.AddPassword(stack, Component.Edge, RefreshToken);
        // Not marked as live: nginx reads it at start, so a purge rolls the edges, and new pods begin with an empty cache.
        ConfigMaps.Add(stack, Component.Edge, Epoch, ("epoch.conf", EdgeConfig.Epoch(stack.Spec)));
        foreach (var location in stack.Spec.Edge.Locations)
        {
            Location(stack, location, certificate);
        }

        EntryCheck.Add(stack, certificate);
    }

    /// <summary>The Deployment and the Service of a location.</summary>
    public static string NameOf(string location) => Names.Fit($"edge-{location}");

    private static void Location(StackContext stack, string location, PublicCertificate certificate)
    {
        var edge = stack.Spec.Edge;
        var name = NameOf(location);
        var config = Names.Fit($"{name}-conf", 63);
        var workload = new Workload(stack, Component.Edge, "nginx", name) { Distinction = (Labels.Location, location) };
        ConfigMaps.Add(stack, Component.Edge, config, ("nginx.conf", EdgeConfig.Nginx(stack, location)));

        ContainerPlan check = NginxContainer.Check(
            Images.Nginx,
            [
                Volumes.Mount("generated", "/etc/nginx/generated"), Volumes.Mount("cache", "/cache"), Volumes.ReadOnly("tls", "/etc/nginx/tls"),
                Volumes.ReadOnly("upstream-ca", "/run/secrets/upstream-ca"), Volumes.ReadOnly("epoch", "/etc/nginx/epoch"), Volumes.ReadOnly("refresh", "/run/secrets/refresh"),
            ],
            // nginx takes all that it trusts from one file.
            before: "cat /run/secrets/upstream-ca/*.crt > /etc/nginx/generated/upstream-ca.crt; printf '\"%s\" 1;\\n' \"$(cat /run/secrets/refresh/password)\" > /etc/nginx/generated/refresh.map; ");
        var nginx = NginxContainer.Serve(
            "edge", Images.Nginx, stack.Sizes.Edge, [("http", Ports.Http), ("https", Ports.Https)],
            [
                Volumes.ReadOnly("generated", "/etc/nginx/generated"), Volumes.Mount("cache", "/cache"), Volumes.ReadOnly("tls", "/etc/nginx/tls"),
                Volumes.ReadOnly("epoch", "/etc/nginx/epoch"),
            ]) with { UdpPorts = edge.Http3 ? [(Quic, Ports.Https)] : [] };
        // The Service goes with the base and so finds no pod any more before the pods are told to end, which finish what they have.
        var isDrained = stack.Spec.DayTwo.DrainedLocations.Contains(location);
        var pods = isDrained ? 0 : edge.PodsPerLocation;
        Deployments.Add(workload, new Scale(pods, pods), certificate.Watched(new PodPlan(Users.Nginx, [nginx with { DiskMiB = CacheMiB(edge) + NginxContainer.DiskMiB(stack.Spec.LoadBalancer) }, Exporters.Nginx()])
        {
            Init = [check],
            Spread = Spread.Preferred,
            PreferredZone = location,
            GraceSeconds = 60,
            SafeToEvict = true,
            Volumes =
            [
                Volumes.ConfigMap(NginxContainer.ConfigVolume, config),
                Volumes.Empty(NginxContainer.TempVolume, NginxContainer.TempMiB(stack.Spec.LoadBalancer)),
                Volumes.Empty("cache", CacheMiB(edge)),
                Volumes.Empty("generated", 1, inMemory: true),
                Volumes.Secret("tls", certificate.Secret, "tls.crt", "tls.key"),
                Volumes.Authorities("upstream-ca", EntryCertificates.Trusted(stack.Spec)),
                Volumes.Secret("refresh", RefreshToken, Credentials.PasswordKey),
                Volumes.ConfigMap("epoch", Epoch),
            ],
        }));
        ServiceObjects.AddPublic(workload, name, isDrained, [("http", Ports.HttpWorld, "TCP"), ("https", Ports.HttpsWorld, "TCP"), .. edge.Http3 ? [(Quic, Ports.HttpsWorld, "UDP")] : Array.Empty<(string, int, string)>()]);
    }

    /// <summary>A tenth more than nginx may fill: it removes old answers only after it has written new ones.</summary>
    private static int CacheMiB(EdgeSpec edge) => edge.CacheGiB * 1024 * 11 / 10;
}
