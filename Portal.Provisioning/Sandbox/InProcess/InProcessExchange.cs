using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Portal.Provisioning.Sandbox;

/// <summary>One request and its answer, which can be read while it is still being written.</summary>
#pragma warning disable CA1001 // A source without timer or links has nothing to give back, and client and server may each be the last to ask it.
internal sealed class InProcessExchange : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpRequestLifetimeFeature
#pragma warning restore CA1001
{
    // Most lists fit, so that they are written in one go; a longer one waits for its reader.
    private static readonly PipeOptions s_room = new(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false);

    private readonly Pipe _pipe = new(s_room);
    private readonly CancellationTokenSource _aborted = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _broken;
    private volatile bool _ended;

    private InProcessExchange(IHttpRequestFeature request)
    {
        Writer = new AnswerWriter(_pipe.Writer, Begin);
        Stream = Writer.AsStream();
        RequestAborted = _aborted.Token;
        Features.Set(request);
        Features.Set<IHttpResponseFeature>(this);
        Features.Set<IHttpResponseBodyFeature>(this);
        Features.Set<IHttpRequestLifetimeFeature>(this);
    }

    public FeatureCollection Features { get; } = new(8);

    /// <summary>Done when status and headers stand and the first of the answer is there.</summary>
    public Task Begun => _begun.Task;

    public bool HasStarted => _begun.Task.IsCompleted;

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public Stream Stream { get; }

    public PipeWriter Writer { get; }

    public CancellationToken RequestAborted { get; set; }

    /// <summary>Superseded by <see cref="IHttpResponseBodyFeature"/>, yet part of the interface.</summary>
    Stream IHttpResponseFeature.Body
    {
        get => Stream;
        set => throw new NotSupportedException();
    }

    public static async Task<InProcessExchange> OfAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var address = request.RequestUri ?? throw new ArgumentException("The request has no address.", nameof(request));
        var headers = new HeaderDictionary();
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            headers[name] = values.ToArray();
        }

        var body = Stream.Null;
        if (request.Content is { } content)
        {
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                headers[name] = values.ToArray();
            }

            body = await content.ReadAsStreamAsync(cancellation);
            headers.ContentLength = body.Length;
        }

        return new(new HttpRequestFeature
        {
            Method = request.Method.Method,
            Scheme = address.Scheme,
            Protocol = "HTTP/2",
            Path = PathString.FromUriComponent(address).Value!,
            QueryString = address.Query,
            Headers = headers,
            Body = body,
        });
    }

    /// <summary>The answer as the client gets it; what is not written yet comes through its content.</summary>
    /// <exception cref="HttpRequestException">It broke off before it began.</exception>
    public HttpResponseMessage Answer(HttpRequestMessage request)
    {
        if (_broken && !HasStarted)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The sandbox ended the connection before it answered.");
        }

        var answer = new HttpResponseMessage((System.Net.HttpStatusCode)StatusCode) { RequestMessage = request, Content = new AnswerContent(_pipe.Reader, Abort) };
        foreach (var (name, values) in Headers)
        {
            if (!answer.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                answer.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return answer;
    }

    /// <summary>Breaks the answer off, whoever asks: a fault, the client who has left, or the cluster that is away.</summary>
    public void Abort()
    {
        if (!_ended)
        {
            _broken = true;
            _aborted.Cancel();
        }
    }

    /// <summary>The server is done with it.</summary>
    public async Task EndAsync(Exception? problem)
    {
        if (problem is null && !_broken)
        {
            Begin();
        }
        else
        {
            _broken = true;
        }

        _ended = true;
        await _pipe.Writer.CompleteAsync(_broken ? new IOException("The sandbox ended the connection before the answer was complete.", problem) : null);
    }

    public void OnStarting(Func<object, Task> callback, object state) => throw new NotSupportedException();

    public void OnCompleted(Func<object, Task> callback, object state) => throw new NotSupportedException();

    public void DisableBuffering()
    {
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Begin();
        return Task.CompletedTask;
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task CompleteAsync() => Task.CompletedTask;

    private void Begin() => _begun.TrySetResult();
}
