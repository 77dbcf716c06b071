namespace Portal.Provisioning.Blueprint.Finishing;

/// <summary>One account for each name that a pod runs under. None mounts a token by itself.</summary>
internal static class ServiceAccounts
{
    public static void Add(StackContext stack)
    {
        var accounts = stack.Manifests
            .Select(manifest => (manifest.Component, Name: (string?)PodTemplates.Of(manifest.Object)?["spec"]?["serviceAccountName"]))
            .Where(account => account.Name is not null)
            .Distinct()
            .ToList();
        foreach (var (component, name) in accounts)
        {
            stack.Add(component, "v1", "ServiceAccount", name!, stack.LabelsOf(component), ("automountServiceAccountToken", false));
        }
    }
}
