using Microsoft.AspNetCore.Http;

namespace Portal.Provisioning.Sandbox;

/// <summary>Lets half of an answer through and then breaks the connection; of a watch so many whole lines first.</summary>
internal sealed class CutBody(HttpContext http, int wholeLines, TimeProvider time) : AnswerStream(http.Response.Body)
{
    // What was flushed has to leave before the connection breaks, or the client would see nothing of it.
    private static readonly TimeSpan s_leave = TimeSpan.FromMilliseconds(50);

    private int _lines = wholeLines;
    private bool _broken;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_broken)
        {
            return;
        }

        var whole = 0;
        while (_lines > 0 && buffer.Span[whole..].IndexOf((byte)'\n') is var end and >= 0)
        {
            whole += end + 1;
            _lines--;
        }

        if (_lines > 0 || whole == buffer.Length)
        {
            await Wire.WriteAsync(buffer, cancellationToken);
            return;
        }

        _broken = true;
        await Wire.WriteAsync(buffer[..(whole + ((buffer.Length - whole) / 2))], cancellationToken);
        await Wire.FlushAsync(cancellationToken);
        await Task.Delay(s_leave, time, cancellationToken);
        http.Abort();
    }
}
