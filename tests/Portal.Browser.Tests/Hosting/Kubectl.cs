using System.ComponentModel;
using System.Diagnostics;

namespace Portal.Browser.Tests.Hosting;

/// <summary>The real kubectl on the kubeconfig that the portal wrote.</summary>
/// <param name="home">Where kubectl keeps its cache of discovery, which must not outlive the cluster.</param>
public sealed class Kubectl(string kubeconfig, string home)
{
    /// <summary>What <c>kubectl get all -A</c> and the namespaces show.</summary>
    public async Task<string> EverythingAsync() =>
        await RunAsync("get", "all", "-A") + await RunAsync("get", "namespaces");

    public async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", [$"--kubeconfig={kubeconfig}", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = home;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("kubectl is not on the PATH. tests/run installs it (Debian package kubernetes-client); install it to run this test.", missing);
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"kubectl {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
            return await output;
        }
    }
}
