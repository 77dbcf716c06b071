using System.Buffers;

namespace Portal.Provisioning.Sandbox;

/// <summary>The file of the journal: records one after the other, cut after the last sound one when it is opened, and replaced whole by a shorter one.</summary>
/// <remarks>For one thread. It holds a lock file, so that two processes never write one journal.</remarks>
internal sealed class JournalFile : IDisposable
{
    private const string Name = "objects.journal";
    private const int Portion = 1 << 20;

    private static readonly byte[] s_magic = "portal-sandbox-1\n"u8.ToArray();

    private readonly ArrayBufferWriter<byte> _buffer = new(Portion);
    private readonly string _path;
    private readonly FileStream _lock;
    private FileStream? _file;

    private JournalFile(string path, FileStream held)
    {
        _path = path;
        _lock = held;
    }

    public long Length { get; private set; }

    /// <summary>What stood at the end and could not be read: the half of a record that a killed process was writing.</summary>
    public long Torn { get; private set; }

    /// <summary>Where a file that is no journal of this version was put; null when there was none.</summary>
    public string? SetAside { get; private set; }

    /// <exception cref="SandboxInUseException">Another process has the journal open.</exception>
    public static (JournalFile File, IReadOnlyList<JournalRecord> Records) Open(string directory)
    {
        var journal = new JournalFile(Path.Combine(directory, Name), Lock(directory));
        try
        {
            return (journal, journal.Load());
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    public void Append(IEnumerable<JournalRecord> records)
    {
        var start = Length;
        try
        {
            Length += Write(_file!, records);
        }
        catch
        {
            // Nothing may follow half a record: a reader would stop there.
            _file!.SetLength(start);
            _file.Position = start;
            throw;
        }
    }

    /// <summary>Writes a new journal beside this one and takes its place; the old one stands until the new one is whole.</summary>
    public void Replace(IEnumerable<JournalRecord> records)
    {
        var draft = $"{_path}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            // Secrets are in it.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var next = new FileStream(draft, options);
        try
        {
            next.Write(s_magic);
            var length = s_magic.Length + Write(next, records);
            next.Flush(flushToDisk: true);
            _file?.Dispose();
            _file = null;
            File.Move(draft, _path, overwrite: true);
            (_file, Length) = (next, length);
        }
        catch
        {
            next.Dispose();
            _file ??= Reopen();
            throw;
        }
    }

    public void Dispose()
    {
        _file?.Flush(flushToDisk: true);
        _file?.Dispose();
        _lock.Dispose();
    }

    private List<JournalRecord> Load()
    {
        var records = new List<JournalRecord>();
        var bytes = File.Exists(_path) ? File.ReadAllBytes(_path) : [];
        if (bytes.Length == 0)
        {
            Replace([]);
            return records;
        }

        if (!bytes.AsSpan().StartsWith(s_magic))
        {
            SetAside = $"{_path}.unreadable";
            File.Move(_path, SetAside, overwrite: true);
            Replace([]);
            return records;
        }

        var at = s_magic.Length;
        while (JournalRecord.Read(bytes.AsMemory(at)) is var (record, length))
        {
            records.Add(record);
            at += length;
        }

        Torn = bytes.Length - at;
        (_file, Length) = (Reopen(), at);
        _file.SetLength(at);
        _file.Position = at;
        return records;
    }

    private FileStream Reopen() => new(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0);

    private long Write(FileStream file, IEnumerable<JournalRecord> records)
    {
        _buffer.ResetWrittenCount();
        long written = 0;
        foreach (var record in records)
        {
            record.WriteTo(_buffer);
            if (_buffer.WrittenCount >= Portion)
            {
                Flush();
            }
        }

        Flush();
        return written;

        void Flush()
        {
            file.Write(_buffer.WrittenSpan);
            written += _buffer.WrittenCount;
            _buffer.ResetWrittenCount();
        }
    }

    private static FileStream Lock(string directory)
    {
        try
        {
            return new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem) when (Directory.Exists(directory))
        {
            throw new SandboxInUseException(directory, problem);
        }
    }
}
