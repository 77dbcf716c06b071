using System.Diagnostics;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>The real kubectl against the sandbox: what a person types works.</summary>
public sealed class SandboxKubectlTests : SandboxTest
{
    [Fact]
    public async Task Kubectl_AppliesReadsAndDeletes()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-kubectl");
        try
        {
            var config = Path.Combine(folder.FullName, "kubeconfig");
            var manifest = Path.Combine(folder.FullName, "web.json");
            Cluster.WriteKubeconfig(config);
            await File.WriteAllTextAsync(manifest, Deployment("web", 2));

            Assert.Contains("serverside-applied", await Kubectl(config, "apply", "--server-side", "-n", "shop", "-f", manifest));
            Assert.Contains("created", await Kubectl(config, "apply", "-n", "default", "-f", manifest));
            Assert.Contains("unchanged", await Kubectl(config, "apply", "-n", "default", "-f", manifest));
            Assert.Contains("successfully rolled out", await Kubectl(config, "rollout", "status", "deployment/web", "-n", "shop", "--timeout=20s"));
            Assert.Contains("deployment.apps/web", await Kubectl(config, "get", "all", "-A"));
            Assert.Contains("NewReplicaSetAvailable", await Kubectl(config, "describe", "deployment", "web", "-n", "shop"));
            Assert.Contains("[sandbox]", await Kubectl(config, "logs", "deployment/web", "-n", "shop"));
            Assert.Contains("web-", await Kubectl(config, "top", "pods", "-n", "shop", "--containers"));
            Assert.Contains("sandbox-1", await Kubectl(config, "top", "nodes"));
            Assert.Contains("deployments", await Kubectl(config, "api-resources"));
            await Kubectl(config, "delete", "namespace", "shop", "--timeout=20s");
            Assert.DoesNotContain("shop", await Kubectl(config, "get", "all,configmaps", "-A"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> Kubectl(string config, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", [$"--kubeconfig={config}", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Its cache of discovery must not outlive the cluster.
        start.Environment["HOME"] = Path.GetDirectoryName(config);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new InvalidOperationException("kubectl is not on the PATH. tests/run installs it (Debian package kubernetes-client); install it to run this test.", problem);
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"kubectl {string.Join(' ', arguments)} failed: {await errors}{await output}");
            return await output;
        }
    }
}
