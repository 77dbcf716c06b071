using System.Net.Http.Headers;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Whom to act as, for an identity that may impersonate others.</summary>
/// <param name="Group">One at most: the HTTP client puts several values of a header into one line, which the API server takes for one group.</param>
public sealed record Impersonation(string User, string? Uid, string? Group)
{
    internal void Write(HttpRequestHeaders headers)
    {
        headers.Add("Impersonate-User", User);
        if (Uid is not null)
        {
            headers.Add("Impersonate-Uid", Uid);
        }

        if (Group is not null)
        {
            headers.Add("Impersonate-Group", Group);
        }
    }
}
