using System.Globalization;
using Invoicing.Invoices;

namespace Invoicing.Authority.Enrolment;

/// <summary>Grants ranges that were never granted before, over all processes.</summary>
/// <remarks>
/// Each grant is a line in a file that is only appended to, flushed before the range is given to anybody: a crash after it burns the range,
/// and nothing ever grants it again (design.md 5.16). A lock file keeps two processes from granting at once.
/// </remarks>
internal sealed class RangeGrants : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FileStream _lock;
    private readonly string _path;
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    private RangeGrants(FileStream held, string path)
    {
        _lock = held;
        _path = path;
        int number = 0;
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            number++;
            string[] parts = line.Split(' ');
            if (parts.Length != 6 || !long.TryParse(parts[3], CultureInfo.InvariantCulture, out long last))
            {
                throw new InvoicingException(
                    $"{path}:{number}: expected 'codes|numbers NAME FIRST LAST SELLER DEVICE', found '{line}': a grant cannot be made before the line is clear");
            }

            string key = $"{parts[0]} {parts[1]}" + (parts[0] == "numbers" ? " " + parts[4] : string.Empty);
            _last[key] = Math.Max(last, _last.GetValueOrDefault(key, -1));
        }
    }

    /// <summary>Takes the lock and reads what was granted.</summary>
    /// <exception cref="InvoicingException">Another process holds the lock for too long, or the file is damaged.</exception>
    public static async Task<RangeGrants> OpenAsync(AuthorityFolder folder, TimeProvider time, CancellationToken cancellationToken)
    {
        DurableFile.MakeFolder(folder.Path);
        string path = folder.Grants + ".lock";
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                FileStream held = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                try
                {
                    return new(held, folder.Grants);
                }
                catch
                {
                    await held.DisposeAsync();
                    throw;
                }
            }
            catch (IOException) when (time.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
            }
            catch (IOException fault)
            {
                throw new InvoicingException($"{path}: expected to take the lock within {Patience.TotalSeconds} s, found it held by another process", isTransient: true, fault);
            }
        }
    }

    /// <summary>Grants the next codes of a block.</summary>
    public CodeRange GrantCodes(string block, long count, string seller, string device)
    {
        string key = $"codes {block}";
        long first = _last.GetValueOrDefault(key, -1) + 1;
        if (first + count - 1 > AuthorityCode.MaxDigits)
        {
            throw new InvoicingException($"expected {count} codes left in block {block}, found {AuthorityCode.MaxDigits - first + 1}: use another block");
        }

        var range = new CodeRange(block, first, first + count - 1);
        Note(key, string.Create(CultureInfo.InvariantCulture, $"codes {block} {range.First} {range.Last} {seller} {device}"), range.Last);
        return range;
    }

    /// <summary>Grants the next numbers of a seller's series.</summary>
    public NumberRange GrantNumbers(InvoiceSeries series, long count, string seller, string device)
    {
        string key = $"numbers {series} {seller}";
        long first = Math.Max(1, _last.GetValueOrDefault(key, 0) + 1);
        if (first + count - 1 > NumberRange.MaxNumber)
        {
            throw new InvoicingException($"expected {count} numbers left in series {series}, found {NumberRange.MaxNumber - first + 1}: use another series");
        }

        var range = new NumberRange(series, (int)first, (int)(first + count - 1));
        Note(key, string.Create(CultureInfo.InvariantCulture, $"numbers {series} {range.First} {range.Last} {seller} {device}"), range.Last);
        return range;
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _lock.Dispose();

    private void Note(string key, string line, long last)
    {
        DurableFile.Append(_path, line);
        _last[key] = last;
    }
}
