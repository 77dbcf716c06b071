using Microsoft.Extensions.Logging.Abstractions;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Sandbox;

public sealed class SandboxClusterTests : SandboxTest
{
    [Fact]
    public async Task Start_OnAPortInUse_FailsWithAnIoException()
    {
        var options = SandboxOptions.Instant with { Port = Cluster.Address.Port };

        await Assert.ThrowsAsync<IOException>(() => SandboxCluster.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None));
    }

    [Fact]
    public void WriteKubeconfig_IsReadableByItsOwnerOnly()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-config");
        try
        {
            Cluster.WriteKubeconfig(Path.Combine(folder.FullName, "deep", "kubeconfig"));

            Assert.Contains(Cluster.Token, File.ReadAllText(Cluster.KubeconfigPath));
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Cluster.KubeconfigPath) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Start_WithoutHttps_ServesPlainHttp()
    {
        await using var plain = await SandboxCluster.StartAsync(SandboxOptions.Instant with { Https = false }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = plain.Address };

        Assert.Equal("http", plain.Address.Scheme);
        Assert.Equal("ok", await http.GetStringAsync("readyz"));
    }
}
