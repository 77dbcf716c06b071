using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Portal.DataPath.Tests.MySql.Copies;

/// <summary>Signature Version 4 as a store checks it: in the header, or in the query of an address that was signed beforehand.</summary>
internal static class AwsSignature
{
    private const string Unsigned = "UNSIGNED-PAYLOAD";

    public static bool IsGood(HttpRequest request, byte[] body, string accessKey, string secretKey)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var query = (target.Length == 1 ? "" : target[1]).Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Select(pair => (Name: pair[0], Value: pair.Length == 1 ? "" : pair[1])).ToList();
        var authorization = request.Headers.Authorization.ToString();
        var inQuery = authorization.Length == 0;
        var parts = inQuery
            ? query.Where(pair => pair.Name.StartsWith("X-Amz-", StringComparison.Ordinal)).ToDictionary(pair => pair.Name["X-Amz-".Length..], pair => Uri.UnescapeDataString(pair.Value), StringComparer.Ordinal)
            : authorization["AWS4-HMAC-SHA256 ".Length..].Split(',', StringSplitOptions.TrimEntries).Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        if (!parts.TryGetValue("Credential", out var credential) || !credential.StartsWith($"{accessKey}/", StringComparison.Ordinal))
        {
            return false;
        }

        var scope = credential[(accessKey.Length + 1)..];
        var payload = inQuery ? Unsigned : request.Headers["x-amz-content-sha256"].ToString();
        if (payload != Unsigned && payload != Hex(SHA256.HashData(body)))
        {
            return false;
        }

        var signed = parts["SignedHeaders"];
        var canonical = string.Join('\n',
            request.Method,
            target[0],
            string.Join('&', query.Where(pair => pair.Name != "X-Amz-Signature").OrderBy(pair => pair.Name, StringComparer.Ordinal).Select(pair => $"{pair.Name}={pair.Value}")),
            string.Concat(signed.Split(';').Select(name => $"{name}:{(name == "host" ? request.Host.ToString() : request.Headers[name].ToString()).Trim()}\n")),
            signed,
            payload);
        var at = inQuery ? parts["Date"] : request.Headers["x-amz-date"].ToString();
        var text = $"AWS4-HMAC-SHA256\n{at}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes($"AWS4{secretKey}"), (secret, part) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(part)));
        var isRecent = DateTimeOffset.TryParseExact(at, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && (TimeProvider.System.GetUtcNow() - time).Duration() < TimeSpan.FromMinutes(15);
        return isRecent && Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))) == parts["Signature"];
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
