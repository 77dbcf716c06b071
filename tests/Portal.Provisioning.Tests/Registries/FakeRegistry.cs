using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Provisioning.Tests.Registries;

/// <summary>A registry on loopback that answers for tags as the distribution specification says, after a token where it is told to want one.</summary>
internal sealed class FakeRegistry : IAsyncDisposable
{
    private const string Token = "a-token";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _asked = new();

    private FakeRegistry(WebApplication app) => _app = app;

    public string Host => new Uri(_app.Urls.First()).Authority;

    /// <summary>The digest of each <c>repository:tag</c>; an empty one is left out of the answer.</summary>
    public ConcurrentDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public bool WantsToken { get; set; }

    /// <summary>How it asks for a login; null asks for a token of its own server.</summary>
    public string? Challenge { get; set; }

    /// <summary>Answers nothing until this is done.</summary>
    public Task Opened { get; set; } = Task.CompletedTask;

    /// <summary>Every request for a manifest or a token, in order.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public static async Task<FakeRegistry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var registry = new FakeRegistry(builder.Build());
        registry._app.Run(registry.AnswerAsync);
        await registry._app.StartAsync();
        return registry;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        _asked.Enqueue($"{context.Request.Method} {path}{context.Request.QueryString}");
        await Opened.WaitAsync(context.RequestAborted);
        if (path == "/token")
        {
            await context.Response.WriteAsync($$"""{"token": "{{Token}}"}""");
        }
        else if (WantsToken && context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = Challenge ?? $"Bearer realm=\"http://{Host}/token\",service=\"fake registry\",scope=\"repository:{path.Split('/')[2]}:pull\"";
        }
        else
        {
            Manifest(context, path);
        }
    }

    private void Manifest(HttpContext context, string path)
    {
        var parts = path["/v2/".Length..].Split("/manifests/");
        // As registries do: without the type of an index among those that are accepted, the digest would be another one.
        var acceptsIndex = context.Request.Headers.Accept.ToString().Contains("application/vnd.oci.image.index.v1+json", StringComparison.Ordinal);
        if (context.Request.Method != "HEAD" || !acceptsIndex || !Tags.TryGetValue(string.Join(':', parts), out var digest))
        {
            context.Response.StatusCode = 404;
        }
        else if (digest.Length > 0)
        {
            context.Response.Headers["Docker-Content-Digest"] = digest;
        }
    }
}
