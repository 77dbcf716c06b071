using System.Text.Json.Nodes;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Volume claims, all from the cluster's default storage class.</summary>
internal static class Claims
{
    public static JsonObject Spec(StackContext stack, int storageGiB)
    {
        if (stack.Capabilities.DefaultStorageClass is null)
        {
            stack.Note("Volumes will wait: the cluster has no default storage class. Mark one StorageClass as default.");
        }

        return Json.Map(
            ("accessModes", Json.List("ReadWriteOnce")),
            ("resources", Json.Map(("requests", Json.Map(("storage", Quantity.GiB(storageGiB)))))));
    }

    /// <summary>A claim that only Jobs use, and so nobody until the first of them runs.</summary>
    public static void AddForJobs(Workload workload, string name, int storageGiB) => workload.Stack.Add(
        workload.Component, "v1", "PersistentVolumeClaim", name, workload.Labels(), Json.Map((Labels.BoundOnUse, "true")), generated: null,
        ("spec", Spec(workload.Stack, storageGiB)));
}
