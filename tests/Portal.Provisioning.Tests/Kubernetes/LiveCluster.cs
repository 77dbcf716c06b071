using Microsoft.Extensions.Logging.Abstractions;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Kubernetes;

/// <summary>
/// A cluster over the wire: the sandbox, or the one of the kubeconfig in PORTAL_TEST_KUBECONFIG. A test may not know which; it makes a
/// namespace of its own and takes it away again.
/// </summary>
public sealed class LiveCluster : IAsyncLifetime
{
    private static readonly string? s_real = Environment.GetEnvironmentVariable("PORTAL_TEST_KUBECONFIG");
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-cluster-").FullName;
    private SandboxCluster? _sandbox;
    private int _namespaces;

    public KubeClient Client { get; private set; } = null!;

    public string Kubeconfig => s_real ?? Path.Combine(_folder, "kubeconfig");

    /// <summary>Ends every watch where that can be done from outside.</summary>
    public void CutWatches() => _sandbox?.CutWatches();

    /// <summary>Makes a namespace with our label.</summary>
    public async Task<string> NamespaceAsync()
    {
        var name = $"portal-test-{Environment.ProcessId}-{Interlocked.Increment(ref _namespaces)}";
        await Client.ApplyAsync(Manifest("v1", "Namespace", null, name, "{}"), new ApplyOptions(), CancellationToken.None);
        return name;
    }

    public static KubeObject Manifest(string apiVersion, string kind, string? ns, string name, string spec) => ManifestYaml.Read($$"""
        apiVersion: {{apiVersion}}
        kind: {{kind}}
        metadata:
          name: {{name}}
          namespace: {{ns ?? "null"}}
          labels: {app.kubernetes.io/managed-by: portal, app.kubernetes.io/component: frontend}
        spec: {{spec}}
        """);

    public static KubeObject Deployment(string ns, string name, int replicas) => Manifest("apps/v1", "Deployment", ns, name, $$"""
        {replicas: {{replicas}}, selector: {matchLabels: {app: {{name}} } }, template: {metadata: {labels: {app: {{name}}, app.kubernetes.io/managed-by: portal, app.kubernetes.io/component: frontend} }, spec: {containers: [{name: web, image: "registry.k8s.io/pause:3.10"}] } } }
        """);

    public async ValueTask InitializeAsync()
    {
        if (s_real is null)
        {
            var options = SandboxOptions.Instant with { KubeconfigPath = Kubeconfig };
            _sandbox = await SandboxCluster.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        }

        TestContext.Current.SendDiagnosticMessage($"Cluster tests run on {(s_real is null ? "the sandbox" : s_real)}.");
        Client = new KubeClient(ClusterConnection.FromKubeconfig(Kubeconfig, null), TimeProvider.System, NullLogger<KubeClient>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var number in Enumerable.Range(1, _namespaces))
        {
            var name = $"portal-test-{Environment.ProcessId}-{number}";
            await Client.DeleteAsync(new ObjectRef("v1", "Namespace", null, name), new DeleteOptions(), CancellationToken.None);
        }

        Client.Dispose();
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
