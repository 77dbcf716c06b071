using System.IO.Pipelines;
using System.Net;

namespace Portal.Provisioning.Sandbox;

/// <summary>The body of an answer that may still be in writing; who disposes it before its end has left.</summary>
internal sealed class AnswerContent(PipeReader reader, Action leave) : HttpContent
{
    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(reader.AsStream(leaveOpen: true));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => reader.CopyToAsync(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            leave();
            reader.Complete();
        }

        base.Dispose(disposing);
    }
}
