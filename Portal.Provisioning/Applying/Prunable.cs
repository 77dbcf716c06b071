namespace Portal.Provisioning.Applying;

/// <summary>What a change of spec may remove by itself. Data and credentials go only when the whole environment goes.</summary>
internal static class Prunable
{
    public static bool IsPrunable(string kind) => kind is not ("PersistentVolumeClaim" or "Secret" or "Namespace");
}
