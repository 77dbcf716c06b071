using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.DataPath.Tests.MySql.Copies;

/// <summary>One bucket of a store that speaks S3, path style: it checks every signature, and lets nobody remove or replace anything.</summary>
internal sealed class S3Bucket : IAsyncDisposable
{
    public const string Name = "backups";
    public const string AccessKey = "AKIDEXAMPLE";
    public const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    private const string MetaPrefix = "x-amz-meta-";
    private static readonly XNamespace s_namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Item> _items = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _refused = new();
    private int _writes;

    private S3Bucket(WebApplication app) => _app = app;

    private sealed record Item(byte[] Bytes, string ETag, IReadOnlyList<KeyValuePair<string, string>> Meta);

    public Uri Endpoint => new(_app.Urls.First());

    public IReadOnlyDictionary<string, byte[]> Objects => _items.ToDictionary(pair => pair.Key, pair => pair.Value.Bytes, StringComparer.Ordinal);

    public int Writes => _writes;

    /// <summary>What was refused, as method, target and reason.</summary>
    public IReadOnlyCollection<string> Refused => _refused;

    public static async Task<S3Bucket> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var bucket = new S3Bucket(app);
        app.Run(bucket.AnswerAsync);
        await app.StartAsync();
        return bucket;
    }

    public void Put(string key, byte[] bytes) => _items[key] = new(bytes, ETag(bytes), []);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        var path = context.Request.Path.Value!;
        var key = path.StartsWith($"/{Name}/", StringComparison.Ordinal) ? path[(Name.Length + 2)..] : "";
        await (context.Request.Method switch
        {
            _ when !AwsSignature.IsGood(context.Request, body, AccessKey, SecretKey) => RefuseAsync(context, 403, "SignatureDoesNotMatch"),
            "PUT" when key.Length > 0 && !_items.ContainsKey(key) => WriteAsync(context, key, body),
            "GET" when path.TrimEnd('/') == $"/{Name}" && context.Request.Query["list-type"] == "2" => ListAsync(context),
            "GET" or "HEAD" when _items.TryGetValue(key, out var item) => ReadAsync(context, item),
            "GET" or "HEAD" when key.Length > 0 => RefuseAsync(context, 404, "NoSuchKey"),
            _ => RefuseAsync(context, 403, "AccessDenied"),
        });
    }

    private Task WriteAsync(HttpContext context, string key, byte[] body)
    {
        if (context.Request.Headers.ContentMD5.ToString() is { Length: > 0 } promised && promised != Convert.ToBase64String(MD5(body)))
        {
            return RefuseAsync(context, 400, "BadDigest");
        }

        Interlocked.Increment(ref _writes);
        // A name in the query is signed with it, and is metadata like one in a header.
        var named = context.Request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())).Concat(context.Request.Query.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())));
        _items[key] = new(body, ETag(body), [.. named.Where(pair => pair.Key.StartsWith(MetaPrefix, StringComparison.OrdinalIgnoreCase))]);
        context.Response.Headers.ETag = ETag(body);
        return Task.CompletedTask;
    }

    private static async Task ReadAsync(HttpContext context, Item item)
    {
        context.Response.Headers.ETag = item.ETag;
        context.Response.Headers.LastModified = TimeProvider.System.GetUtcNow().ToString("R");
        context.Response.ContentLength = item.Bytes.Length;
        foreach (var (name, value) in item.Meta)
        {
            context.Response.Headers[name] = value;
        }

        if (context.Request.Method == "GET")
        {
            await context.Response.Body.WriteAsync(item.Bytes);
        }
    }

    private async Task ListAsync(HttpContext context)
    {
        var prefix = context.Request.Query["prefix"].ToString();
        var below = _items.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToLookup(pair => pair.Key[prefix.Length..].Contains('/', StringComparison.Ordinal));
        var folders = below[true].Select(pair => pair.Key[..(pair.Key.IndexOf('/', prefix.Length) + 1)]).Distinct(StringComparer.Ordinal).ToList();
        var list = new XElement(s_namespace + "ListBucketResult",
            Element("Name", Name), Element("Prefix", prefix), Element("IsTruncated", "false"), Element("KeyCount", $"{below[false].Count() + folders.Count}"),
            below[false].Select(pair => new XElement(s_namespace + "Contents",
                Element("Key", pair.Key), Element("Size", $"{pair.Value.Bytes.Length}"), Element("ETag", pair.Value.ETag), Element("LastModified", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'.000Z'", System.Globalization.CultureInfo.InvariantCulture)))),
            folders.Select(folder => new XElement(s_namespace + "CommonPrefixes", Element("Prefix", folder))));
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync(list.ToString());
    }

    private async Task RefuseAsync(HttpContext context, int status, string code)
    {
        _refused.Enqueue($"{context.Request.Method} {context.Request.Path} {code}");
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync(new XElement("Error", new XElement("Code", code)).ToString());
    }

    private static XElement Element(string name, string value) => new(s_namespace + name, value);

    private static string ETag(byte[] bytes) => $"\"{Convert.ToHexStringLower(MD5(bytes))}\"";

#pragma warning disable CA5351 // What an ETag is.
    private static byte[] MD5(byte[] bytes) => System.Security.Cryptography.MD5.HashData(bytes);
#pragma warning restore CA5351
}
