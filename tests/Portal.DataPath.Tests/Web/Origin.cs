using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Portal.DataPath.Tests.Web;

/// <summary>A server behind the tier under test: it counts what reaches it, and a test says how it answers.</summary>
internal sealed class Origin : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _hits = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IHeaderDictionary> _seen = new(StringComparer.Ordinal);
    private readonly Func<HttpContext, Task> _answer;

    private Origin(WebApplication app, Func<HttpContext, Task> answer)
    {
        _app = app;
        _answer = answer;
    }

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <param name="answer">Answers a request that was counted.</param>
    /// <param name="tls">Serve HTTPS with this certificate; null serves plain HTTP.</param>
    public static async Task<Origin> StartAsync(Func<HttpContext, Task> answer, KeyPair? tls = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        if (tls is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (tls is not null)
                {
                    listen.UseHttps(tls.ForServer());
                }
            });
        });
        var app = builder.Build();
        var origin = new Origin(app, answer);
        app.Run(origin.AnswerAsync);
        await app.StartAsync();
        return origin;
    }

    /// <summary>Answers with its name and nothing else.</summary>
    public static Task<Origin> NamedAsync(string name) => StartAsync(context => context.Response.WriteAsync(name));

    /// <summary>How many requests for a path and query have arrived.</summary>
    public int Hits(string target) => _hits.GetValueOrDefault(target);

    public int AllHits => _hits.Values.Sum();

    /// <summary>A header of the last request for a path and query; null when it was not there.</summary>
    public string? Header(string target, string name) => _seen[target].TryGetValue(name, out var value) ? value.ToString() : null;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Request.Path + context.Request.QueryString.Value;
        _hits.AddOrUpdate(target, 1, (_, count) => count + 1);
        _seen[target] = new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
        await context.Request.Body.CopyToAsync(Stream.Null);
        await _answer(context);
    }
}
