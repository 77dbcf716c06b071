using System.Buffers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.Provisioning.Sandbox;

/// <summary>Writes JSON answers.</summary>
internal static class ApiResponse
{
    private const int FlushAt = 64 * 1024;

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

    /// <summary>Writes the objects of a list one behind the other, without a copy of all of them.</summary>
    public static async Task WriteAsync(HttpContext http, int code, byte[] head, List<StoredObject> items, byte[] tail)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = head.Length + items.Sum(item => (long)item.Size) + Math.Max(0, items.Count - 1) + tail.Length;
        if (http.Request.Method == "HEAD")
        {
            return;
        }

        var body = http.Response.BodyWriter;
        body.Write(head);
        for (var at = 0; at < items.Count; at++)
        {
            if (at > 0)
            {
                body.Write(","u8);
            }

            body.Write(items[at].Utf8);
            if (body.UnflushedBytes > FlushAt)
            {
                await body.FlushAsync(http.RequestAborted);
            }
        }

        body.Write(tail);
        await body.FlushAsync(http.RequestAborted);
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
