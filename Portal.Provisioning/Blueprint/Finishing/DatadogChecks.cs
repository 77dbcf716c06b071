using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Finishing;

/// <summary>Tells the cluster's Datadog agent, by its autodiscovery annotations, to read every port whose name begins with <c>metrics</c>.</summary>
/// <remarks>Done for the whole stack at the end, by the same names that Prometheus goes by, so that no layer can forget it.</remarks>
internal static class DatadogChecks
{
    public static void Annotate(StackContext stack)
    {
        if (stack.Metrics != MetricsProvider.Datadog)
        {
            return;
        }

        foreach (var manifest in stack.Manifests)
        {
            if (PodTemplates.Of(manifest.Object) is { } template)
            {
                Annotate(template, stack.Identity.Name, (string)template["metadata"]!["labels"]![Labels.Component]!);
            }
        }
    }

    private static void Annotate(JsonObject template, string environment, string component)
    {
        foreach (var container in PodTemplates.Containers(template))
        {
            var ports = (container["ports"] as JsonArray ?? [])
                .Where(port => ((string)port!["name"]!).StartsWith(Exporters.Port, StringComparison.Ordinal))
                .Select(port => (Number: (int)port!["containerPort"]!, Path: Exporters.PathOf((string)port["name"]!)))
                .ToList();
            if (ports.Count > 0)
            {
                var instances = ports.Select(port => (JsonNode?)Json.Map(
                    ("openmetrics_endpoint", string.Create(CultureInfo.InvariantCulture, $"http://%%host%%:{port.Number}{port.Path}")),
                    ("namespace", "portal"),
                    ("metrics", Json.List(".*")),
                    ("tags", Json.List($"environment:{environment}", $"component:{component}"))));
                Annotations(template)[$"ad.datadoghq.com/{container["name"]}.checks"] = Json.Map(("openmetrics", Json.Map(("instances", Json.List([.. instances]))))).ToJsonString();
            }
        }
    }

    private static JsonObject Annotations(JsonObject template)
    {
        var metadata = (JsonObject)template["metadata"]!;
        if (metadata["annotations"] is not JsonObject annotations)
        {
            annotations = [];
            metadata.Add("annotations", annotations);
        }

        return annotations;
    }
}
