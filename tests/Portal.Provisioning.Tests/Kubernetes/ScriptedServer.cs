using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Kubernetes;

/// <summary>
/// An HTTP server that answers exactly what a test scripts, for protocol faults that no healthy cluster shows.
/// It knows discovery of v1 and apps/v1; every other path answers 404 unless scripted. The answers of a path are used in order, and the last one again and again.
/// </summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<RequestDelegate>> _script = new(StringComparer.Ordinal);

    private ScriptedServer(X509Certificate2? certificate, bool wantsClientCertificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l =>
        {
            if (certificate is not null)
            {
                l.UseHttps(certificate, h =>
                {
                    h.ClientCertificateMode = wantsClientCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                    h.AllowAnyClientCertificate();
                });
            }
        }));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        On("GET /api/v1", Json("""
            {"kind":"APIResourceList","resources":[
              {"name":"pods","kind":"Pod","namespaced":true},{"name":"pods/log","kind":"Pod","namespaced":true},
              {"name":"events","kind":"Event","namespaced":true},{"name":"services","kind":"Service","namespaced":true},
              {"name":"namespaces","kind":"Namespace","namespaced":false}]}
            """));
        On("GET /apis/apps/v1", Json("""
            {"kind":"APIResourceList","resources":[
              {"name":"deployments","kind":"Deployment","namespaced":true},{"name":"deployments/scale","kind":"Scale","namespaced":true}]}
            """));
    }

    public List<Received> Requests { get; } = [];

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<ScriptedServer> StartAsync(X509Certificate2? certificate = null, bool wantsClientCertificate = false)
    {
        var server = new ScriptedServer(certificate, wantsClientCertificate);
        await server._app.StartAsync();
        return server;
    }

    public ScriptedServer On(string methodAndPath, params RequestDelegate[] answers)
    {
        _script[methodAndPath] = new ConcurrentQueue<RequestDelegate>(answers);
        return this;
    }

    public IReadOnlyList<Received> Of(string methodAndPath)
    {
        lock (Requests)
        {
            return [.. Requests.Where(r => $"{r.Method} {r.Path}" == methodAndPath)];
        }
    }

    public KubeClient Client(KubeClientOptions? options = null, ClusterCredential? credential = null) => new(
        new ClusterConnection
        {
            Name = "scripted",
            Server = Address,
            Options = options ?? Quick,
            Credential = credential ?? ClusterCredential.None,
        },
        TimeProvider.System,
        NullLogger<KubeClient>.Instance);

    public static KubeClientOptions Quick { get; } = new() { RetryDelay = TimeSpan.FromMilliseconds(1) };

    public static RequestDelegate Json(string body, int code = 200) => async context =>
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    };

    public static RequestDelegate Status(int code, string reason, string message, string details = "{}") => Json(
        $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","code":{{code}},"reason":"{{reason}}","message":"{{message}}","details":{{details}}}""", code);

    public static RequestDelegate Throttled(int seconds) => async context =>
    {
        context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await Status(429, "TooManyRequests", "slow down")(context);
    };

    /// <summary>Sends the lines one by one, and then ends the answer, cuts the connection or stays silent.</summary>
    public static RequestDelegate Lines(Ending ending, params string[] lines) => async context =>
    {
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        foreach (var line in lines)
        {
            await context.Response.WriteAsync(line);
            await context.Response.Body.FlushAsync();
        }

        if (ending == Ending.Cut)
        {
            context.Abort();
        }
        else if (ending == Ending.Silent)
        {
            await Silence(context);
        }
    };

    /// <summary>Never answers, until the client goes away.</summary>
    public static async Task Silence(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var _ = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var received = new Received(
            context.Request.Method,
            context.Request.Path,
            context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal),
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(),
            context.Request.Protocol);
        lock (Requests)
        {
            Requests.Add(received);
        }

        var answer = Status(404, "NotFound", "the server could not find the requested resource");
        if (_script.TryGetValue($"{received.Method} {received.Path}", out var answers) && answers.TryPeek(out var first))
        {
            answer = answers.Count > 1 && answers.TryDequeue(out var next) ? next : first;
        }

        await answer(context);
    }

    public async ValueTask DisposeAsync()
    {
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        await _app.StopAsync(impatient.Token);
        await _app.DisposeAsync();
    }
}

public enum Ending
{
    Clean,
    Cut,
    Silent,
}

public sealed record Received(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, string Body, string Protocol);
