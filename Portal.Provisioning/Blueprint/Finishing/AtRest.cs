using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Finishing;

/// <summary>A paused environment: no pods, no scheduled work; volumes, addresses, credentials and the quota stay as they are.</summary>
/// <remarks>An autoscaler whose target has no pods does nothing by itself, so it stays for the time after. Nobody answers the check of the entry, so it is left out.</remarks>
internal static class AtRest
{
    /// <returns>What is to be applied.</returns>
    public static IEnumerable<Manifest> Apply(DayTwoSpec dayTwo, IReadOnlyList<Manifest> manifests)
    {
        if (!dayTwo.Paused)
        {
            return manifests;
        }

        foreach (var item in manifests.Select(manifest => manifest.Object))
        {
            if (item.Kind is "Deployment" or "StatefulSet")
            {
                ((JsonObject)item.Root["spec"]!)["replicas"] = 0;
            }
            else if (item.Kind == "CronJob")
            {
                ((JsonObject)item.Root["spec"]!)["suspend"] = true;
            }
        }

        return manifests.Where(manifest => manifest.Object.Kind != "Job" || manifest.Object.Label(Labels.Role) != Roles.Check);
    }
}
