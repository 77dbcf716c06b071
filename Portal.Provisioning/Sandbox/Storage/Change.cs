namespace Portal.Provisioning.Sandbox;

/// <summary>One committed write: what was there before (null for a create) and what is there now (the last state for a removal).</summary>
internal sealed record Change(StoredObject? Before, StoredObject Now, bool Removed)
{
    public long Version => Now.Version;

    public ObjectKey Key => Now.Key;
}
