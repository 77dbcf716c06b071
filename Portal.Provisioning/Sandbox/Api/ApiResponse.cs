using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.Provisioning.Sandbox;

/// <summary>Writes JSON answers.</summary>
internal static class ApiResponse
{
    public static Task WriteAsync(HttpContext http, int code, JsonNode body) => WriteAsync(http, code, StoredObject.Serialize(body));

    public static async Task WriteAsync(HttpContext http, int code, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        if (http.Request.Method != "HEAD")
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    public static Task WriteFaultAsync(HttpContext http, ApiFault fault)
    {
        if (fault.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return WriteAsync(http, fault.Code, fault.ToStatus());
    }
}
