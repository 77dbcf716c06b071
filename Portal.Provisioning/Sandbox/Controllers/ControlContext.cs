namespace Portal.Provisioning.Sandbox;

/// <summary>What every controller works with.</summary>
internal sealed class ControlContext
{
    public ControlContext(ObjectStore store, ObjectWriter writer, ObjectDeleter deleter, SandboxOptions options, SandboxFaults faults, TimeProvider time, string certificatePem)
    {
        Store = store;
        Writer = writer;
        Deleter = deleter;
        Options = options;
        Faults = faults;
        Time = time;
        CertificatePem = certificatePem;
        Status = new StatusWriter(store, writer);
        Events = new EventRecorder(this);
    }

    public ObjectStore Store { get; }

    public ObjectWriter Writer { get; }

    public StatusWriter Status { get; }

    public ObjectDeleter Deleter { get; }

    public SandboxOptions Options { get; }

    public SandboxFaults Faults { get; }

    public TimeProvider Time { get; }

    public string CertificatePem { get; }

    public EventRecorder Events { get; }

    /// <summary>The time in the form objects carry.</summary>
    public string Now => Writer.Now;

    /// <summary>The dependents of an owner that are of one kind.</summary>
    public IEnumerable<StoredObject> Owned(string uid, ResourceKind kind) => Store.Dependents(uid).Where(item => item.Kind == kind);

    /// <summary>The first owner of an object that is of a kind.</summary>
    public StoredObject? Owner(StoredObject item, ResourceKind kind)
    {
        foreach (var uid in item.Owners)
        {
            if (Store.ByUid(uid) is { } owner && owner.Kind == kind)
            {
                return owner;
            }
        }

        return null;
    }
}
