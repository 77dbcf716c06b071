using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Kubernetes;

/// <summary>A credential plugin: a program that prints an ExecCredential, run again when what it gave expires or is refused.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A SemaphoreSlim holds nothing to dispose until its wait handle is asked for.")]
internal sealed class ExecCredential(ExecPlugin plugin) : ClusterCredential
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // Renewed this much before expiry, so that a call under way does not outlive its token.
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1);
    private volatile Held? _held;

    public override X509Certificate2? Certificate => _held?.Certificate;

    public override async ValueTask<AuthenticationHeaderValue?> GetHeaderAsync(TimeProvider time, CancellationToken ct)
    {
        if (_held is { } fresh && fresh.IsFresh(time))
        {
            return fresh.Header;
        }

        await _one.WaitAsync(ct);
        try
        {
            if (_held is { } made && made.IsFresh(time))
            {
                return made.Header;
            }

            var printed = await RunAsync(time, ct);
            _held = Read(printed);
            return _held.Header;
        }
        finally
        {
            _one.Release();
        }
    }

    public override bool Reject()
    {
        _held = null;
        return true;
    }

    private async Task<string> RunAsync(TimeProvider time, CancellationToken ct)
    {
        var start = new ProcessStartInfo(plugin.Command, plugin.Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = plugin.Folder,
        };
        foreach (var (name, value) in plugin.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = Info();

        using var process = new Process { StartInfo = start };
        using var deadline = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            process.Start();
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var complaint = process.StandardError.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0
                ? await output
                : throw Refused($"ended with code {process.ExitCode}: {FirstLine(await complaint)}", null);
        }
        catch (Win32Exception e)
        {
            throw Refused($"cannot be started: {e.Message}. {plugin.InstallHint}".TrimEnd(), e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw Refused($"did not end within {s_patience.TotalSeconds:0} s", e);
        }
        finally
        {
            Stop(process);
        }
    }

    private string Info()
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (plugin.ClusterInfo is { } cluster)
        {
            spec["cluster"] = JsonNode.Parse(cluster);
        }

        return new JsonObject { ["apiVersion"] = plugin.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = spec }.ToJsonString();
    }

    private Held Read(string printed)
    {
        try
        {
            var status = JsonNode.Parse(printed)?["status"] ?? throw Refused("printed no status", null);
            var token = (string?)status["token"];
            var certificate = (string?)status["clientCertificateData"];
            var key = (string?)status["clientKeyData"];
            var expiry = (string?)status["expirationTimestamp"];
            if (token is null && (certificate is null || key is null))
            {
                throw Refused("printed neither a token nor a client certificate with its key", null);
            }

            return new Held(
                token is null ? null : Bearer(token),
                certificate is null || key is null ? null : Pem.Certificate(certificate, key),
                expiry is null ? null : DateTimeOffset.Parse(expiry, CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or CryptographicException)
        {
            // The output may hold a secret, so it is not quoted.
            throw Refused($"printed something that is not an ExecCredential ({e.GetType().Name})", e);
        }
    }

    private KubeException Refused(string what, Exception? inner) =>
        new(KubeFault.Unauthorized, $"The credential plugin {plugin.Command} {what}.", inner);

    private static string FirstLine(string text)
    {
        var line = new StringReader(text.Trim()).ReadLine() ?? "";
        return line.Length > 300 ? line[..300] : line;
    }

    private static void Stop(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It never started, or ended between the question and the kill: either way nothing is left running.
            return;
        }
    }

    private sealed record Held(AuthenticationHeaderValue? Header, X509Certificate2? Certificate, DateTimeOffset? Expiry)
    {
        public bool IsFresh(TimeProvider time) => Expiry is null || time.GetUtcNow() < Expiry - s_margin;
    }
}
