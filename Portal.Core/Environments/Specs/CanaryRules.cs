using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>The rules for canaries of services.</summary>
internal static class CanaryRules
{
    public static void Check(EnvironmentSpec spec, SpecCheck check)
    {
        check.That(spec.Frontend.Canary is null, "frontend.canary",
            "frontend can have no canary: the edges keep its pages for everybody, so that pages of two builds would be mixed, and a page of one build asks for files that the other does not have. Upgrade its image instead.");
        check.That(spec.Consume.Canary is null, "consume.canary",
            "consume can have no canary: it takes its work from the topics, where neither a header nor a weight decides who gets which message. Upgrade its image instead.");
        CheckCanary("gateway", RoutedService.Gateway, spec.Gateway, spec.LoadBalancer.Routes, check);
        CheckCanary("publish", RoutedService.Publish, spec.Publish, spec.LoadBalancer.Routes, check);
    }

    private static void CheckCanary(string service, RoutedService routed, ServiceSpec stable, IReadOnlyList<RouteSpec> routes, SpecCheck check)
    {
        if (stable.Canary is not { } canary)
        {
            return;
        }

        var field = $"{service}.canary";
        check.That(ServiceRules.IsImage(canary.Image), $"{field}.image", ServiceRules.NoImage(canary.Image));
        check.That(canary.Image != stable.Image, $"{field}.image", $"{UserText.Quote(canary.Image)} is what {service} runs for everybody, so that its canary would try nothing. Name another image, or end the canary.");
        check.Range($"{field}.weightPercent", canary.WeightPercent, 0, 50, "percent");
        check.Range($"{field}.pods", canary.Pods, 1, 10, "pods");
        check.That(routes.Any(route => route.Service == routed), field, $"No route leads to {service}, so that its canary would get no requests. Add one to loadBalancer.routes first.");
        foreach (var route in routes.Where(IsChoice))
        {
            check.That(false, field, $"The route {route.Path} goes by {CanarySpec.Header}: {route.Value}, which is how a request chooses a canary. Give the route another header or value first.");
        }
    }

    private static bool IsChoice(RouteSpec route) =>
        string.Equals(route.Header, CanarySpec.Header, StringComparison.OrdinalIgnoreCase)
        && (string.Equals(route.Value, CanarySpec.Always, StringComparison.OrdinalIgnoreCase) || string.Equals(route.Value, CanarySpec.Never, StringComparison.OrdinalIgnoreCase));
}
