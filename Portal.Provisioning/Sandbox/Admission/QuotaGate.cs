using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Refuses what would exceed a ResourceQuota of its namespace, and charges what it lets through.</summary>
/// <remarks>
/// As on the real server the charge is written to the quota's status with the object still to come; the quota controller counts again
/// afterwards, with what is still to come, and so makes good what a refused create charged. Scopes and growth of existing objects are not looked at.
/// </remarks>
internal sealed class QuotaGate(ObjectStore store)
{
    public PendingCharges Pending { get; } = new();

    public void Admit(ResourceKind kind, JsonObject root, bool dryRun)
    {
        var metadata = root.Section("metadata");
        Dictionary<string, long>? use = null;
        foreach (var quota in store.List(Kinds.ResourceQuota, metadata.Text("namespace")).Items)
        {
            use ??= QuotaUse.Of(kind, root);
            while (store.Get(quota.Key) is { } current && !TryCharge(kind, root, use, current, dryRun))
            {
                // The quota moved meanwhile: look again.
            }
        }
    }

    /// <summary>Takes note that an object that was let through will not be stored.</summary>
    public void Forget(JsonObject root) => Pending.Remove(root.Section("metadata").Text("namespace") ?? "", Uid(root));

    private static Guid Uid(JsonObject root) => Guid.Parse(root.Section("metadata").Text("uid")!);

    /// <returns>False when the quota has changed under this look.</returns>
    private bool TryCharge(ResourceKind kind, JsonObject root, Dictionary<string, long> use, StoredObject quota, bool dryRun)
    {
        var name = root.Section("metadata").Text("name") ?? "";
        if (kind == Kinds.Pod && QuotaUse.Unnamed(root, quota.Limited).ToList() is { Count: > 0 } unnamed)
        {
            throw ApiFault.Forbidden(kind, name, $"failed quota: {quota.Name}: must specify {string.Join("; ", unnamed.GroupBy(entry => entry.Resource).Select(group => $"{group.Key} for: {string.Join(",", group.Select(entry => entry.Container))}"))}");
        }

        var charged = quota.Limited.Where(resource => use.GetValueOrDefault(resource) > 0).Order(StringComparer.Ordinal).ToList();
        if (charged.Count == 0)
        {
            return true;
        }

        var tree = quota.Parse();
        var hard = tree.Section("spec").Map("hard") ?? [];
        var used = tree.Section("status").Section("used");
        var over = charged.Where(resource => Used(resource) + use[resource] > (Quantity.Milli(hard.Text(resource)) ?? long.MaxValue)).ToList();
        if (over.Count > 0)
        {
            throw ApiFault.Forbidden(kind, name, $"exceeded quota: {quota.Name}, requested: {Words(resource => Spell(resource, use[resource]))}, used: {Words(resource => Spell(resource, Used(resource)))}, limited: {Words(resource => hard.Text(resource) ?? "")}");
        }

        if (dryRun)
        {
            return true;
        }

        foreach (var resource in charged)
        {
            used[resource] = Spell(resource, Used(resource) + use[resource]);
        }

        // A kind that nobody counts again keeps its charge.
        return QuotaController.Counts(kind)
            ? Pending.Charge(quota.Namespace, Uid(root), use, () => store.TryReplace(quota, tree) is not null)
            : store.TryReplace(quota, tree) is not null;

        long Used(string resource) => Quantity.Milli(used.Text(resource)) ?? 0;
        string Words(Func<string, string> amount) => string.Join(",", over.Select(resource => $"{resource}={amount(resource)}"));
    }

    public static string Spell(string resource, long milli) =>
        Quantity.Format(milli, binary: resource.EndsWith("memory", StringComparison.Ordinal) || resource.EndsWith("storage", StringComparison.Ordinal));
}
