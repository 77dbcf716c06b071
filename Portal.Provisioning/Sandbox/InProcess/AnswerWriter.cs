using System.IO.Pipelines;

namespace Portal.Provisioning.Sandbox;

/// <summary>Writes an answer, and tells before the first of it can be read.</summary>
internal sealed class AnswerWriter(PipeWriter inner, Action begins) : PipeWriter
{
    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        // The exchange ends the pipe, which it alone knows how.
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken)
    {
        begins();
        return inner.FlushAsync(cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        begins();
        return inner.WriteAsync(source, cancellationToken);
    }
}
