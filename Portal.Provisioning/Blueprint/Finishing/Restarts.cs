using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Finishing;

/// <summary>Stamps each pod template with the number of times that its component was restarted by hand: one more rolls the pods.</summary>
internal static class Restarts
{
    public static void Stamp(RestartCounts counts, IReadOnlyList<Manifest> manifests)
    {
        foreach (var manifest in manifests.Where(manifest => manifest.Object.Kind is "Deployment" or "StatefulSet" && RestartCounts.Restartable.Contains(manifest.Component)))
        {
            if (counts.Of(manifest.Component) is > 0 and var count && PodTemplates.Of(manifest.Object) is { } template)
            {
                var metadata = (JsonObject)template["metadata"]!;
                if (metadata["annotations"] is not JsonObject annotations)
                {
                    metadata["annotations"] = annotations = [];
                }

                annotations[Labels.Restart] = count.ToString(CultureInfo.InvariantCulture);
            }
        }
    }
}
