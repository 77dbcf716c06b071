using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Portal.Provisioning.Sandbox;

/// <summary>Carries requests of this process to the sandbox's API server as they are, without sockets, TLS and frames: the door behind them is the same.</summary>
/// <remarks>What breaks shows as it does over the wire: a cluster that is away refuses, an answer that was begun ends early.</remarks>
internal sealed class InProcessHandler(RequestDelegate serve, ConnectionGate gate) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var exchange = await InProcessExchange.OfAsync(request, cancellationToken).ConfigureAwait(false);
        if (!gate.TryEnter(exchange, exchange.Abort))
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The sandbox cluster is away.", new SocketException((int)SocketError.ConnectionRefused));
        }

        // On the caller's thread as far as it goes, which is the whole way for nearly every call; but never inside of a page's turn.
        var served = SynchronizationContext.Current is null ? ServeAsync(exchange) : Task.Run(() => ServeAsync(exchange), CancellationToken.None);
        if (!served.IsCompleted)
        {
            using var leaving = cancellationToken.Register(exchange.Abort);
            await Task.WhenAny(exchange.Begun, served).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return exchange.Answer(request);
    }

    private async Task ServeAsync(InProcessExchange exchange)
    {
        try
        {
            await serve(new DefaultHttpContext(exchange.Features));
            await exchange.EndAsync(null);
        }
        catch (Exception problem)
        {
            // The answer has begun, or the server had answered it itself: all that is left is to break off, as Kestrel does.
            await exchange.EndAsync(problem);
        }
        finally
        {
            gate.Leave(exchange);
        }
    }
}
