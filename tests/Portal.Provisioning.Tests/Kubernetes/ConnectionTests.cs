using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Provisioning.Kubernetes;
using static Portal.Provisioning.Tests.Kubernetes.ScriptedServer;

namespace Portal.Provisioning.Tests.Kubernetes;

/// <summary>Kubeconfig files that are written for the test, used against a server on TLS.</summary>
public sealed class ConnectionTests : IDisposable
{
    private const string Version = """{"major":"1","minor":"34","gitVersion":"v1.34.0"}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-kubeconfig-").FullName;

    [Fact]
    public async Task Tls_AuthorityAndClientCertificateInFiles_SpeaksHttp2()
    {
        using var certificate = SelfSigned("localhost");
        await using var server = await StartAsync(certificate, wantsClientCertificate: true);
        server.On("GET /version", Json(Version));
        File("ca.crt", certificate.ExportCertificatePem());
        using var mine = SelfSigned("portal");
        File("me.crt", mine.ExportCertificatePem());
        File("me.key", mine.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var path = Kubeconfig(server, "certificate-authority: ca.crt", "{client-certificate: me.crt, client-key: me.key}");

        using var client = FaultTests.Client(ClusterConnection.FromKubeconfig(path, null));

        Assert.True((await client.VersionAsync(TestContext.Current.CancellationToken)).IsAtLeast(1, 34));
        Assert.Equal("HTTP/2", server.Of("GET /version")[0].Protocol);
    }

    [Fact]
    public async Task Tls_UnknownAuthority_IsUnavailableUnlessVerificationIsSkipped()
    {
        using var certificate = SelfSigned("localhost");
        await using var server = await StartAsync(certificate);
        server.On("GET /version", Json(Version));

        using var strict = FaultTests.Client(ClusterConnection.FromKubeconfig(Kubeconfig(server, "tls-server-name: localhost", "{}"), null));
        var fault = await Assert.ThrowsAsync<KubeException>(() => strict.VersionAsync(TestContext.Current.CancellationToken));
        using var lax = FaultTests.Client(ClusterConnection.FromKubeconfig(Kubeconfig(server, "insecure-skip-tls-verify: true", "{}"), null));

        Assert.Equal(KubeFault.Unavailable, fault.Fault);
        Assert.Contains("TLS failed", fault.Message, StringComparison.Ordinal);
        Assert.Equal("v1.34.0", (await lax.VersionAsync(TestContext.Current.CancellationToken)).GitVersion);
    }

    [Fact]
    public async Task Tls_ServerName_DecidesWhichNameTheCertificateMustCarry()
    {
        using var certificate = SelfSigned("kube.example");
        await using var server = await StartAsync(certificate);
        server.On("GET /version", Json(Version));
        File("ca.crt", certificate.ExportCertificatePem());

        using var wrong = FaultTests.Client(ClusterConnection.FromKubeconfig(Kubeconfig(server, "certificate-authority: ca.crt", "{}"), null));
        await Assert.ThrowsAsync<KubeException>(() => wrong.VersionAsync(TestContext.Current.CancellationToken));
        var path = Kubeconfig(server, "certificate-authority: ca.crt, tls-server-name: kube.example", "{}");
        using var right = FaultTests.Client(ClusterConnection.FromKubeconfig(path, null));

        Assert.Equal("v1.34.0", (await right.VersionAsync(TestContext.Current.CancellationToken)).GitVersion);
    }

    [Fact]
    public async Task TokenFile_RefusedOnce_IsReadAgain()
    {
        await using var server = await StartAsync();
        var token = File("token", "old\n");
        server.On("GET /version", Json(Version), Status(401, "Unauthorized", "expired"), Json(Version));
        using var client = FaultTests.Client(ClusterConnection.FromKubeconfig(Kubeconfig(server, "", "{tokenFile: token}"), null));

        await client.VersionAsync(TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllTextAsync(token, "new");
        await client.VersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["Bearer old", "Bearer old", "Bearer new"], server.Of("GET /version").Select(r => r.Headers["Authorization"]));
    }

    [Theory]
    [InlineData("2100-01-01T00:00:00Z", 1)]
    [InlineData("2001-01-01T00:00:00Z", 2)]
    public async Task Exec_Plugin_IsRunAgainOnlyWhenExpired(string expiry, int runs)
    {
        await using var server = await StartAsync();
        server.On("GET /version", Json(Version));
        File("plugin.sh", $$"""
            echo run >> "$COUNT"
            case "$KUBERNETES_EXEC_INFO" in *ExecCredential*) ;; *) exit 3;; esac
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'$1'","expirationTimestamp":"{{expiry}}"} }'
            """);
        var count = Path.Combine(_folder, "count");
        using var client = FaultTests.Client(ClusterConnection.FromKubeconfig(Kubeconfig(server, "", $$"""
            {exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: [plugin.sh, secret], env: [{name: COUNT, value: {{count}} }] } }
            """), null));

        await client.VersionAsync(TestContext.Current.CancellationToken);
        await client.VersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Bearer secret", server.Of("GET /version")[1].Headers["Authorization"]);
        Assert.Equal(runs, (await System.IO.File.ReadAllLinesAsync(count)).Length);
    }

    [Theory]
    [InlineData("{exec: {command: no-such-plugin, installHint: Install it.}}", "no-such-plugin cannot be started")]
    [InlineData("{exec: {command: sh, args: [-c, 'echo not logged in >&2; exit 1']}}", "ended with code 1: not logged in")]
    [InlineData("{exec: {command: sh, args: [-c, 'echo hello']}}", "not an ExecCredential")]
    [InlineData("{tokenFile: nowhere}", "token file")]
    public async Task Credential_CannotBeObtained_IsUnauthorizedInOneLine(string user, string says)
    {
        await using var server = await StartAsync();
        using var client = FaultTests.Client(ClusterConnection.FromKubeconfig(Kubeconfig(server, "", user), null));

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.VersionAsync(TestContext.Current.CancellationToken));

        Assert.Equal(KubeFault.Unauthorized, fault.Fault);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Theory]
    [InlineData("", "not a kubeconfig")]
    [InlineData("just text", "not a kubeconfig")]
    [InlineData("a: [1", "not valid YAML, line")]
    [InlineData("a: {}", "no current-context")]
    [InlineData("current-context: x", "no context \"x\"")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}]}", "no cluster \"c\"")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}], clusters: [{name: c, cluster: {a: b}}]}", "has no server")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}], clusters: [{name: c, cluster: {server: 'ftp:/x'}}]}", "not an http or https address")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}], clusters: [{name: c, cluster: {server: 'https://h', certificate-authority-data: '%%'}}]}", "not base64")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}], clusters: [{name: c, cluster: {server: 'https://h', certificate-authority: gone.crt}}]}", "gone.crt cannot be read")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c, user: u}}], clusters: [{name: c, cluster: {server: 'https://h'}}]}", "no user \"u\"")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c, user: u}}], clusters: [{name: c, cluster: {server: 'https://h'}}], users: [{name: u, user: {client-key-data: aGk=}}]}", "client-certificate is not")]
    public void Kubeconfig_Broken_SaysInOneLineWhichFileAndWhatIsWrong(string text, string says)
    {
        var path = File("config", text);

        var problem = Assert.Throws<KubeconfigException>(() => ClusterConnection.FromKubeconfig(path, null));

        Assert.Contains(path, problem.Message, StringComparison.Ordinal);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Message);
    }

    [Fact]
    public void Kubeconfig_Missing_SaysSo()
    {
        var problem = Assert.Throws<KubeconfigException>(() => ClusterConnection.FromKubeconfig(Path.Combine(_folder, "none"), null));

        Assert.Contains("does not exist", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kubeconfig_NamedContext_WinsOverTheCurrentOne()
    {
        var path = File("config", """
            current-context: x
            contexts: [{name: x, context: {cluster: c}}, {name: y, context: {cluster: d, namespace: n}}]
            clusters: [{name: c, cluster: {server: 'https://c'}}, {name: d, cluster: {server: 'https://d/k8s/1', proxy-url: 'socks5://p:1'}}]
            """);

        var connection = ClusterConnection.FromKubeconfig(path, "y");

        Assert.Equal(("y", "https://d/k8s/1", "n", "socks5://p:1/"), (connection.Name, connection.Server.ToString(), connection.Namespace, connection.Proxy?.ToString()));
    }

    [Fact]
    public void InCluster_FilesOfThePod_AreUsed()
    {
        using var certificate = SelfSigned("kubernetes.default");
        File("token", "t");
        File("namespace", "portal");
        File("ca.crt", certificate.ExportCertificatePem());

        var connection = ServiceAccount.Connect(_folder, "fd00::1", "443");

        Assert.Equal("https://[fd00::1]/", connection.Server.ToString());
        Assert.Equal("portal", connection.Namespace);
        Assert.Single(connection.CertificateAuthorities!);
    }

    [Fact]
    public void InCluster_OutsideAPod_SaysWhatIsNeeded() =>
        Assert.Contains("Name a kubeconfig", Assert.Throws<KubeconfigException>(() => ServiceAccount.Connect(_folder, null, null)).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    private string Kubeconfig(ScriptedServer server, string cluster, string user) => File("config", $$"""
        current-context: here
        contexts: [{name: here, context: {cluster: c, user: u} }]
        clusters:
        - name: c
          cluster: {server: '{{server.Address}}', {{cluster}} }
        users:
        - name: u
          user: {{user}}
        """);

    private static X509Certificate2 SelfSigned(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost")
        {
            names.AddIpAddress(System.Net.IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
