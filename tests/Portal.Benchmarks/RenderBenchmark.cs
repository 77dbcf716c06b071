using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Benchmarks;

/// <summary>Rendering a full stack, against writing the same stack as JSON: what any renderer has to do at least.</summary>
internal static class RenderBenchmark
{
    public static Task RunAsync()
    {
        foreach (var preset in Presets.All)
        {
            var spec = Presets.Create(preset, Purpose.Production, "shop.apps.example");
            var identity = new StackIdentity(new EnvironmentId(Guid.Empty), "payments", "shop", "payments-shop", 1);
            var stack = StackBlueprint.Render(spec, identity, ClusterCapabilities.Basic);
            var (render, allocated) = Measure.Run(50, 200, () => StackBlueprint.Render(spec, identity, ClusterCapabilities.Basic));
            var (write, _) = Measure.Run(50, 200, () => Write(stack));
            Measure.Report($"render {preset} ({stack.Manifests.Count} objects)", Milliseconds(render), "5 ms");
            Measure.Report($"render {preset}, allocated", (allocated / 1024.0 / 1024).ToString("0.00 MiB", CultureInfo.InvariantCulture));
            Measure.Report($"render {preset} / writing it as JSON", (render / write).ToString("0.00 x", CultureInfo.InvariantCulture));
        }

        return Task.CompletedTask;
    }

    private static void Write(RenderedStack stack)
    {
        foreach (var manifest in stack.Manifests)
        {
            _ = manifest.Object.ToJson();
        }
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.00 ms", CultureInfo.InvariantCulture);
}
