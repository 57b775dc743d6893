using System.Collections.Immutable;
using Invoicing.Sales;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Captures;

/// <summary>One register's book in the file.</summary>
internal sealed class CaptureBook(CaptureFile file, long book, RegisterId register, ulong epoch) : ICaptureBook
{
    /// <summary>Longest receipt key (<see cref="CaptureJudgement.ReceiptKey"/>).</summary>
    public const int MaxReceiptKey = 100;

    /// <summary>Most pieces of one answer, whatever is asked for.</summary>
    private const int MaxPage = 1_000;

    /// <summary>About what a change without bytes writes.</summary>
    private const int SmallChange = 1_024;

    /// <inheritdoc/>
    public RegisterId Register { get; } = register;

    /// <inheritdoc/>
    public ulong Epoch { get; } = epoch;

    /// <inheritdoc/>
    public Task<long> KeepAsync(DateTimeOffset at, bool isWhole, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, 1, nameof(bytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, ICaptureBook.MaxLength, nameof(bytes));
        return file.Writer.DoAsync(tables => tables.Keep(book, at, isWhole, bytes.Span), bytes.Length, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<KeptCapture> JudgeAsync(long number, CaptureJudgement judgement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(judgement);
        ArgumentNullException.ThrowIfNull(judgement.Text, nameof(judgement));
        if (judgement.Class == CaptureClass.Unjudged || !Enum.IsDefined(judgement.Class))
        {
            throw new ArgumentException($"expected what the piece is, found {judgement.Class}", nameof(judgement));
        }

        return judgement.ReceiptKey is { Length: not (>= 1 and <= MaxReceiptKey) }
            ? throw new ArgumentException(
                $"expected a receipt key of 1 to {MaxReceiptKey} characters, found {judgement.ReceiptKey.Length}", nameof(judgement))
            : file.Writer.DoAsync(tables => tables.Judge(book, number, judgement), SmallChange, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<KeptCapture?> ReadAsync(long number, CancellationToken cancellationToken)
    {
        ImmutableArray<KeptCapture> found = await ReadAsync(
            CaptureRows.ColumnsWithBytes + " WHERE book = ? AND number = ?", [book, number], cancellationToken).ConfigureAwait(false);
        return found.IsEmpty ? null : found[0];
    }

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<KeptCapture>> ReadUnjudgedAsync(int limit, CancellationToken cancellationToken) => ReadAsync(
        CaptureRows.ColumnsWithBytes + " WHERE book = ? AND class = 0 ORDER BY number LIMIT ?", [book, Limit(limit)], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<KeptCapture>> ReadRecordsAsync(ulong after, int limit, CancellationToken cancellationToken) => ReadAsync(
        CaptureRows.ColumnsWithBytes + " WHERE book = ? AND sequence > ? ORDER BY sequence LIMIT ?",
        [book, (long)Math.Min(after, long.MaxValue), Limit(limit)],
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<KeptCapture>> ListAsync(
        long? below, CaptureClass? only, int limit, CancellationToken cancellationToken) => file.ReadAsync(
        reader =>
        {
            using SqliteStatement rows = reader.Statement(only is null
                ? CaptureRows.Columns + " WHERE book = ? AND number < ? ORDER BY number DESC LIMIT ?"
                : CaptureRows.Columns + " WHERE book = ? AND number < ? AND class = ? ORDER BY number DESC LIMIT ?");
            rows.Bind(0, book).Bind(1, below ?? long.MaxValue);
            _ = only is { } wanted ? rows.Bind(2, (long)wanted).Bind(3, Limit(limit)) : rows.Bind(2, Limit(limit));
            return CaptureRows.ReadAll(rows);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadStateAsync(CancellationToken cancellationToken) => file.ReadAsync<ReadOnlyMemory<byte>>(
        reader =>
        {
            using SqliteStatement state = reader.Statement("SELECT state FROM book WHERE id = ?");
            return state.Bind(0, book).Step() ? state.Blob(0).ToArray() : ReadOnlyMemory<byte>.Empty;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task WriteStateAsync(ReadOnlyMemory<byte> state, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(state.Length, ICaptureBook.MaxStateLength, nameof(state));
        return file.Writer.DoAsync(
            tables =>
            {
                tables.WriteState(book, state.Span);
                return 0;
            },
            SmallChange + state.Length,
            cancellationToken);
    }

    private static int Limit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return Math.Min(limit, MaxPage);
    }

    private ValueTask<ImmutableArray<KeptCapture>> ReadAsync(string sql, long[] parameters, CancellationToken cancellationToken) => file.ReadAsync(
        reader =>
        {
            using SqliteStatement rows = reader.Statement(sql);
            for (int i = 0; i < parameters.Length; i++)
            {
                rows.Bind(i, parameters[i]);
            }

            return CaptureRows.ReadPage(reader, rows);
        },
        cancellationToken);
}
