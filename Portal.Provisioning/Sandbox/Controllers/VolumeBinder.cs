using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Gives claims a volume of their storage class, at once or when the scheduler has chosen a node for their first pod, grows volumes, and lets claims and volumes go when nothing uses them.</summary>
internal sealed class VolumeBinder(ControlContext cluster) : Controller(cluster)
{
    /// <summary>Set on a claim by the scheduler: the node of the first pod that uses it.</summary>
    public const string SelectedNode = "volume.kubernetes.io/selected-node";

    private const string Protection = "kubernetes.io/pvc-protection";

    private readonly FreeVolumes _free = new(cluster.Store);
    private readonly HashSet<ObjectKey> _waiting = [];

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.PersistentVolumeClaim, Kinds.PersistentVolume, Kinds.Pod];

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.PersistentVolume)
        {
            ObserveVolume(change);
        }
        else if (change.Key.Kind == Kinds.PersistentVolumeClaim)
        {
            ObserveClaim(change);
        }
        else if (change.Removed || PodState.IsFinished(change.Now))
        {
            foreach (var claim in ClaimsOf(change.Now))
            {
                Look(new ObjectKey(Kinds.PersistentVolumeClaim, change.Key.Namespace, claim));
            }
        }
    }

    public override void FaultsChanged()
    {
        foreach (var claim in Cluster.Store.List(Kinds.PersistentVolumeClaim, null).Items)
        {
            Look(claim.Key);
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { } claim)
        {
            return;
        }

        if (claim.IsTerminating)
        {
            LetGo(claim);
        }
        else if (claim.View.Text("status", "phase") == "Lost")
        {
            // What was on the volume is gone; only deleting the claim gets on.
        }
        else if (claim.View.Text("status", "phase") != "Bound")
        {
            Bind(claim);
        }
        else
        {
            Grow(claim);
        }
    }

    /// <summary>The names of the claims that a pod mounts.</summary>
    public static IEnumerable<string> ClaimsOf(StoredObject pod) =>
        pod.View.Items("spec", "volumes").Select(volume => volume.Map("persistentVolumeClaim")?.Text("claimName")).OfType<string>();

    /// <summary>Whether the claim's class makes volumes only once a pod is placed.</summary>
    public static bool WaitsForPod(ObjectStore store, StoredObject claim) =>
        claim.View.Text("spec", "storageClassName") is { } name && store.Get(Kinds.StorageClass, "", name)?.View.Text("volumeBindingMode") == "WaitForFirstConsumer";

    private void ObserveVolume(Change change)
    {
        _free.Observe(change);
        if (_free.Any)
        {
            foreach (var claim in _waiting)
            {
                Look(claim);
            }
        }
    }

    private void ObserveClaim(Change change)
    {
        if (change.Removed || change.Now.View.Text("status", "phase") != "Pending")
        {
            _waiting.Remove(change.Key);
        }
        else
        {
            _waiting.Add(change.Key);
        }

        if (!change.Removed)
        {
            Look(change.Key);
        }
    }

    private void Bind(StoredObject claim)
    {
        var (free, refusal) = _free.Find(claim);
        if (free is not null)
        {
            Take(claim, free);
            return;
        }

        if (refusal is var (reason, message))
        {
            Cluster.Events.Warning(claim, "persistentvolume-controller", reason, message);
            return;
        }

        var className = claim.View.Text("spec", "storageClassName");
        if (className is null || Cluster.Store.Get(Kinds.StorageClass, "", className) is not { } storage)
        {
            Cluster.Events.Warning(claim, "persistentvolume-controller", "ProvisioningFailed", $"storageclass.storage.k8s.io \"{className}\" not found");
            return;
        }

        if (WaitsForPod(Cluster.Store, claim) && claim.View.Text("metadata", "annotations", SelectedNode) is null)
        {
            Cluster.Events.Normal(claim, "persistentvolume-controller", "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
            return;
        }

        if (Cluster.Faults.Find(WorkloadFaultKind.NeverBinds, claim.Namespace, claim.Name) is not null)
        {
            Cluster.Events.Warning(claim, "sandbox.portal/volumes", "ProvisioningFailed", $"failed to provision volume with StorageClass \"{className}\": no capacity (fault injected by the sandbox)");
            return;
        }

        var name = $"pvc-{claim.Uid}";
        var spec = claim.View.At("spec") as JsonObject ?? [];
        var capacity = new JsonObject { ["storage"] = spec.Map("resources", "requests")?["storage"].Copy() };
        if (Cluster.Store.Get(Kinds.PersistentVolume, "", name) is null)
        {
            var volume = Cluster.Writer.CreateTrusted(Kinds.PersistentVolume, new JsonObject
            {
                ["kind"] = "PersistentVolume",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject { ["name"] = name, ["finalizers"] = new JsonArray(VolumeController.Protection), ["annotations"] = new JsonObject { ["pv.kubernetes.io/provisioned-by"] = storage.View.Text("provisioner") } },
                ["spec"] = new JsonObject
                {
                    ["capacity"] = capacity.DeepClone(),
                    ["accessModes"] = spec["accessModes"].Copy(),
                    ["persistentVolumeReclaimPolicy"] = storage.View.Text("reclaimPolicy"),
                    ["storageClassName"] = className,
                    ["claimRef"] = new JsonObject { ["kind"] = "PersistentVolumeClaim", ["apiVersion"] = "v1", ["namespace"] = claim.Namespace, ["name"] = claim.Name, ["uid"] = claim.Uid },
                },
            });
            Cluster.Status.Modify(volume.Key, status =>
            {
                status.Clear();
                status["phase"] = "Bound";
                return true;
            });
        }

        Complete(claim, name, capacity, storage.View.Text("provisioner"));
        Cluster.Events.Normal(claim, "sandbox.portal/volumes", "ProvisioningSucceeded", $"Successfully provisioned volume {name}");
    }

    /// <summary>Binds a claim to a volume that is there already.</summary>
    private void Take(StoredObject claim, StoredObject volume)
    {
        Cluster.Writer.Modify(volume.Key, root =>
        {
            root.Section("spec")["claimRef"] = new JsonObject
            {
                ["kind"] = "PersistentVolumeClaim", ["apiVersion"] = "v1", ["namespace"] = claim.Namespace, ["name"] = claim.Name, ["uid"] = claim.Uid,
            };
            root.Section("status")["phase"] = "Bound";
            return true;
        });
        Complete(claim, volume.Name, new JsonObject { ["storage"] = volume.View.At("spec", "capacity", "storage").Copy() }, provisioner: null);
    }

    private void Complete(StoredObject claim, string volume, JsonObject capacity, string? provisioner) => Cluster.Writer.Modify(claim.Key, root =>
    {
        var spec = root.Section("spec");
        spec["volumeName"] = volume;
        var annotations = root.Section("metadata").Section("annotations");
        annotations["pv.kubernetes.io/bind-completed"] = "yes";
        if (provisioner is not null)
        {
            annotations["volume.kubernetes.io/storage-provisioner"] = provisioner;
        }

        root["status"] = new JsonObject { ["phase"] = "Bound", ["accessModes"] = spec["accessModes"].Copy(), ["capacity"] = capacity };
        return true;
    });

    private void Grow(StoredObject claim)
    {
        var asked = claim.View.At("spec", "resources", "requests", "storage");
        if (JsonNode.DeepEquals(asked, claim.View.At("status", "capacity", "storage")))
        {
            return;
        }

        Cluster.Writer.Modify(new ObjectKey(Kinds.PersistentVolume, "", claim.View.Text("spec", "volumeName") ?? ""), root =>
        {
            root.Section("spec").Section("capacity")["storage"] = asked.Copy();
            return true;
        });
        Cluster.Status.Modify(claim.Key, status =>
        {
            status.Section("capacity")["storage"] = asked.Copy();
            return true;
        });
        Cluster.Events.Normal(claim, "sandbox.portal/volumes", "FileSystemResizeSuccessful", "volume grown");
    }

    private void LetGo(StoredObject claim)
    {
        var used = Cluster.Store.List(Kinds.Pod, claim.Namespace).Items.Any(pod => !PodState.IsFinished(pod) && ClaimsOf(pod).Contains(claim.Name));
        if (used)
        {
            return;
        }

        Cluster.Writer.Modify(claim.Key, root => ObjectDeleter.DropFinalizer(root, Protection));
    }
}
