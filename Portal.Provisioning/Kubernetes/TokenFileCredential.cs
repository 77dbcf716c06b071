using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Provisioning.Kubernetes;

/// <summary>A token in a file that something else renews, as the kubelet does for service accounts.</summary>
internal sealed class TokenFileCredential(string path, X509Certificate2? certificate) : ClusterCredential
{
    // Bound tokens are renewed well before they expire, so a minute late is early enough.
    private static readonly TimeSpan s_reread = TimeSpan.FromMinutes(1);

    private volatile Held? _held;

    public override X509Certificate2? Certificate { get; } = certificate;

    public override async ValueTask<AuthenticationHeaderValue?> GetHeaderAsync(TimeProvider time, CancellationToken ct)
    {
        var held = _held;
        if (held is not null && time.GetElapsedTime(held.ReadAt) < s_reread)
        {
            return held.Header;
        }

        try
        {
            var token = (await File.ReadAllTextAsync(path, ct)).Trim();
            if (token.Length == 0)
            {
                throw new KubeException(KubeFault.Unauthorized, $"The token file {path} is empty.");
            }

            _held = held = new Held(Bearer(token), time.GetTimestamp());
            return held.Header;
        }
        catch (Exception e) when (held is not null && e is IOException or UnauthorizedAccessException)
        {
            // Whoever renews the file may be at it just now, and what was read last still counts until the server refuses it.
            _held = held = held! with { ReadAt = time.GetTimestamp() };
            return held.Header;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new KubeException(KubeFault.Unauthorized, $"The token file {path} cannot be used: {e.Message}", e);
        }
    }

    public override bool Reject()
    {
        _held = null;
        return true;
    }

    private sealed record Held(AuthenticationHeaderValue Header, long ReadAt);
}
