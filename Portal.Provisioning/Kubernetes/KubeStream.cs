using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Reads an answer that goes on for long, line by line, with a watchdog for silence and classified faults.</summary>
internal static class KubeStream
{
    /// <summary>Yields each line without its end, in pieces of <paramref name="longest"/> bytes when it is longer. A line is valid until the next is asked for.</summary>
    /// <param name="opened">Called when the server has accepted the call, which may be long before the first line.</param>
    public static async IAsyncEnumerable<ReadOnlySequence<byte>> LinesAsync(
        KubeTransport transport, KubeCall call, TimeSpan? silence, int longest, Action? opened, TimeProvider time, [EnumeratorCancellation] CancellationToken ct)
    {
        using var response = await transport.OpenAsync(call, ct);
        opened?.Invoke();
        using var watchdog = new CancellationTokenSource(silence ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, watchdog.Token);
        var pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(ct));
        await using var _ = new Completion(pipe);
        while (true)
        {
            var read = await GuardAsync(() => pipe.ReadAsync(either.Token), transport, call, silence, ct);
            if (silence is { } allowed)
            {
                watchdog.CancelAfter(allowed);
            }

            var rest = read.Buffer;
            while (Next(ref rest, read.IsCompleted, longest, out var line))
            {
                yield return line;
            }

            pipe.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                yield break;
            }
        }
    }

    private static bool Next(ref ReadOnlySequence<byte> rest, bool last, int longest, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        line = rest.Length > longest ? rest.Slice(0, longest) : rest;
        var complete = !line.IsEmpty && (last || rest.Length > longest);
        if (complete)
        {
            rest = rest.Slice(line.End);
        }

        return complete;
    }

    private static async ValueTask<ReadResult> GuardAsync(
        Func<ValueTask<ReadResult>> read, KubeTransport transport, KubeCall call, TimeSpan? silence, CancellationToken ct)
    {
        try
        {
            return await read();
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested && silence is { } allowed)
        {
            throw FaultClassifier.FromTimeout(allowed, transport.Connection, call.Verb, call.Target, call.Object, e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            ct.ThrowIfCancellationRequested();
            throw FaultClassifier.FromNetwork(e, transport.Connection, call.Object);
        }
    }

    private sealed class Completion(PipeReader pipe) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => pipe.CompleteAsync();
    }
}
