using Invoicing.Registers.Receipts;
using Invoicing.Sales;
using System.Collections.Immutable;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>
/// What one register's line captured, in the order it came. A piece is kept, on disk, before anybody interprets it; what it turned out to
/// be is judged afterwards, once or again, and only a judged piece has a place in the register's line of records.
/// </summary>
/// <remarks>
/// Record sequences are given out here, contiguous from 1 in <see cref="Epoch"/>, in the same transaction as the judgement. After a crash
/// whoever serves the line asks the recorder how far the records are durable and offers those after it again
/// (<see cref="ReadRecordsAsync"/>): a piece is never two records. Safe for any number of threads.
/// </remarks>
internal interface ICaptureBook
{
    /// <summary>Longest piece: a receipt with logos and pictures is under 200 KiB; beyond 4 MiB it is no receipt.</summary>
    const int MaxLength = 4 * 1024 * 1024;

    /// <summary>Longest state.</summary>
    const int MaxStateLength = 4096;

    /// <summary>The register or printer.</summary>
    RegisterId Register { get; }

    /// <summary>Life of this book: random, made with it, never 0. Records that come out of it bear it as their epoch.</summary>
    ulong Epoch { get; }

    /// <summary>Keeps a piece. On disk when the call ends.</summary>
    /// <param name="at">When it came, by the gateway's clock.</param>
    /// <param name="isWhole">Whether its end was seen; a piece that the line's end cut short is torn.</param>
    /// <param name="bytes">The piece as it came, 1 to <see cref="MaxLength"/> bytes.</param>
    /// <param name="cancellationToken">Counts until the piece is taken into a commit.</param>
    /// <returns>Its number, from 1, contiguous.</returns>
    /// <exception cref="InvoicingException">The disk does not take it.</exception>
    Task<long> KeepAsync(DateTimeOffset at, bool isWhole, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Writes down what a piece is; gives it its place in the line of records if it takes one. On disk when the call ends.</summary>
    /// <remarks>
    /// A piece that has a record sequence keeps it: judging it again changes words only. A receipt key that another piece took makes this
    /// one a <see cref="CaptureClass.Reprint"/> without a record, whatever the judgement said.
    /// </remarks>
    /// <param name="number">The piece.</param>
    /// <param name="judgement">What it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The piece as it stands now, without its bytes.</returns>
    Task<KeptCapture> JudgeAsync(long number, CaptureJudgement judgement, CancellationToken cancellationToken);

    /// <summary>Reads one piece.</summary>
    /// <returns>The piece; <see langword="null"/> if it was never kept, or is deleted by now.</returns>
    ValueTask<KeptCapture?> ReadAsync(long number, CancellationToken cancellationToken);

    /// <summary>Reads pieces that wait for judgement, oldest first, at most <paramref name="limit"/>, with their bytes.</summary>
    ValueTask<ImmutableArray<KeptCapture>> ReadUnjudgedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Reads pieces with a record sequence above <paramref name="after"/>, in its order, at most <paramref name="limit"/>, with their bytes.</summary>
    ValueTask<ImmutableArray<KeptCapture>> ReadRecordsAsync(ulong after, int limit, CancellationToken cancellationToken);

    /// <summary>Lists pieces, newest first, without their bytes, for people.</summary>
    /// <param name="below">Only those with smaller numbers; <see langword="null"/> from the newest.</param>
    /// <param name="only">Only those of this class; <see langword="null"/> for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ImmutableArray<KeptCapture>> ListAsync(long? below, CaptureClass? only, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the driver's own small state; empty if it never wrote any.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadStateAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the driver's own small state. On disk when the call ends.</summary>
    Task WriteStateAsync(ReadOnlyMemory<byte> state, CancellationToken cancellationToken);
}
