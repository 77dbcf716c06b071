using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.DataPath.Tests.Monitoring.Sinks;

/// <summary>A small mail server of this process (RFC 5321, as much as a sender needs) that keeps every mail.</summary>
/// <param name="asksForLogin">It offers AUTH PLAIN and takes no mail without.</param>
internal sealed class MailSink : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly bool _asksForLogin;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _mails = new();
    private readonly ConcurrentQueue<string> _logins = new();
    private readonly Task _serving;

    public MailSink(int port, bool asksForLogin = false)
    {
        _asksForLogin = asksForLogin;
        _listener = new(IPAddress.Loopback, port);
        _listener.Start();
        _serving = ServeAsync();
    }

    public IReadOnlyList<string> Mails => [.. _mails];

    /// <summary>Each login as <c>user password</c>.</summary>
    public IReadOnlyList<string> Logins => [.. _logins];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ConverseAsync(client);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task ConverseAsync(TcpClient client)
    {
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 sink");
        var isKnown = !_asksForLogin;
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            switch (line.Split(' ')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await writer.WriteLineAsync(_asksForLogin ? "250-sink\r\n250 AUTH PLAIN" : "250 sink");
                    break;
                case "AUTH":
                    _logins.Enqueue(Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2])).Trim('\0').Replace('\0', ' '));
                    isKnown = true;
                    await writer.WriteLineAsync("235 ok");
                    break;
                case "MAIL" when !isKnown:
                    await writer.WriteLineAsync("530 log in first");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    _mails.Enqueue(await ReadMailAsync(reader));
                    await writer.WriteLineAsync("250 kept");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }

    private async Task<string> ReadMailAsync(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            mail.AppendLine(line);
        }

        return mail.ToString();
    }
}
