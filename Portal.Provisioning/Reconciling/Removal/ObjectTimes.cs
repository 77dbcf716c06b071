using System.Globalization;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling.Removal;

/// <summary>The times that the server writes into every object, in whole seconds.</summary>
internal static class ObjectTimes
{
    public static DateTimeOffset? CreatedAt(this KubeObject live) => Parse(live.Text("metadata", "creationTimestamp"));

    /// <summary>When it was asked to go, or has to be gone: the grace of pods is added by the server.</summary>
    public static DateTimeOffset? DeletedAt(this KubeObject live) => Parse(live.Text("metadata", "deletionTimestamp"));

    private static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
