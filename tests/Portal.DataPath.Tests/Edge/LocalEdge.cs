using System.Security.Cryptography.X509Certificates;
using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.Edge;

/// <summary>One edge as it is rendered, before an origin that stands for the load balancer.</summary>
internal sealed class LocalEdge : IAsyncDisposable
{
    public const string Host = "shop.apps.example";

    private readonly string _directory;
    private readonly int _originPort;
    private readonly IReadOnlyList<int> _ports = LoopbackPorts.Free(3);

    private LocalEdge(string directory, int originPort, Browser browser, string token)
    {
        _directory = directory;
        _originPort = originPort;
        Browser = browser;
        Token = token;
    }

    public LocalNginx Nginx { get; private set; } = null!;

    public Browser Browser { get; private set; }

    /// <summary>What makes an edge fetch one address anew.</summary>
    public string Token { get; }

    public int Port => _ports[0];

    public int PlainPort => _ports[1];

    public string Directory => _directory;

    public string CertificateFolder => Path.Combine(_directory, "etc", "tls");

    public string AuthorityFile => Path.Combine(CertificateFolder, "ca.crt");

    public X509Certificate2 Authority => X509CertificateLoader.LoadCertificateFromFile(AuthorityFile);

    public static EnvironmentSpec Spec { get; } = Presets.Create(Preset.Small, Purpose.Production, Host);

    /// <summary>The certificate that a load balancer of the stack shows.</summary>
    public static KeyPair Upstream(RenderedStack stack) => KeyPair.Of(stack, "load-balancer-tls");

    /// <param name="certified">When its certificate was made; null for now.</param>
    public static Task<LocalEdge> StartAsync(RenderedStack stack, KeyPair upstream, int originPort, TimeProvider? certified = null) =>
        StartAsync(stack, [upstream], originPort, KeyPair.OfEdge(stack, certified));

    /// <param name="shown">The certificate of somebody else's Secret.</param>
    public static Task<LocalEdge> StartAsync(RenderedStack stack, KeyPair upstream, int originPort, KeyPair shown) => StartAsync(stack, [upstream], originPort, shown);

    public static Task<LocalEdge> StartAsync(RenderedStack stack, IReadOnlyList<KeyPair> upstreams, int originPort) => StartAsync(stack, upstreams, originPort, KeyPair.OfEdge(stack));

    /// <param name="upstreams">The editions of the load balancer's certificate that it trusts.</param>
    private static async Task<LocalEdge> StartAsync(RenderedStack stack, IReadOnlyList<KeyPair> upstreams, int originPort, KeyPair tls)
    {
        var directory = LocalNginx.NewDirectory();
        await MountAsync(directory, tls);
        foreach (var folder in (string[])["cache", "etc/generated", "etc/epoch", "secret/upstream-ca"])
        {
            System.IO.Directory.CreateDirectory(Path.Combine(directory, folder));
        }

        for (var i = 0; i < upstreams.Count; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "secret", "upstream-ca", $"{i}.crt"), upstreams[i].Authority);
        }

        var token = KeyPair.Secret(stack, "edge-refresh")("password");
        await File.WriteAllTextAsync(Path.Combine(directory, "secret", "password"), token);
        var edge = new LocalEdge(directory, originPort, null!, token);
        edge.Browser = new Browser(edge._ports[0], tls.ForClients());
        await edge.RunAsync(stack);
        return edge;
    }

    /// <summary>Another rendering in the place of the one that runs, with the cache that is on disk.</summary>
    public async Task ReplaceAsync(RenderedStack stack)
    {
        await Nginx.StopAsync();
        await RunAsync(stack);
    }

    /// <summary>Another content of the Secret, as the kubelet brings it into a running pod.</summary>
    public Task RenewAsync(KeyPair tls) => MountAsync(_directory, tls);

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => Browser.GetAsync($"https://{Host}{path}", headers);

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Nginx.DisposeAsync();
    }

    /// <summary>The files of the Secret lie in a folder of this content, which a link names that is replaced at once.</summary>
    private static async Task MountAsync(string directory, KeyPair tls)
    {
        var folder = Path.Combine(directory, "etc", "tls");
        var content = $"..{Guid.NewGuid():N}";
        tls.Save(Path.Combine(folder, content));
        File.CreateSymbolicLink(Path.Combine(folder, "..data_tmp"), content);
        // A rename, which .NET does not do to a link that leads to a folder.
        Assert.Equal((0, ""), await RunToEnd.Async("mv", ["-T", Path.Combine(folder, "..data_tmp"), Path.Combine(folder, "..data")]));
        foreach (var file in (string[])["ca.crt", "tls.crt", "tls.key"])
        {
            if (!File.Exists(Path.Combine(folder, file)))
            {
                File.CreateSymbolicLink(Path.Combine(folder, file), Path.Combine("..data", file));
            }
        }
    }

    private async Task RunAsync(RenderedStack stack)
    {
        RenderedText.Of(stack, "edge-epoch", "epoch.conf").Save(_directory, "etc/epoch/epoch.conf");
        var config = (await LocalNginx.LocalAsync(RenderedText.Of(stack, "edge-jakarta-conf", "nginx.conf"), _directory, _ports[2]))
            .With(" /cache/", $" {_directory}/cache/")
            .With("/etc/nginx/tls/", $"{_directory}/etc/tls/")
            .With("/etc/nginx/epoch/", $"{_directory}/etc/epoch/").With("/etc/nginx/generated/", $"{_directory}/etc/generated/")
            .With("listen 8443", $"listen 127.0.0.1:{_ports[0]}").With("listen 8080", $"listen 127.0.0.1:{_ports[1]}")
            .With("server load-balancer:8443", $"server 127.0.0.1:{_originPort}");
        config.Save(_directory, "nginx.conf");
        await PrepareAsync(stack);
        Nginx = await LocalNginx.StartAsync(config, _directory, _ports[2]);
    }

    /// <summary>What the pod's check container does before nginx starts.</summary>
    private async Task PrepareAsync(RenderedStack stack)
    {
        var check = stack.Manifests.Single(manifest => manifest.Object.Kind == "Deployment" && manifest.Object.Name == "edge-jakarta").Object
            .Items("spec", "template", "spec", "initContainers").Single(container => (string?)container["name"] == "check");
        var command = new RenderedText("the edge's check", (string)check["command"]![2]!)
            .With("/run/secrets/refresh/", $"{_directory}/secret/").With("/run/secrets/upstream-ca/", $"{_directory}/secret/upstream-ca/").With("/etc/nginx/generated/", $"{_directory}/etc/generated/")
            .With("nginx -t", $"nginx -t -q -c {_directory}/nginx.conf");
        var (code, output) = await RunToEnd.Async("/bin/sh", ["-ec", command.Text]);
        Assert.True(code == 0, output);
    }
}
