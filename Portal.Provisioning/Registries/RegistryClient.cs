using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Provisioning.Blueprint;

namespace Portal.Provisioning.Registries;

/// <summary>Asks registries which digest a tag has, by the distribution API of the OCI, without pulling anything.</summary>
/// <remarks>
/// Anonymous: a token is asked for where a registry wants one, as for a public image. Over TLS, but for a registry on loopback, as container
/// tools do. The digest is that of the index where there is one, so that it holds for every architecture.
/// </remarks>
public sealed partial class RegistryClient(HttpClient http)
{
    private static readonly string[] s_accepted =
    [
        "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
    ];

    /// <exception cref="RegistryException">The registry does not say it.</exception>
    public async Task<string> DigestAsync(ImageReference image, CancellationToken ct)
    {
        try
        {
            // Docker Hub's name is not where its registry is.
            var host = image.Registry == "docker.io" ? "registry-1.docker.io" : image.Registry;
            var address = new Uri($"{(IsLoopback(host) ? "http" : "https")}://{host}/v2/{image.Repository}/manifests/{image.Tag}");
            using var first = await AskAsync(address, token: null, ct);
            if (first.StatusCode != HttpStatusCode.Unauthorized)
            {
                return Digest(image, first);
            }

            using var second = await AskAsync(address, await TokenAsync(image, address, first, ct), ct);
            return Digest(image, second);
        }
        catch (HttpRequestException trouble)
        {
            throw new RegistryException($"{image.Registry} cannot be asked for {image.Repository}:{image.Tag}: {trouble.Message}", trouble);
        }
    }

    private static bool IsLoopback(string host) => new Uri($"http://{host}").IsLoopback;

    private async Task<HttpResponseMessage> AskAsync(Uri address, string? token, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        foreach (var type in s_accepted)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }

        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, ct);
    }

    private static string Digest(ImageReference image, HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            throw new RegistryException($"{image.Registry} has no {image.Repository}:{image.Tag}.");
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw new RegistryException($"{image.Registry} answers {(int)answer.StatusCode} when it is asked for {image.Repository}:{image.Tag}.");
        }

        var digest = answer.Headers.TryGetValues("Docker-Content-Digest", out var values) ? values.FirstOrDefault() : null;
        return ImageDigests.IsDigest(digest) ? digest! : throw new RegistryException($"{image.Registry} names no SHA-256 digest of {image.Repository}:{image.Tag}.");
    }

    /// <summary>Goes to the server that the challenge names and asks for a token to pull this repository.</summary>
    private async Task<string> TokenAsync(ImageReference image, Uri registry, HttpResponseMessage refused, CancellationToken ct)
    {
        var challenge = refused.Headers.WwwAuthenticate.FirstOrDefault(each => each.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase));
        var fields = Field().Matches(challenge?.Parameter ?? "").DistinctBy(field => field.Groups[1].Value).ToDictionary(field => field.Groups[1].Value, field => field.Groups[2].Value, StringComparer.OrdinalIgnoreCase);
        if (!Uri.TryCreate(fields.GetValueOrDefault("realm"), UriKind.Absolute, out var realm) || !(realm.Scheme == "https" || (realm.IsLoopback && registry.IsLoopback)))
        {
            throw new RegistryException($"{image.Registry} wants a login for {image.Repository}.");
        }

        var scope = fields.GetValueOrDefault("scope") ?? $"repository:{image.Repository}:pull";
        var service = fields.TryGetValue("service", out var named) ? $"&service={Uri.EscapeDataString(named)}" : "";
        var query = $"{(realm.Query.Length > 1 ? $"{realm.Query}&" : "?")}scope={Uri.EscapeDataString(scope)}{service}";
        using var answer = await http.GetAsync(new Uri(realm, query), ct);
        if (!answer.IsSuccessStatusCode)
        {
            throw new RegistryException($"{realm.Host} gives no token for {image.Repository}: it answers {(int)answer.StatusCode}.");
        }

        try
        {
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct)) as JsonObject;
            return (string?)(body?["token"] ?? body?["access_token"]) ?? throw new RegistryException($"{realm.Host} gives no token for {image.Repository}.");
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            throw new RegistryException($"{realm.Host} gives no token for {image.Repository} that can be read.", unreadable);
        }
    }

    [GeneratedRegex("([A-Za-z]+)=\"([^\"]*)\"")]
    private static partial Regex Field();
}
