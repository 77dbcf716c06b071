namespace Portal.Provisioning.Sandbox;

/// <summary>Lets an answer through in pieces that together take a given time.</summary>
internal sealed class SlowBody(Stream wire, TimeSpan takes, TimeProvider time) : AnswerStream(wire)
{
    private const int Pieces = 8;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        var size = Math.Max(1, (buffer.Length + Pieces - 1) / Pieces);
        for (var start = 0; start < buffer.Length; start += size)
        {
            await Wire.WriteAsync(buffer.Slice(start, Math.Min(size, buffer.Length - start)), cancellationToken);
            await Wire.FlushAsync(cancellationToken);
            await Task.Delay(takes / Pieces, time, cancellationToken);
        }
    }
}
