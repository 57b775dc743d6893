using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FirmwareSim.Lines;
using Microsoft.Win32.SafeHandles;

namespace FirmwareSim.Tills;

/// <summary>The register's own book: one JSON object a line for everything that was rung up, on the disk before anybody hears of it.</summary>
/// <remarks>
/// One process writes it. A last line that is torn by a crash was never heard of and is cut off. The book is what a test compares the
/// gateway with: it holds the truth whatever the faults do to the line.
/// </remarks>
internal sealed class SalesBook : IDisposable
{
    /// <summary>Most documents of one book: they are all held in memory, about a kilobyte each.</summary>
    public const int Most = 1_000_000;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly List<RungReceipt> _receipts = [];
    private readonly int[] _counts = new int[Enum.GetValues<ReceiptClass>().Length];
    private long _length;

    private SalesBook(string path, SafeFileHandle file)
    {
        _path = path;
        _file = file;
    }

    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        IgnoreReadOnlyProperties = true,
    };

    /// <summary>Documents in the book.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _receipts.Count;
            }
        }
    }

    /// <summary>Opens the book, or makes it.</summary>
    /// <exception cref="IOException">Another process has it open, or it is no book.</exception>
    public static SalesBook Open(string path)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        SalesBook book = new(path, file);
        try
        {
            book.Load();
            return book;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a book, also while a register writes it; a line that is not whole yet is left out.</summary>
    public static IReadOnlyList<RungReceipt> Read(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using SalesBook book = new(path, file);
        book.Load(isReader: true);
        return book._receipts;
    }

    /// <summary>All documents of one register, oldest first, without what was only printed.</summary>
    public IReadOnlyList<RungReceipt> Of(string register)
    {
        lock (_gate)
        {
            return [.. _receipts.Where(receipt => receipt.Register == register && receipt.Class is not (ReceiptClass.Copy or ReceiptClass.Kitchen or ReceiptClass.ProForma))];
        }
    }

    /// <summary>How many documents of a class there are.</summary>
    public int CountOf(ReceiptClass kind)
    {
        lock (_gate)
        {
            return _counts[(int)kind];
        }
    }

    /// <summary>Adds a document; it is on the disk when this returns.</summary>
    /// <exception cref="IOException">The disk did not take it, or the book is full.</exception>
    public RungReceipt Add(RungReceipt receipt)
    {
        lock (_gate)
        {
            if (_receipts.Count >= Most)
            {
                throw new IOException($"{_path}: expected at most {Most} documents in a book; begin another");
            }

            RungReceipt numbered = receipt with { Position = _receipts.Count + 1 };
            byte[] line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(numbered, Json) + "\n");
            RandomAccess.Write(_file, line, _length);
            Disk.Flush(_file, _path);
            _length += line.Length;
            Keep(numbered);
            return numbered;
        }
    }

    public void Dispose() => _file.Dispose();

    private void Load(bool isReader = false)
    {
        byte[] bytes = new byte[RandomAccess.GetLength(_file)];
        int read = RandomAccess.Read(_file, bytes, 0);
        int start = 0;
        for (int end; (end = Array.IndexOf(bytes, (byte)'\n', start, read - start)) >= 0; start = end + 1)
        {
            Keep(ReadLine(bytes.AsSpan(start, end - start)));
        }

        _length = start;
        if (!isReader && start < read)
        {
            RandomAccess.SetLength(_file, start);
        }
    }

    private void Keep(RungReceipt receipt)
    {
        _receipts.Add(receipt);
        _counts[(int)receipt.Class]++;
    }

    private RungReceipt ReadLine(ReadOnlySpan<byte> line)
    {
        try
        {
            RungReceipt? receipt = JsonSerializer.Deserialize<RungReceipt>(line, Json);
            if (receipt?.Position == _receipts.Count + 1)
            {
                return receipt;
            }
        }
        catch (JsonException)
        {
            // The sentence below says it.
        }

        throw new IOException($"{_path}: expected document {_receipts.Count + 1} of a register's book, found \"{Encoding.UTF8.GetString(line[..Math.Min(60, line.Length)])}\"");
    }
}
