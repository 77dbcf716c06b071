using Portal.Core.Environments;

namespace Portal.Core.Rollouts;

/// <summary>The proof of a deletion: what was removed, what stays on purpose, and when it was seen that nothing else is left.</summary>
public sealed record RemovalReport(
    IReadOnlyList<RemovedObject> Removed, IReadOnlyList<KeptVolume> Kept, string? Backup, DateTimeOffset? VerifiedAt)
{
    public static RemovalReport Empty { get; } = new([], [], null, null);

    /// <summary>Volumes that go with their claims; the deletion is done only when they are gone too.</summary>
    public IReadOnlyList<KeptVolume> Leaving { get; init; } = [];
}

/// <summary>One object that was seen gone.</summary>
/// <param name="Uid">Null when it was intended and never seen.</param>
public sealed record RemovedObject(Component Component, string Kind, string? Namespace, string Name, string? Uid, DateTimeOffset GoneAt);

/// <summary>A volume that stays in the cluster because its owner wanted it to.</summary>
/// <param name="Volume">The PersistentVolume.</param>
/// <param name="Claim">The claim that it served.</param>
/// <param name="Size">Its capacity, for example <c>10Gi</c>.</param>
public sealed record KeptVolume(string Volume, string Claim, string Size);
