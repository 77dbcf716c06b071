using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.Provisioning.Sandbox;

/// <summary>The body of a request as text, in a borrowed buffer, from which it can be parsed more than once.</summary>
internal sealed class RequestText : IDisposable
{
    private const int FirstBuffer = 8 * 1024;
    private const int Largest = 1 << 20;

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private readonly bool _mayBeYaml;
    private byte[] _buffer;
    private int _length;

    private RequestText(HttpRequest request)
    {
        _mayBeYaml = BodyReader.MediaType(request).EndsWith("yaml", StringComparison.Ordinal);
        _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp((request.ContentLength ?? FirstBuffer) + 1, 1, Largest));
    }

    public static async Task<RequestText> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var text = new RequestText(request);
        try
        {
            while (await request.Body.ReadAsync(text._buffer.AsMemory(text._length), cancellation) is > 0 and var read)
            {
                text._length += read;
                if (text._length == text._buffer.Length)
                {
                    text.Grow();
                }
            }

            return text;
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    /// <summary>A fresh tree; null when there is no body.</summary>
    /// <exception cref="ApiFault">It is neither JSON nor, where the API server takes that, YAML.</exception>
    public JsonNode? Parse()
    {
        var body = _buffer.AsSpan(0, _length);
        if (body.IsEmpty)
        {
            return null;
        }

        try
        {
            var yaml = _mayBeYaml && body.TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..];
            return yaml ? YamlReader.Parse(Encoding.UTF8.GetString(body)) : JsonNode.Parse(body, documentOptions: s_strict);
        }
        catch (Exception problem) when (problem is JsonException or YamlDotNet.Core.YamlException)
        {
            throw ApiFault.BadRequest($"the object provided is unrecognized or not valid: {problem.Message}");
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(_buffer.Length * 2));
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
