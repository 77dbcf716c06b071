using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Edge;

/// <summary>The certificate that the edges show to the world: made by the engine, issued by cert-manager, or put there by the team.</summary>
/// <remarks>A Secret of others changes in place. The pod sees that within two minutes, nginx only when it is told: a container beside it does.</remarks>
internal sealed class PublicCertificate
{
    private const string Group = "cert-manager.io";
    private const string Scripts = "edge-reload";
    private const string Mount = "reload";

    private readonly bool _changesInPlace;

    private PublicCertificate(string secret, bool changesInPlace)
    {
        Secret = secret;
        _changesInPlace = changesInPlace;
    }

    /// <summary>What holds <c>tls.crt</c> and <c>tls.key</c>.</summary>
    public string Secret { get; }

    /// <summary>Whether the engine made what is in it.</summary>
    public bool IsGenerated => !_changesInPlace;

    public static PublicCertificate Add(StackContext stack)
    {
        var wanted = stack.Spec.Edge.Certificate;
        var source = EntryCertificates.SourceOf(wanted, stack.Capabilities);
        var secret = EntryCertificates.Edge(stack.Spec, stack.Capabilities);
        if (source != wanted.Source)
        {
            stack.Note("The edges show a certificate that the portal makes, which browsers do not know: the cluster has no cert-manager (cert-manager.io/v1).");
        }

        if (source == CertificateSource.Generated)
        {
            Credentials.AddCertificate(stack, Component.Edge, secret, stack.Spec.AllHostNames());
            return new(secret, changesInPlace: false);
        }

        ConfigMaps.Add(stack, Component.Edge, Scripts, ("reload.sh", Template.Fill("Edge/reload.sh")));
        if (source == CertificateSource.CertManager)
        {
            AddRequest(stack, wanted, secret);
        }

        return new(secret, changesInPlace: true);
    }

    /// <summary>The pod with what tells nginx of a renewed certificate, where there can be one.</summary>
    public PodPlan Watched(PodPlan pod) => !_changesInPlace ? pod : pod with
    {
        // The container beside nginx sends it a signal, which takes a common view of processes and the same user, and no rights.
        SharesProcesses = true,
        Init = [.. pod.Init, Reloader()],
        Volumes = [.. pod.Volumes, Volumes.ConfigMap(Mount, Scripts)],
    };

    private static ContainerPlan Reloader() => new("reload", Images.Nginx, new PodSize(10, 24))
    {
        IsSidecar = true,
        Command = ["/bin/sh", "/scripts/reload.sh", "/etc/nginx/tls", "/tmp/nginx.pid"],
        Env = [Env.Value("EVERY_SECONDS", "10")],
        Mounts = [Volumes.ReadOnly("tls", "/etc/nginx/tls"), Volumes.ReadOnly(NginxContainer.TempVolume, "/tmp"), Volumes.ReadOnly(Mount, "/scripts")],
    };

    /// <remarks>Fields that the server would fill in are written, because lists are compared as a whole.</remarks>
    private static void AddRequest(StackContext stack, CertificateSpec wanted, string secret) =>
        stack.Add(Component.Edge, $"{Group}/v1", "Certificate", secret, stack.LabelsOf(Component.Edge), ("spec", Json.Map(
            ("secretName", secret),
            ("dnsNames", Json.Texts(stack.Spec.AllHostNames())),
            ("usages", Json.List("digital signature", "key encipherment", "server auth")),
            // A new key with each renewal: what was known of the old one ends with it.
            ("privateKey", Json.Map(("algorithm", "ECDSA"), ("size", 256), ("rotationPolicy", "Always"))),
            ("issuerRef", Json.Map(("group", Group), ("kind", wanted.IssuerKind.ToString()), ("name", wanted.IssuerName))))));
}
