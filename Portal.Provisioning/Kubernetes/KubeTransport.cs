using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Sends calls to one cluster: flow control, credentials, a time limit per try, bounded retries, classified faults.</summary>
/// <remarks>Thread-safe. 429 means that the server did nothing, so every verb is tried again; anything else only when the verb is idempotent.</remarks>
internal sealed partial class KubeTransport : IDisposable
{
    private const int MaxErrorBody = 64 * 1024;

    private readonly ClusterConnection _connection;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly HttpClient _http;
    private readonly TokenBucketRateLimiter _flow;
    private readonly ReachGate _gate;
    private readonly string _root;

    public KubeTransport(ClusterConnection connection, TimeProvider time, ILogger log)
    {
        _connection = connection;
        _time = time;
        _log = log;
        _gate = new ReachGate(time);
        _root = connection.Server.AbsoluteUri.TrimEnd('/');
        _http = new HttpClient(connection.Handler?.Invoke() ?? ClusterHandler.Create(connection)) { Timeout = Timeout.InfiniteTimeSpan };
        _flow = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = connection.Options.Burst,
            TokensPerPeriod = Math.Max(1, connection.Options.CallsPerSecond / 10),
            ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
            QueueLimit = int.MaxValue,
            AutoReplenishment = true,
        });
    }

    public ClusterConnection Connection => _connection;

    /// <summary>Sends and reads the whole answer within the call's time limit.</summary>
    public Task<T> SendAsync<T>(KubeCall call, Func<Stream, CancellationToken, Task<T>> read, CancellationToken ct) => RetryAsync(call, async limited =>
    {
        using var response = await ExchangeAsync(call, limited);
        await using var body = await response.Content.ReadAsStreamAsync(limited);
        return await read(body, limited);
    }, ct);

    /// <summary>Sends and returns as soon as the answer begins; the time limit is over then, and the caller disposes the response.</summary>
    public Task<HttpResponseMessage> OpenAsync(KubeCall call, CancellationToken ct) => RetryAsync(call, limited => ExchangeAsync(call, limited), ct);

    private async Task<T> RetryAsync<T>(KubeCall call, Func<CancellationToken, Task<T>> attempt, CancellationToken ct)
    {
        for (var retry = 0; ; retry++)
        {
            try
            {
                _gate.Enter(call.Object);
                using var lease = await _flow.AcquireAsync(1, ct);
                return await LimitAsync(call, attempt, ct);
            }
            catch (KubeException e) when (Pause(e, call, retry) is { } pause)
            {
                LogRetry(call.Verb, call.Target, pause, e.Message);
                await Task.Delay(pause, _time, ct);
            }
        }
    }

    private async Task<T> LimitAsync<T>(KubeCall call, Func<CancellationToken, Task<T>> attempt, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(call.Timeout, _time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            return await attempt(limited.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            if (deadline.IsCancellationRequested)
            {
                throw FaultClassifier.FromTimeout(call.Timeout, _connection, call.Verb, call.Target, call.Object, e);
            }

            var fault = FaultClassifier.FromNoConnection(_connection, call.Object, e);
            _gate.Close(fault.Message);
            throw fault;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            ct.ThrowIfCancellationRequested();
            _gate.Open();
            throw FaultClassifier.FromNetwork(e, _connection, call.Object);
        }
        catch (JsonException e)
        {
            throw new KubeException(KubeFault.ServerError, $"Cannot {call.Verb} {call.Target}: the server's answer is not JSON.", e) { Object = call.Object };
        }
    }

    private async Task<HttpResponseMessage> ExchangeAsync(KubeCall call, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(call.Method, _root + call.Path);
        if (_connection.Server.Scheme == Uri.UriSchemeHttps)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;

            // The handler takes the name for SNI and for the certificate check from the Host header.
            request.Headers.Host = _connection.TlsServerName;
        }

        // Our own texts: there is nothing in them to check anew for each call.
        request.Headers.TryAddWithoutValidation("Accept", call.Accept);
        request.Headers.TryAddWithoutValidation("User-Agent", "portal");
        request.Headers.Authorization = await _connection.Credential.GetHeaderAsync(_time, ct);
        _connection.Impersonation?.Write(request.Headers);
        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(call.Body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(call.ContentType);
        }

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        _gate.Open();
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var body = await ReadErrorAsync(response, ct);
            throw FaultClassifier.FromAnswer(response.StatusCode, body, RetryAfter(response), call.Verb, call.Target, call.Object);
        }
    }

    private TimeSpan? Pause(KubeException error, KubeCall call, int retry)
    {
        var options = _connection.Options;
        if (error.Fault == KubeFault.Unauthorized && error.StatusCode is not null)
        {
            return retry == 0 && _connection.Credential.Reject() ? TimeSpan.Zero : null;
        }

        var again = error switch
        {
            { Fault: KubeFault.Throttled } => true,
            { Fault: KubeFault.Unavailable, StatusCode: 502 or 503 } => call.IsIdempotent,
            { Fault: KubeFault.Unavailable, InnerException: { } inner } => call.IsIdempotent && FaultClassifier.BrokeMidway(inner),
            { Fault: KubeFault.TimedOut, RetryAfter: not null } => call.IsIdempotent,
            _ => false,
        };
        if (!again || retry >= options.MaxRetries || error.RetryAfter > options.MaxRetryAfter)
        {
            return null;
        }

        // Jitter, so that many callers who were refused together do not come back together.
        var backoff = options.RetryDelay * (1 << retry) * (0.5 + Random.Shared.NextDouble());
        return error.RetryAfter is { } asked && asked > backoff ? asked : backoff;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } asked)
        {
            return null;
        }

        // A date is the server's time, so it is measured against the server's clock where the answer tells it: ours may be minutes off.
        var wait = asked.Delta ?? (asked.Date - (response.Headers.Date ?? _time.GetUtcNow()));
        return wait > TimeSpan.Zero ? wait : null;
    }

    private static async Task<string> ReadErrorAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[MaxErrorBody];
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }

    public void Dispose()
    {
        _http.Dispose();
        _flow.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Trying again to {Verb} {Target} after {Pause}: {Reason}")]
    private partial void LogRetry(string verb, string target, TimeSpan pause, string reason);
}
