using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Watching;

/// <summary>Where an informer puts what it sees; called by one thread at a time, in order, and must be quick.</summary>
public interface IInformerTarget
{
    /// <summary>The whole list as it is now: whatever is not in it is gone.</summary>
    void Replace(IEnumerable<KubeObject> listed);

    void Upsert(KubeObject live);

    void Delete(KubeObject last);
}
