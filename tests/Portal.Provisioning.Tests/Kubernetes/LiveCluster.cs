using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Kubernetes;

/// <summary>
/// A cluster over the wire: the sandbox, or the one of the kubeconfig in PORTAL_TEST_KUBECONFIG. A test may not know which; it makes a
/// namespace of its own and takes it away again.
/// </summary>
public sealed class LiveCluster : IAsyncLifetime
{
    private static readonly string? s_real = Environment.GetEnvironmentVariable("PORTAL_TEST_KUBECONFIG");
    private static readonly ConcurrentDictionary<string, bool> s_printed = new();
    private static readonly TimeSpan s_removal = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-cluster-").FullName;
    private SandboxCluster? _sandbox;
    private readonly ConcurrentBag<string> _namespaces = [];

    public KubeClient Client { get; private set; } = null!;

    public string Kubeconfig => s_real ?? Path.Combine(_folder, "kubeconfig");

    /// <summary>Which server this is, for people: the tests do not ask.</summary>
    public string Server { get; private set; } = "";

    /// <summary>Whether anything runs the pods; a control plane alone does not.</summary>
    public bool HasNodes { get; private set; }

    /// <summary>Skips the test on a server without nodes, with the reason.</summary>
    public void NeedsKubelet(string why) => Assert.SkipUnless(HasNodes, $"{Server} has no nodes: {why}");

    /// <summary>Ends every watch where that can be done from outside.</summary>
    public void CutWatches() => _sandbox?.CutWatches();

    /// <summary>A name that no other run uses; its namespace goes away with this fixture, whoever makes it.</summary>
    /// <param name="before">What the namespace has before the name.</param>
    public string UnusedName(string before = "")
    {
        var name = $"portal-test-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        _namespaces.Add(before + name);
        return name;
    }

    /// <summary>Makes a namespace with our label.</summary>
    public async Task<string> NamespaceAsync()
    {
        var name = UnusedName();
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

        Client = new KubeClient(ClusterConnection.FromKubeconfig(Kubeconfig, null), TimeProvider.System, NullLogger<KubeClient>.Instance);
        HasNodes = (await Client.ListAsync(new ListQuery("v1", "Node"), CancellationToken.None)).Items.Count > 0;
        var version = await Client.VersionAsync(CancellationToken.None);
        Server = s_real is null ? $"The sandbox cluster, {version.GitVersion}" : $"The API server at {Client.Connection.Server.Authority}, {version.GitVersion}";
        if (s_printed.TryAdd(version.GitVersion, true))
        {
            Console.WriteLine($"Cluster tests run on: {Server}{(HasNodes ? "" : ", without nodes")}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _namespaces)
        {
            await Client.DeleteAsync(new ObjectRef("v1", "Namespace", null, name), new DeleteOptions(), CancellationToken.None);
        }

        // A stack has one object outside of its namespace, named after it; a test that failed left it.
        foreach (var left in (await Client.ListAsync(new ListQuery("scheduling.k8s.io/v1", "PriorityClass"), CancellationToken.None)).Items)
        {
            if (_namespaces.Any(name => left.Name.StartsWith($"{name}-", StringComparison.Ordinal)))
            {
                await Client.DeleteAsync(left.Ref, new DeleteOptions(), CancellationToken.None);
            }
        }

        foreach (var name in _namespaces)
        {
            var reference = new ObjectRef("v1", "Namespace", null, name);
            await Eventually.Holds(async () => (await Client.GetAsync(reference, CancellationToken.None))?.ToJson(), gone => gone is null, $"{name} is gone", s_removal);
        }

        Client.Dispose();
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
