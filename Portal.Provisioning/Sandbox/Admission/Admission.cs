using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The part of admission that looks at the rest of the cluster: namespaces, addresses, storage and priority classes, limit ranges.</summary>
internal sealed class Admission(ObjectStore store, SandboxFaults faults)
{
    private int _lastAddress = 10;
    private int _lastNodePort;

    /// <summary>Goes on after the addresses that restored services have.</summary>
    public void Resume()
    {
        foreach (var spec in store.List(Kinds.Service, null).Items.Select(service => service.Parse().Section("spec")))
        {
            if (IPAddress.TryParse(spec.Text("clusterIP"), out var address) && address.GetAddressBytes() is [10, >= 96, var high, var low] bytes)
            {
                _lastAddress = Math.Max(_lastAddress, ((bytes[1] - 96) << 16) | (high << 8) | low);
            }

            foreach (var port in spec.Items("ports"))
            {
                _lastNodePort = Math.Max(_lastNodePort, (int)(port.Number("nodePort") ?? 0) - 30000);
            }
        }
    }

    public void OnCreate(ResourceKind kind, JsonObject root)
    {
        var metadata = root.Section("metadata");
        var name = metadata.Text("name") ?? "";
        if (kind.Namespaced)
        {
            var home = Home(kind, metadata.Text("namespace") ?? "", name);
            if (kind == Kinds.Pod)
            {
                PodSecurity.Check(home, root);
            }
        }

        if (kind == Kinds.Pod)
        {
            Pod(root);
        }
        else if (kind == Kinds.Service)
        {
            Addresses(root.Section("spec"));
        }
        else if (kind == Kinds.PersistentVolumeClaim)
        {
            Claim(root);
        }
        else if (kind == Kinds.Namespace)
        {
            root["status"] = new JsonObject { ["phase"] = "Active" };
        }
    }

    /// <summary>The namespace that a new object goes to.</summary>
    /// <exception cref="ApiFault">It is not there, or on its way out.</exception>
    public StoredObject Home(ResourceKind kind, string ns, string name)
    {
        var home = store.Get(Kinds.Namespace, "", ns) ?? throw ApiFault.NotFound(Kinds.Namespace, ns);
        return home.IsTerminating ? throw ApiFault.NamespaceTerminating(kind, name, ns) : home;
    }

    /// <summary>Asks the validating webhooks, which come after everything but the quota.</summary>
    /// <param name="operation">CREATE, UPDATE or DELETE.</param>
    public void AskWebhooks(string operation, ResourceKind kind, string? ns, string? name)
    {
        if (faults.Refusal(operation, kind.Kind, ns ?? "", name ?? "") is { } webhook)
        {
            throw ApiFault.Denied(webhook);
        }
    }

    /// <summary>Keeps what the server once chose and a client that replaces the object leaves out.</summary>
    public static void OnUpdate(ResourceKind kind, JsonObject old, JsonObject next)
    {
        if (old["spec"] is not JsonObject was || next["spec"] is not JsonObject spec)
        {
            return;
        }

        if (kind == Kinds.Service && spec.Text("type") != "ExternalName")
        {
            foreach (var field in (ReadOnlySpan<string>)["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"])
            {
                spec.Default(field, was[field].Copy());
            }

            foreach (var port in spec.Items("ports").Where(port => spec.Text("type") is "NodePort" or "LoadBalancer" && port["nodePort"] is null))
            {
                port.Default("nodePort", was.Items("ports").FirstOrDefault(have => have.Number("port") == port.Number("port") && have.Text("protocol") == port.Text("protocol"))?["nodePort"].Copy());
            }
        }
        else if (kind == Kinds.PersistentVolumeClaim)
        {
            spec.Default("storageClassName", was["storageClassName"].Copy());
            spec.Default("volumeName", was["volumeName"].Copy());
        }
        else if (kind == Kinds.Job && !spec.Flag("manualSelector"))
        {
            spec.Default("selector", was["selector"].Copy());
            foreach (var (label, value) in was.Map("template", "metadata", "labels") ?? [])
            {
                if (label.EndsWith("controller-uid", StringComparison.Ordinal) || label.EndsWith("job-name", StringComparison.Ordinal))
                {
                    spec.Section("template").Section("metadata").Section("labels").Default(label, value.Copy());
                }
            }
        }
    }

