using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>A sandbox cluster of its own for each test, spoken to over the wire unless a test carries its requests otherwise.</summary>
public abstract class SandboxTest : IAsyncLifetime
{
    private HttpClient? _http;
    private SandboxCluster? _cluster;

    protected SandboxCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster is started by InitializeAsync.");

    protected HttpClient Http => _http ?? throw new InvalidOperationException("The client is made by InitializeAsync.");

    protected virtual SandboxOptions Options => SandboxOptions.Instant;

    public async ValueTask InitializeAsync()
    {
        _cluster = await SandboxCluster.StartAsync(Options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        _http = new HttpClient(Carrier()) { BaseAddress = _cluster.Address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _cluster.Token);
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("sandbox-tests/1");
        await Send(HttpMethod.Post, "api/v1/namespaces", """{"metadata":{"name":"shop"}}""");
    }

    protected virtual HttpMessageHandler Carrier()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate is System.Security.Cryptography.X509Certificates.X509Certificate2 served && served.ExportCertificatePem() == Cluster.CertificatePem;
        return handler;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static string Deployment(string name, int replicas, string image = "nginx:1") => """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"NAME"},"spec":{"replicas":COUNT,
         "selector":{"matchLabels":{"app":"NAME"}},
         "template":{"metadata":{"labels":{"app":"NAME"}},"spec":{"containers":[{"name":"web","image":"IMAGE"}]}}}}
        """
        .Replace("NAME", name, StringComparison.Ordinal)
        .Replace("COUNT", replicas.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("IMAGE", image, StringComparison.Ordinal);

    protected async Task<(HttpStatusCode Code, JsonObject Body)> Send(HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }

        using var response = await Http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }

    protected Task<(HttpStatusCode Code, JsonObject Body)> Get(string path) => Send(HttpMethod.Get, path);

    protected Task<(HttpStatusCode Code, JsonObject Body)> Apply(string path, string body, string manager = "portal", string query = "") =>
        Send(HttpMethod.Patch, $"{path}?fieldManager={manager}{query}", body, "application/apply-patch+yaml");

    /// <summary>Reads until the object fits.</summary>
    protected async Task<JsonObject> Until(string path, Func<JsonObject, bool> condition, string what) =>
        (await Eventually.Holds(() => Get(path), answer => answer.Code == HttpStatusCode.OK && condition(answer.Body), what)).Body;

    protected Task UntilGone(string path) =>
        Eventually.Holds(() => Get(path), answer => answer.Code == HttpStatusCode.NotFound, $"{path} to be gone");

    protected static string? Condition(JsonObject item, string type) =>
        item["status"]?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == type)?["status"]?.GetValue<string>();

    protected static string[] Causes(JsonObject status) =>
        [.. status["details"]!["causes"]!.AsArray().Select(cause => $"{cause!["reason"]} {cause["field"]}")];
}
