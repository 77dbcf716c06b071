using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Web.Tests.Api;

/// <summary>What the API answered, with the parts that tests look at.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, string? MediaType, Uri? Location, JsonNode Body)
{
    public string? Code => (string?)Body["code"];

    public IReadOnlyList<string?> Codes => Body["errors"]!.AsArray().Select(error => (string?)error!["code"]).ToList();

    public IReadOnlyList<string?> Fields => Body["errors"]!.AsArray().Select(error => (string?)error!["field"]).ToList();

    public string Message => (string)Body["detail"]!;

    /// <summary>Asserts a refusal in the one shape that all have.</summary>
    public ApiAnswer Refuses(HttpStatusCode status, string code)
    {
        Assert.True(status == Status, $"{(int)Status} instead of {(int)status}: {Body}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(code, Code);
        Assert.Equal((int)status, (int)Body["status"]!);
        Assert.False(string.IsNullOrEmpty((string?)Body["requestId"]));
        Assert.NotEmpty(Body["errors"]!.AsArray());
        Assert.DoesNotContain("Exception", Body.ToJsonString(), StringComparison.Ordinal);
        return this;
    }

    public ApiAnswer Is(HttpStatusCode status)
    {
        Assert.True(status == Status, $"{(int)Status} instead of {(int)status}: {Body}");
        return this;
    }
}

internal static class ApiCalls
{
    public static async Task<ApiAnswer> CallAsync(this HttpClient client, string method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith('/') ? path : $"/api/v1/{path}");
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new(response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.Location, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
    }

    /// <summary>Asks for a small environment of team payments; returns the request.</summary>
    public static async Task<JsonNode> RequestAsync(this HttpClient developer, string name, string purpose = "development")
    {
        var answer = await developer.CallAsync("POST", "environments", $$"""{"team":"payments","name":"{{name}}","preset":"small","purpose":"{{purpose}}"}""");
        return answer.Is(HttpStatusCode.Accepted).Body;
    }

    public static Task<ApiAnswer> DecideAsync(this HttpClient approver, JsonNode request, string body = """{"verdict":"approve"}""") =>
        approver.CallAsync("POST", $"requests/{request["id"]}/decisions", body);
}

/// <summary>Names the endpoints whose refusals a test is about; the endpoint table asks for one of each.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NegativeAttribute(params string[] endpoints) : Attribute
{
    public IReadOnlyList<string> Endpoints => endpoints;
}
