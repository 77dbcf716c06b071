using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>Gateways and their routes: a controller accepts them, resolves what they name, and programs the data path.</summary>
/// <remarks>A condition says itself which generation it speaks of; one that speaks of an older one says nothing about now.</remarks>
internal static class GatewayHealth
{
    private const string Correct = "Correct what is named, or choose another class; until then requests by this way are not answered.";

    public static HealthReport AssessGateway(KubeObject live)
    {
        var accepted = Current(live, live.Condition("Accepted"));
        var programmed = Current(live, live.Condition("Programmed"));
        return (accepted?.Text("status"), programmed?.Text("status")) switch
        {
            ("False", _) when accepted?.Text("reason") is not "Pending" => Refused($"The gateway is refused: {accepted.Words()}."),
            ("True", "True") => HealthReport.Healthy(Addresses(live) is { Length: > 0 } addresses ? $"Reachable from outside at {addresses}." : "Programmed."),
            ("True", "False") when programmed?.Text("reason") is "Invalid" => Refused($"The gateway cannot be programmed: {programmed.Words()}."),
            ("True", _) => HealthReport.Progressing(programmed.Words() is { Length: > 0 } words ? $"The gateway is being programmed: {words}." : "The gateway is being programmed."),
            _ => HealthReport.Progressing($"Waiting for the controller of gateway class {live.Text("spec", "gatewayClassName")}."),
        };
    }

    public static HealthReport AssessRoute(KubeObject live)
    {
        var parents = live.Items("status", "parents").Select(parent => new KubeObject(parent)).ToList();
        var conditions = parents.SelectMany(parent => parent.Items("conditions")).Select(condition => new KubeObject(condition)).Where(condition => Current(live, condition) is not null).ToList();
        if (conditions.FirstOrDefault(condition => condition.Text("type") is "Accepted" or "ResolvedRefs" && condition.Is("False")) is { } failed)
        {
            return failed.Text("reason") is "Pending" ? HealthReport.Progressing($"The gateway has not taken the routes yet: {failed.Words()}.") : Refused($"The routes are refused: {failed.Words()}.");
        }

        return parents.Count > 0 && conditions.Count(condition => condition.Text("type") == "Accepted") >= parents.Count
            ? HealthReport.Healthy("The gateway has taken the routes.")
            : HealthReport.Progressing("Waiting for the gateway to take the routes.");
    }

    private static KubeObject? Current(KubeObject live, KubeObject? condition) =>
        condition?.Number("observedGeneration") is { } seen && seen < live.Generation ? null : condition;

    private static string Addresses(KubeObject live) => string.Join(", ", live.Items("status", "addresses").Select(address => (string?)address["value"]).OfType<string>());

    private static HealthReport Refused(string message) => HealthReport.Degraded(HealthCause.Configuration, message, Correct) with { PodsMayRun = true };
}
