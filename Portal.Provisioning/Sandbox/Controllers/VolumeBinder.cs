using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Gives claims a volume of their storage class, at once or when the scheduler has chosen a node for their first pod, grows volumes, and lets claims and volumes go when nothing uses them.</summary>
internal sealed class VolumeBinder(ControlContext cluster) : Controller(cluster)
{
    /// <summary>Set on a claim by the scheduler: the node of the first pod that uses it.</summary>
    public const string SelectedNode = "volume.kubernetes.io/selected-node";

    private const string Protection = "kubernetes.io/pvc-protection";

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.PersistentVolumeClaim, Kinds.Pod];

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.PersistentVolumeClaim && change.Removed)
        {
            Release(change.Now);
        }
        else if (change.Key.Kind == Kinds.PersistentVolumeClaim)
        {
            Look(change.Key);
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

    private void Bind(StoredObject claim)
    {
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
                ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = new JsonObject { ["pv.kubernetes.io/provisioned-by"] = storage.View.Text("provisioner") } },
                ["spec"] = new JsonObject
                {
                    ["capacity"] = capacity.DeepClone(),
                    ["accessModes"] = spec["accessModes"].Copy(),
                    ["persistentVolumeReclaimPolicy"] = storage.View.Text("reclaimPolicy"),
                    ["storageClassName"] = className,
                    ["claimRef"] = new JsonObject { ["kind"] = "PersistentVolumeClaim", ["apiVersion"] = "v1", ["namespace"] = claim.Namespace, ["name"] = claim.Name, ["uid"] = claim.Uid },
                },
            });
            Cluster.Writer.Modify(volume.Key, root =>
            {
                root["status"] = new JsonObject { ["phase"] = "Bound" };
                return true;
            });
        }

        Cluster.Writer.Modify(claim.Key, root =>
        {
            root.Section("spec")["volumeName"] = name;
            root.Section("metadata").Section("annotations")["pv.kubernetes.io/bind-completed"] = "yes";
            root.Section("metadata").Section("annotations")["volume.kubernetes.io/storage-provisioner"] = storage.View.Text("provisioner");
            root["status"] = new JsonObject { ["phase"] = "Bound", ["accessModes"] = spec["accessModes"].Copy(), ["capacity"] = capacity };
            return true;
        });
        Cluster.Events.Normal(claim, "sandbox.portal/volumes", "ProvisioningSucceeded", $"Successfully provisioned volume {name}");
    }

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
        Cluster.Writer.Modify(claim.Key, root =>
        {
            root.Section("status").Section("capacity")["storage"] = asked.Copy();
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

        Cluster.Writer.Modify(claim.Key, root =>
        {
            var metadata = root.Section("metadata");
            metadata["finalizers"] = new JsonArray([.. metadata.Texts("finalizers").Where(name => name != Protection).Select(name => JsonValue.Create(name))]);
            return true;
        });
    }

    private void Release(StoredObject claim)
    {
        if (claim.View.Text("spec", "volumeName") is not { } name || Cluster.Store.Get(Kinds.PersistentVolume, "", name) is not { } volume)
        {
            return;
        }

        if (volume.View.Text("spec", "persistentVolumeReclaimPolicy") == "Delete")
        {
            Cluster.Deleter.DeleteIfThere(volume, DeleteChoice.Background);
            return;
        }

        Cluster.Writer.Modify(volume.Key, root =>
        {
            root.Section("status")["phase"] = "Released";
            return true;
        });
    }
}
