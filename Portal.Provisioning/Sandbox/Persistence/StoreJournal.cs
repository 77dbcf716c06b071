using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Portal.Provisioning.Sandbox;

/// <summary>Keeps the objects of the sandbox in a file: every change is appended within about 20 ms, and the file is rewritten when it has grown.</summary>
/// <remarks>
/// Changes are appended in the order of their commits, so that what is read back is always a state that the cluster was in: after
/// a kill the last few milliseconds may be missing, never something in between. It is handed to the operating system at once and to the disk
/// only at a rewrite and at the end, so a power cut can cost more. A failed write is logged and made good by a rewrite.
/// </remarks>
internal sealed partial class StoreJournal : IAsyncDisposable
{
    // Versions of writes that a kill lost may be known to clients; they must neither come again nor seem to lie in the future.
    private const long VersionGap = 10_000;
    private const long Slack = 8 << 20;

    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(5);

    private readonly Channel<Change> _changes = Channel.CreateUnbounded<Change>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _ending = new();
    private readonly JournalFile _file;
    private readonly ObjectStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Task _writing = Task.CompletedTask;
    private long _written;
    private long _limit;

    private StoreJournal(JournalFile file, ObjectStore store, TimeProvider time, ILogger logger)
    {
        _file = file;
        _store = store;
        _time = time;
        _logger = logger;
    }

    /// <summary>Brings the store to the state of the file and writes down every change from then on. The store must be empty, and its observers in place.</summary>
    /// <exception cref="SandboxInUseException">Another process has the directory.</exception>
    public static StoreJournal Open(string directory, ObjectStore store, TimeProvider time, ILoggerFactory loggers)
    {
        Directory.CreateDirectory(directory);
        var (file, records) = JournalFile.Open(directory);
        var journal = new StoreJournal(file, store, time, loggers.CreateLogger<StoreJournal>());
        try
        {
            journal.Restore(records);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        journal._writing = Task.Run(journal.WriteAsync);
        return journal;
    }

    /// <summary>Writes what is still to be written and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        await _ending.CancelAsync();
        await _writing;
        _file.Dispose();
        _ending.Dispose();
    }

    private void Restore(IReadOnlyList<JournalRecord> records)
    {
        var last = new Dictionary<string, JournalRecord>(StringComparer.Ordinal);
        long version = 0;
        foreach (var record in records)
        {
            version = Math.Max(version, record.Version);
            if (record.Body.IsEmpty)
            {
                last.Remove(record.Key);
            }
            else
            {
                last[record.Key] = record;
            }
        }

        var items = last.Values.Select(Parse).OfType<StoredObject>().ToList();
        if (_file.SetAside is { } aside)
        {
            LogSetAside(aside);
        }

        if (_file.Torn > 0)
        {
            LogTorn(_file.Torn);
        }

        _store.Recorded = change => _changes.Writer.TryWrite(change);
        if (version > 0)
        {
            _store.Restore(items, version + VersionGap);
            LogRestored(items.Count, version);
        }

        _written = _store.Version;
        _limit = _file.Length + Slack;
        // The gap is written down too: a second kill before the first write must not start from the same version.
        _file.Append([JournalRecord.Reached(_written)]);
    }

    private StoredObject? Parse(JournalRecord record)
    {
        try
        {
            return record.Kind is { } kind ? StoredObject.Load(kind, record.Body.ToArray(), record.Version) : null;
        }
        catch (JsonException problem)
        {
            LogUnreadable(problem, record.Key);
            return null;
        }
    }

    private async Task WriteAsync()
    {
        var failed = false;
        while (await _changes.Reader.WaitToReadAsync(CancellationToken.None))
        {
            try
            {
                await Task.Delay(failed ? s_retryAfter : s_gather, _time, _ending.Token);
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                // Closing: the rest is written without waiting.
            }

            try
            {
                Write(rewrite: failed || _file.Length > _limit);
                failed = false;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                failed = true;
                LogFailed(problem);
            }
        }
    }

    private void Write(bool rewrite)
    {
        var batch = new List<JournalRecord>();
        while (_changes.Reader.TryRead(out var change))
        {
            // A rewrite may have covered it already.
            if (change.Version > _written)
            {
                batch.Add(JournalRecord.Of(change));
            }
        }

        if (rewrite)
        {
            var (items, version) = _store.All();
            _file.Replace(items.Select(JournalRecord.Of).Prepend(JournalRecord.Reached(version)));
            _written = version;
            _limit = (2 * _file.Length) + Slack;
        }
        else if (batch.Count > 0)
        {
            _file.Append(batch);
            _written = batch[^1].Version;
        }
    }

    [LoggerMessage(LogLevel.Information, "The sandbox cluster goes on with {Count} objects at version {Version}")]
    private partial void LogRestored(int count, long version);

    [LoggerMessage(LogLevel.Warning, "The journal of the sandbox cluster ended in {Bytes} bytes of a record that was never finished; they are dropped")]
    private partial void LogTorn(long bytes);

    [LoggerMessage(LogLevel.Warning, "The journal of the sandbox cluster cannot be read by this version; it was moved to {Path} and the cluster starts empty")]
    private partial void LogSetAside(string path);

    [LoggerMessage(LogLevel.Warning, "The sandbox cluster leaves out {Key}: its record is no object")]
    private partial void LogUnreadable(Exception problem, string key);

    [LoggerMessage(LogLevel.Error, "The sandbox cluster cannot write its journal; it goes on in memory and tries again")]
    private partial void LogFailed(Exception problem);
}
