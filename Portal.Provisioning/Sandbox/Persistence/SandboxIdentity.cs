using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Portal.Provisioning.Sandbox;

/// <summary>What a kubeconfig of the sandbox holds: token, certificate and port. Kept in the data directory, so that a kubeconfig outlives a restart.</summary>
internal sealed partial class SandboxIdentity
{
    private const string Name = "identity.json";

    private static readonly TimeSpan s_renewBefore = TimeSpan.FromDays(30);

    private SandboxIdentity(string token, X509Certificate2 certificate, int port)
    {
        Token = token;
        Certificate = certificate;
        Port = port;
    }

    public string Token { get; }

    public X509Certificate2 Certificate { get; }

    /// <summary>The port of the last run; 0 when there was none.</summary>
    public int Port { get; }

    public static SandboxIdentity Make(TimeProvider time) => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), SandboxCertificate.Make(time), 0);

    /// <summary>The identity of the last run; a new one when there is none, or none that can still be used.</summary>
    public static SandboxIdentity LoadOrMake(string directory, TimeProvider time, ILogger logger)
    {
        var path = Path.Combine(directory, Name);
        if (!File.Exists(path))
        {
            return Make(time);
        }

        try
        {
            var known = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? [];
            if (known.Text("token") is { Length: > 0 } token)
            {
                var certificate = X509Certificate2.CreateFromPem(known.Text("certificate"), known.Text("key"));
                if (certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime > s_renewBefore)
                {
                    return new SandboxIdentity(token, SandboxCertificate.Usable(certificate), (int)(known.Number("port") ?? 0));
                }

                certificate.Dispose();
            }
        }
        catch (Exception problem) when (problem is JsonException or CryptographicException)
        {
            LogUnreadable(logger, problem, path);
        }

        return Make(time);
    }

    public void Save(string directory, int port)
    {
        using var key = Certificate.GetECDsaPrivateKey();
        PrivateFile.Write(Path.Combine(directory, Name), new JsonObject
        {
            ["token"] = Token,
            ["port"] = port,
            ["certificate"] = Certificate.ExportCertificatePem(),
            ["key"] = key!.ExportPkcs8PrivateKeyPem(),
        }.ToJsonString());
    }

    [LoggerMessage(LogLevel.Warning, "The identity of the sandbox cluster in {Path} cannot be read; a new one is made and older kubeconfig files no longer work")]
    private static partial void LogUnreadable(ILogger logger, Exception problem, string path);
}
