using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.Testing;

namespace Portal.Browser.Tests.Hosting;

/// <summary>The REST API as one persona sees it.</summary>
public sealed class PortalApi : IDisposable
{
    // Slower than the limit of requests that one user may make.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _client;

    public PortalApi(Uri address, string persona)
    {
        _client = new HttpClient { BaseAddress = address };
        _client.DefaultRequestHeaders.Authorization = new("Bearer", $"demo-{persona}");
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Asks for a small environment of team Payments and returns the ids of the environment and of the request.</summary>
    public async Task<(string Environment, long Request)> RequestAsync(string name, string? reason = null)
    {
        var answer = await SendAsync(HttpMethod.Post, "environments", new { team = "payments", name, preset = "small", reason });
        Assert.True(answer.Status == HttpStatusCode.Accepted, $"The request was refused: {answer.Body}");
        return ((string)answer.Body["environmentId"]!, (long)answer.Body["id"]!);
    }

    public async Task ApproveAsync(long request)
    {
        var answer = await SendAsync(HttpMethod.Post, $"requests/{request}/decisions", new { verdict = "approve" });
        Assert.True(answer.Status == HttpStatusCode.OK, $"The approval was refused: {answer.Body}");
    }

    public async Task DeleteAsync(string environment, string name)
    {
        var answer = await SendAsync(HttpMethod.Delete, $"environments/{environment}?confirm={name}", null);
        Assert.True(answer.Status == HttpStatusCode.Accepted, $"The deletion was refused: {answer.Body}");
    }

    /// <summary>Why a new environment is refused: each sentence with the field that it is about.</summary>
    public async Task<IReadOnlyList<(string Field, string Sentence)>> RefusalsAsync(object wanted)
    {
        var answer = await SendAsync(HttpMethod.Post, "environments", wanted);
        Assert.True((int)answer.Status is >= 400 and < 500, $"It was not refused: {answer.Status} {answer.Body}");
        return [.. answer.Body["errors"]!.AsArray().Select(error => ((string?)error!["field"] ?? "", (string)error["message"]!))];
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        var answer = await SendAsync(HttpMethod.Get, path, null);
        Assert.True(answer.Status == HttpStatusCode.OK, $"GET {path}: {answer.Status} {answer.Body}");
        return answer.Body;
    }

    /// <summary>Waits until the environment satisfies a condition, and says its last state when it does not.</summary>
    public Task<JsonNode> UntilAsync(string environment, Func<JsonNode, bool> condition, string what, TimeSpan within) =>
        Eventually.Holds(() => GetAsync($"environments/{environment}"), condition, what, within, s_pause);

    public async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(HttpMethod method, string path, object? body)
    {
        using var message = new HttpRequestMessage(method, $"/api/v1/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _client.SendAsync(message);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()) ?? new JsonObject());
    }
}
