using Portal.Core.Environments;

namespace Portal.Provisioning.Health;

/// <summary>One of the platform's Secrets that is to be copied and is not where it is copied from.</summary>
internal static class MissingSource
{
    public static HealthReport Of(string name, string from) => HealthReport.Waiting(
        HealthCause.Configuration,
        $"The Secret \"{name}\" is not in the namespace {from}.",
        $"Ask the owners of the platform to put the Secret \"{name}\" into the namespace {from} of the cluster; it is copied from there at the next look.");
}
