namespace Portal.Provisioning.Sandbox;

/// <summary>Keeps volumes in the phase that their claim and reclaim policy ask for: kept ones are Released and can be made Available again, others go.</summary>
internal sealed class VolumeController(ControlContext cluster) : Controller(cluster)
{
    public const string Protection = "kubernetes.io/pv-protection";

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.PersistentVolume, Kinds.PersistentVolumeClaim];

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.PersistentVolume)
        {
            Look(change.Key);
            if (change.Removed)
            {
                Lose(change.Now);
            }
        }
        else if (change.Removed && change.Now.View.Text("spec", "volumeName") is { } name)
        {
            Look(new ObjectKey(Kinds.PersistentVolume, "", name));
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { } volume)
        {
            return;
        }

        var phase = Phase(volume);
        if (volume.IsTerminating)
        {
            // In use it stays until its claim is gone.
            if (phase != "Bound")
            {
                Cluster.Writer.Modify(key, root => ObjectDeleter.DropFinalizer(root, Protection));
            }

            return;
        }

        var now = Cluster.Now;
        Cluster.Status.Modify(key, status =>
        {
            if (status.Text("phase") != phase)
            {
                status["phase"] = phase;
                status["lastPhaseTransitionTime"] = now;
            }

            return true;
        });
        if (phase == "Released" && volume.View.Text("spec", "persistentVolumeReclaimPolicy") == "Delete" && volume.View.Annotation("pv.kubernetes.io/provisioned-by") is not null)
        {
            Cluster.Deleter.DeleteIfThere(volume, DeleteChoice.Background);
        }
    }

    // A reference with a name but no uid keeps the volume for whatever claim comes under that name.
    private string Phase(StoredObject volume)
    {
        if (volume.View.Text("spec", "claimRef", "uid") is not { Length: > 0 } uid)
        {
            return "Available";
        }

        return Cluster.Store.Get(Kinds.PersistentVolumeClaim, volume.View.Text("spec", "claimRef", "namespace") ?? "", volume.View.Text("spec", "claimRef", "name") ?? "")?.Uid == uid
            ? "Bound"
            : "Released";
    }

    private void Lose(StoredObject volume)
    {
        var claim = Cluster.Store.ByUid(volume.View.Text("spec", "claimRef", "uid") ?? "");
        if (claim is { IsTerminating: false } && claim.View.Text("spec", "volumeName") == volume.Name && claim.View.Text("status", "phase") == "Bound")
        {
            Cluster.Status.Modify(claim.Key, status =>
            {
                status["phase"] = "Lost";
                return true;
            });
            Cluster.Events.Warning(claim, "persistentvolume-controller", "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
        }
    }
}