    public void AfterDefaults(ResourceKind kind, JsonObject next)
    {
        if (kind == Kinds.Service)
        {
            Addresses(next.Section("spec"));
        }
    }

    private void Addresses(JsonObject spec)
    {
        var type = spec.Text("type");
        if (type == "ExternalName")
        {
            return;
        }

        if (string.IsNullOrEmpty(spec.Text("clusterIP")))
        {
            var number = Interlocked.Increment(ref _lastAddress);
            spec["clusterIP"] = string.Create(CultureInfo.InvariantCulture, $"10.{96 + (number >> 16)}.{(number >> 8) & 255}.{number & 255}");
        }

        spec.Default("clusterIPs", new JsonArray(spec.Text("clusterIP")));
        if (type is "NodePort" || (type == "LoadBalancer" && spec.Flag("allocateLoadBalancerNodePorts")))
        {
            foreach (var port in spec.Items("ports"))
            {
                port.Default("nodePort", NextNodePort());
            }
        }

        if (type == "LoadBalancer" && spec.Text("externalTrafficPolicy") == "Local")
        {
            spec.Default("healthCheckNodePort", NextNodePort());
        }
    }

    // Wraps around: the sandbox forwards no traffic, so a port used twice after 2,768 allocations harms nobody.
    private int NextNodePort() => 30000 + (Interlocked.Increment(ref _lastNodePort) % 2768);

    private void Pod(JsonObject root)
    {
        var spec = root.Section("spec");
        if (spec.Text("priorityClassName") is { } name)
        {
            var known = name.StartsWith("system-", StringComparison.Ordinal) ? null : store.Get(Kinds.PriorityClass, "", name)?.Parse()
                ?? throw ApiFault.Forbidden(Kinds.Pod, root.Section("metadata").Text("name") ?? "", $"no PriorityClass with name {name} was found");
            spec.Default("priority", known?.Number("value") ?? 2000000000);
            spec.Default("preemptionPolicy", known?.Text("preemptionPolicy"));
        }

        // Requests take the value of an explicit limit first; the range's defaults come after that.
        PodDefaults.ApplyToPod(root);
        LimitRanges(root.Section("metadata").Text("namespace")!, spec);
        root["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOfService.Of(spec) };
    }

    private void LimitRanges(string ns, JsonObject spec)
    {
        foreach (var limit in store.List(Kinds.LimitRange, ns).Items
            .SelectMany(range => range.Parse().Section("spec").Items("limits"))
            .Where(limit => limit.Text("type") == "Container"))
        {
            foreach (var container in spec.Items("containers").Concat(spec.Items("initContainers")))
            {
                var resources = container.Section("resources");
                Fill(resources, "limits", limit["default"] as JsonObject);
                Fill(resources, "requests", limit["defaultRequest"] as JsonObject);
            }
        }

        static void Fill(JsonObject resources, string part, JsonObject? defaults)
        {
            foreach (var (name, value) in defaults ?? [])
            {
                resources.Section(part).Default(name, value.Copy());
            }
        }
    }

    private void Claim(JsonObject root)
    {
        var spec = root.Section("spec");
        if (spec["storageClassName"] is null && store.List(Kinds.StorageClass, null).Items.FirstOrDefault(IsDefault) is { } standard)
        {
            spec["storageClassName"] = standard.Name;
        }

        var finalizers = root.Section("metadata")["finalizers"] as JsonArray ?? [];
        if (!finalizers.Any(finalizer => finalizer.AsText() == "kubernetes.io/pvc-protection"))
        {
            root.Section("metadata")["finalizers"] = new JsonArray([.. finalizers.Select(item => item.Copy()), "kubernetes.io/pvc-protection"]);
        }

        root["status"] = new JsonObject { ["phase"] = "Pending" };

        static bool IsDefault(StoredObject item) =>
            item.Parse().Map("metadata", "annotations")?.Text("storageclass.kubernetes.io/is-default-class") == "true";
    }
}
