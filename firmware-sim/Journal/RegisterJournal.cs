using System.Security.Cryptography;
using FirmwareSim.Bytes;
using FirmwareSim.Lines;
using FirmwareSim.Records;
using Microsoft.Win32.SafeHandles;

namespace FirmwareSim.Journal;

/// <summary>A register's own journal: one append-only file that survives a crash at any moment.</summary>
/// <remarks>
/// Contract: when <see cref="RingUp"/> or <see cref="Store"/> returns, what it wrote is on the disk (written, then fsync). What was being
/// written when the process died is either whole and counts, or torn and was never there: its sequence is given to the next record.
/// A result is on the disk before the record counts as acknowledged. Records with a result are dropped only beyond the last
/// <see cref="JournalLimits.Retention"/> of them; a full journal refuses to sell. A write or fsync that fails is never repeated: the
/// journal refuses everything from then on, and a restart reads what is really there.
/// One process writes (a lock file beside it says so); any number may read. Safe for any number of threads.
/// </remarks>
internal sealed partial class RegisterJournal : IRecordShelf, IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly JournalLimits _limits;
    private readonly FileStream _lock;
    private SafeFileHandle _file;
    private RecordIndex _index;
    private int _length;
    private bool _broken;

    private RegisterJournal(string path, JournalLimits limits, FileStream @lock)
    {
        _path = path;
        _limits = limits;
        _lock = @lock;
        if (!File.Exists(path))
        {
            WriteWhole(path, [EntryFormat.Write(EntryKind.Head, EntryBodies.Head(NewEpoch(), 1, default))]);
        }

        _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            var scan = FileScan.Of(File.ReadAllBytes(path));
            _index = RecordIndex.Of(scan, path);
            _length = scan.CommittedLength;
            WasTorn = scan.RecordTorn;
            WasDamaged = scan.HasDamage;
            // Cut before anything is appended: bytes of the torn write must not lie between two entries. The fsync covers a last entry
            // that was written but not yet on the disk when the former process died.
            RandomAccess.SetLength(_file, _length);
            Disk.Flush(_file, _path);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The last start found half a record: a receipt was open when the power went.</summary>
    public bool WasTorn { get; }

    /// <summary>Something between committed entries could not be read.</summary>
    public bool WasDamaged { get; }

    /// <summary>Opens the journal, or creates it with a random epoch, and counts the start.</summary>
    /// <exception cref="JournalException">Another process has it, or the file is not a journal.</exception>
    public static RegisterJournal Open(string path, JournalLimits limits, TimeProvider time)
    {
        FileStream @lock = Lock(path);
        try
        {
            RegisterJournal journal = new(path, limits, @lock);
            journal.Start(time);
            return journal;
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Reads a journal without becoming its writer; what another process is just writing is left out.</summary>
    /// <exception cref="JournalException">The file is not a journal.</exception>
    public static RecordIndex Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return RecordIndex.Of(FileScan.Of(bytes.AsMemory(0, read)), path);
    }

    /// <summary>Writes the next record. When this returns, the sale is rung up.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="closed">When the receipt was closed.</param>
    /// <param name="make">Makes the record of the given sequence, after the record of the given hash (empty for the first).</param>
    /// <returns>The record, or null if the journal is full and the sale must be refused.</returns>
    public JournalRecord? RingUp(RecordKind kind, DateTimeOffset closed, Func<ulong, byte[], (byte[] Record, long Total)> make)
    {
        lock (_gate)
        {
            if (!MakeRoom())
            {
                return null;
            }

            ulong seq = _index.Newest + 1;
            (byte[] record, long total) = make(seq, _index[seq - 1]?.Hash ?? []);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(record.Length, Limits.MostRecord, nameof(make));
            Append([(EntryKind.Record, EntryBodies.Record(seq, closed, total, kind, record))]);
            return _index[seq]!;
        }
    }

    /// <summary>Keeps results with their records: all of them with one fsync. Whether they may replace one is the session's judgement.</summary>
    public void Store(IEnumerable<AckResult> results)
    {
        lock (_gate)
        {
            Append([.. results.Select(result => (EntryKind.Result, EntryBodies.Result(result.Seq, result.Result)))]);
        }
    }

    /// <summary>Keeps a lease; what is printed from now on bears it.</summary>
    /// <returns>The newest record: no later one bears an older lease.</returns>
    public ulong TakeLease(Lease lease)
    {
        lock (_gate)
        {
            ulong newest = _index.Newest;
            Append([(EntryKind.Lease, EntryBodies.Lease(lease with { Newest = newest }))]);
            return newest;
        }
    }

    /// <summary>The lease that is held has ended, whatever the clock shows from now on.</summary>
    public void EndLease()
    {
        lock (_gate)
        {
            if (_index.Lease is { } lease)
            {
                Append([(EntryKind.Lease, EntryBodies.Lease(lease with { Used = lease.LastNumber - lease.FirstNumber + 1 }))]);
            }
        }
    }

    /// <summary>Remembers that the gateway stopped this register; a restart does not make it sell again.</summary>
    public void Stop(string reason)
    {
        lock (_gate)
        {
            Append([(EntryKind.Stopped, EntryBodies.Text(reason))]);
        }
    }

    /// <summary>A person let the register go on.</summary>
    public void Release()
    {
        lock (_gate)
        {
            Append([(EntryKind.Released, [])]);
        }
    }

    /// <summary>The record's bytes as they were written.</summary>
    public byte[] ReadRecord(ulong seq)
    {
        lock (_gate)
        {
            JournalRecord record = _index[seq] is { IsReadable: true } found
                ? found
                : throw new ArgumentOutOfRangeException(nameof(seq), seq, "not held");
            byte[] bytes = new byte[record.Length];
            int read = RandomAccess.Read(_file, bytes, record.Offset);
            return read == bytes.Length && RecordHash.Of(Epoch, seq, bytes).AsSpan().SequenceEqual(record.Hash)
                ? bytes
                : throw new JournalException($"{_path}: record {seq} does not read any more as it was written");
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _broken = true;
            _file.Dispose();
            _lock.Dispose();
        }
    }

    private static FileStream Lock(string path)
    {
        string lockPath = path + ".lock";
        try
        {
            return new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new JournalException($"{path}: in use by another register (lock {lockPath})", e);
        }
    }

    private static ulong NewEpoch()
    {
        ulong epoch = 0;
        while (epoch == 0)
        {
            epoch = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        }

        return epoch;
    }

    /// <summary>A file that is there whole or not at all: written beside, fsynced, renamed, and the folder fsynced.</summary>
    private static void WriteWhole(string path, IEnumerable<byte[]> entries)
    {
        string beside = path + ".new";
        using (FileStream file = new(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            foreach (byte[] entry in entries)
            {
                file.Write(entry);
            }

            file.Flush();
            Disk.Flush(file.SafeFileHandle, beside);
        }

        File.Move(beside, path, overwrite: true);
        Libc.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private void Start(TimeProvider time)
    {
        DateTimeOffset now = LocalClock.Now(time);
        Append([(EntryKind.Boot, EntryBodies.Boot(_index.Boot + 1))]);
        // TLK/1 §6.7: under the sequence of a record that is lost and has no result, a record of kind 9 is written, once.
        foreach (ulong seq in _index.Lost.ToArray())
        {
            byte[] record = RecordBytes.Unreadable(now, "the journal's file could not be read at this record");
            Append([(EntryKind.Record, EntryBodies.Record(seq, now, 0, RecordKind.Unreadable, record))]);
        }

        if (WasTorn)
        {
            RingUp(RecordKind.PowerLoss, now, (_, previous) => (RecordBytes.PowerLoss(now, previous, "mất điện khi đang in hóa đơn"), 0));
        }
    }

    private void Append(ReadOnlySpan<(EntryKind Kind, byte[] Body)> entries)
    {
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        if (_broken)
        {
            throw new JournalException($"{_path}: an earlier write failed; only a restart may read what is on the disk");
        }

        using MemoryStream bytes = new();
        foreach ((EntryKind kind, byte[] body) in entries)
        {
            bytes.Write(EntryFormat.Write(kind, body));
        }

        byte[] all = bytes.ToArray();
        _broken = true;
        RandomAccess.Write(_file, all, _length);
        Disk.Flush(_file, _path);
        _broken = false;
        for (int at = 0; at < all.Length;)
        {
            EntryFormat.TryRead(all, at, out Entry entry);
            _index.Add(entry with { Offset = entry.Offset + _length });
            at = entry.Offset + entry.Body.Length + EntryFormat.Tail;
        }

        _length += all.Length;
    }
}
