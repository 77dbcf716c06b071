using System.Collections.Concurrent;
using System.Net;

namespace Portal.DataPath.Tests.Monitoring.Sinks;

/// <summary>A small HTTP server of this process that answers as a test says and keeps what it was sent.</summary>
internal sealed class HttpSink : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpListenerRequest, (int Status, string Body)> _answer;
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();
    private readonly Task _serving;

    public HttpSink(int port, Func<HttpListenerRequest, (int Status, string Body)>? answer = null)
    {
        Address = $"http://127.0.0.1:{port}";
        _answer = answer ?? (_ => (200, "ok"));
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address { get; }

    public IReadOnlyList<string> ReceivedAt(string path) => [.. _received.Where(each => each.Path == path).Select(each => each.Body)];

    public async ValueTask DisposeAsync()
    {
        // Not Stop before it: Close would bind the address anew to take it back.
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (!_listener.IsListening && stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            _received.Enqueue((context.Request.Url!.AbsolutePath, await reader.ReadToEndAsync()));
            var (status, body) = _answer(context.Request);
            context.Response.StatusCode = status;
            await using (var writer = new StreamWriter(context.Response.OutputStream))
            {
                await writer.WriteAsync(body);
            }

            context.Response.Close();
        }
    }
}
