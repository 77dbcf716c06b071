using System.Text.Json.Nodes;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Conformance;

/// <summary>
/// Says for one namespace what nodes and a cloud would say, on a server that has neither: pods run, jobs end, claims have a volume,
/// load balancers an address. Everything else is the server's and its controllers' own.
/// </summary>
internal sealed class StandInKubelet : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stop = new();
    private readonly KubeClient _client;
    private readonly string _namespace;
    private readonly Task _work;

    private StandInKubelet(KubeClient client, string namespaceName)
    {
        _client = client;
        _namespace = namespaceName;
        _work = Task.Run(RunAsync);
    }

    /// <summary>Works until it is disposed; on a server with nodes there is nothing to stand in for.</summary>
    public static IAsyncDisposable? For(Kubernetes.LiveCluster cluster, string namespaceName) =>
        cluster.HasNodes ? null : new StandInKubelet(cluster.Client, namespaceName);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _work;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // This is how it ends.
        }
        finally
        {
            _stop.Dispose();
            foreach (var volume in (await _client.ListAsync(new ListQuery("v1", "PersistentVolume"), CancellationToken.None)).Items)
            {
                if (volume.Text("spec", "claimRef", "namespace") == _namespace)
                {
                    await _client.DeleteAsync(volume.Ref, new DeleteOptions(), CancellationToken.None);
                }
            }
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await EachAsync("v1", "PersistentVolumeClaim", claim => claim.Text("status", "phase") != "Bound" && claim.Text("spec", "volumeName") is null, ProvideAsync);
            await EachAsync("v1", "Pod", pod => pod.Text("status", "phase") is not ("Running" or "Succeeded"), StartAsync);
            await EachAsync("v1", "Service", service => service.Text("spec", "type") == "LoadBalancer" && PublishedAddress.Of(service) is null, PublishAsync);
            await EachAsync("networking.k8s.io/v1", "Ingress", ingress => PublishedAddress.Of(ingress) is null, PublishAsync);
            await Task.Delay(s_pause, TimeProvider.System, _stop.Token);
        }
    }

    private async Task EachAsync(string apiVersion, string kind, Func<KubeObject, bool> wants, Func<KubeObject, Task> act)
    {
        foreach (var item in (await _client.ListAsync(new ListQuery(apiVersion, kind, _namespace), _stop.Token)).Items.Where(item => !item.IsTerminating && wants(item)))
        {
            try
            {
                await act(item);
            }
            catch (KubeException moved) when (moved.Fault is KubeFault.NotFound or KubeFault.Conflict or KubeFault.AlreadyExists)
            {
                // It went or changed meanwhile; the next round sees what it is now.
            }
        }
    }

    private Task StartAsync(KubeObject pod)
    {
        var isJob = pod.Items("metadata", "ownerReferences").Any(owner => owner["kind"]?.GetValue<string>() == "Job");
        var state = isJob
            ? """{"terminated":{"exitCode":0,"reason":"Completed","finishedAt":"2026-01-01T00:00:01Z"}}"""
            : """{"running":{"startedAt":"2026-01-01T00:00:00Z"}}""";
        var containers = new JsonArray([.. pod.Items("spec", "containers").Select(container => (JsonNode?)new JsonObject
        {
            ["name"] = container["name"]!.GetValue<string>(),
            ["image"] = container["image"]!.GetValue<string>(),
            ["imageID"] = "",
            ["ready"] = !isJob,
            ["started"] = !isJob,
            ["restartCount"] = 0,
            ["state"] = JsonNode.Parse(state),
        })]);
        var conditions = new JsonArray([.. new[] { "PodScheduled", "Initialized", "ContainersReady", "Ready" }.Select(type => (JsonNode?)new JsonObject
        {
            ["type"] = type,
            ["status"] = isJob && type.EndsWith("Ready", StringComparison.Ordinal) ? "False" : "True",
            ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
        })]);
        var status = new JsonObject { ["phase"] = isJob ? "Succeeded" : "Running", ["conditions"] = conditions, ["containerStatuses"] = containers };
        return _client.PatchAsync(pod.Ref, new JsonObject { ["status"] = status }, "status", _stop.Token);
    }

    private Task ProvideAsync(KubeObject claim) => _client.CreateAsync(
        new KubeObject(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolume",
            ["metadata"] = new JsonObject { ["name"] = $"pv-{claim.Uid}" },
            ["spec"] = new JsonObject
            {
                ["capacity"] = new JsonObject { ["storage"] = claim.Text("spec", "resources", "requests", "storage") },
                ["accessModes"] = claim.At("spec", "accessModes")!.DeepClone(),
                ["storageClassName"] = claim.Text("spec", "storageClassName"),
                ["hostPath"] = new JsonObject { ["path"] = "/nowhere" },
                ["claimRef"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["namespace"] = _namespace, ["name"] = claim.Name, ["uid"] = claim.Uid },
            },
        }),
        _stop.Token);

    private Task PublishAsync(KubeObject published) => _client.PatchAsync(
        published.Ref, JsonNode.Parse("""{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}""")!, "status", _stop.Token);
}
