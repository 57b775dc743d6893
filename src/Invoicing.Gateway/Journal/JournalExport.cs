using System.Text.Json;
using Invoicing.Chain;

namespace Invoicing.Gateway.Journal;

/// <summary>Streams a journal's entries in constant memory, also while a gateway writes it.</summary>
public static partial class JournalExport
{
    /// <summary>Names the form of the lines; a change of it gets another number.</summary>
    public const string Format = "invoicing/journal-export/1";

    private const int PageSize = 256;

    /// <summary>Reads entries in their order, up to the head at the start. Verifies nothing.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <param name="after">Last position that is known; 0 for all.</param>
    /// <exception cref="InvoicingException">Not there, or no journal of this format.</exception>
    public static IEnumerable<SignedEntry> Read(string journalPath, long after = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(journalPath);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        return ReadCore(journalPath, after);
    }

    /// <summary>Writes a journal as JSON lines.</summary>
    /// <remarks>
    /// The first line names form, chain and enrolment, and holds the newest verified watermark as it was signed. Then one line for each entry,
    /// in the form of <see cref="EntryJson"/>. All bytes are in hexadecimal.
    /// </remarks>
    /// <param name="journalPath">The journal.</param>
    /// <param name="destination">Where to; not closed.</param>
    /// <param name="from">First position wanted.</param>
    /// <param name="cancellationToken">Ends it between two pages.</param>
    /// <returns>Entries written.</returns>
    /// <exception cref="InvoicingException">Not there, or no journal of this format.</exception>
    public static async Task<long> WriteAsync(
        string journalPath, Stream destination, long from = 1, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(journalPath);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        using var page = new MemoryStream();
        using var writer = new Utf8JsonWriter(page, EntryJson.WriterOptions);
        using var reader = JournalReader.Open(journalPath);
        JournalState state = reader.ReadState();
        WriteHeader(writer, state);
        EndLine(writer, page);
        long last = from - 1;
        while (last < state.Head.Position)
        {
            foreach (SignedEntry entry in reader.ReadPage(last, (int)Math.Min(PageSize, state.Head.Position - last)))
            {
                WriteEntry(writer, entry);
                EndLine(writer, page);
                last = entry.Position;
            }

            await FlushAsync(page, destination, cancellationToken).ConfigureAwait(false);
        }

        await FlushAsync(page, destination, cancellationToken).ConfigureAwait(false);
        return last - (from - 1);
    }

    private static IEnumerable<SignedEntry> ReadCore(string path, long after)
    {
        using var reader = JournalReader.Open(path);
        long head = reader.ReadHead();
        while (after < head)
        {
            foreach (SignedEntry entry in reader.ReadPage(after, (int)Math.Min(PageSize, head - after)))
            {
                yield return entry;
                after = entry.Position;
            }
        }
    }

    private static void WriteHeader(Utf8JsonWriter writer, JournalState state)
    {
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteString("chain", state.Chain.ToString());
        writer.WriteString("device", state.Enrolment.Device);
        writer.WriteString("seller", state.Enrolment.Seller.TaxCode.ToString());
        writer.WriteNumber("head", state.Head.Position);
        writer.WriteString("enrolment", Convert.ToHexStringLower(state.Enrolment.Bytes.Span));
        if (state.Uplink.Statement is { } statement)
        {
            writer.WriteStartObject("watermark");
            writer.WriteNumber("position", state.Uplink.Checkpoint);
            writer.WriteString("root", Convert.ToHexStringLower(statement.Root.Span));
            writer.WriteString("signature", statement.Signature.ToString());
            writer.WriteString("leaf", Convert.ToHexStringLower(statement.Leaf.Span));
            writer.WriteNumber("leaf_number", statement.LeafNumber);
            writer.WriteString("path", Convert.ToHexStringLower(statement.Path.Span));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, SignedEntry entry)
    {
        writer.WriteStartObject();
        EntryJson.WriteFields(writer, entry.Body.Span, entry.Hash, entry.Signature);
        writer.WriteEndObject();
    }

    private static void EndLine(Utf8JsonWriter writer, MemoryStream page)
    {
        writer.Flush();
        writer.Reset();
        page.WriteByte((byte)'\n');
    }

    private static async Task FlushAsync(MemoryStream page, Stream destination, CancellationToken cancellationToken)
    {
        await destination.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), cancellationToken).ConfigureAwait(false);
        page.SetLength(0);
    }
}
