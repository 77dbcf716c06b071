using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>Certificates of cert-manager: one is ready when its Secret holds what was asked for, and cert-manager says why it is not.</summary>
/// <remarks>A failed try is repeated by cert-manager after an hour and then ever later, so that waiting alone hardly helps.</remarks>
internal static class CertificateHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        var ready = Current(live, live.Condition("Ready"));
        if (ready.Is("True"))
        {
            return HealthReport.Healthy(live.Text("status", "notAfter") is { } end ? $"Issued; it holds until {end} and is renewed before." : "Issued.");
        }

        var issuing = Current(live, live.Condition("Issuing"));
        return issuing.Is("False") && issuing?.Text("reason") == "Failed"
            ? HealthReport.Degraded(HealthCause.Configuration, $"{Issuer(live)} does not issue it{Because(issuing)}.", Step(live)) with { PodsMayRun = true }
            : HealthReport.Waiting(HealthCause.Other, $"Waiting for {Issuer(live)} to issue it{Because(ready ?? issuing)}.", Step(live));
    }

    /// <summary>A condition that speaks of an older generation says nothing about now.</summary>
    private static KubeObject? Current(KubeObject live, KubeObject? condition) =>
        condition?.Number("observedGeneration") is { } seen && seen < live.Generation ? null : condition;

    private static string Issuer(KubeObject live) => $"{live.Text("spec", "issuerRef", "kind") ?? "Issuer"}/{live.Text("spec", "issuerRef", "name")}";

    private static string Because(KubeObject? condition) => (condition?.Text("reason"), condition.Words()) switch
    {
        (_, "") => "",
        (null or "", var words) => $": {words}",
        var (reason, words) => $" ({reason}): {words}",
    };

    private static string Step(KubeObject live) =>
        $"Check that {Issuer(live)} exists, is ready and may sign for {string.Join(", ", live.Texts("spec", "dnsNames"))}; the CertificateRequests and their events in the namespace say what it waits for.";
}
