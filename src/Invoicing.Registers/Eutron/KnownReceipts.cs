using System.Buffers.Binary;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron;

/// <summary>The marks of all receipts of a register that were dealt with, as far back as its ring can reach. One thread at a time.</summary>
/// <remarks>
/// A receipt whose mark is here is never handed over again, wherever the register's pointer stands. The newest marks are in the register's
/// state (<see cref="EutronMemory.Recent"/>); older ones in pieces of its book of captures, each of which begins with the number of the piece
/// before it. Where pieces were deleted as old, the index ends with them.
/// </remarks>
internal sealed class KnownReceipts
{
    /// <summary>Most marks: a ring of 2 MiB holds fewer of the shortest receipts.</summary>
    public const int Most = 65_536;

    private readonly HashSet<ReceiptMark> _marks = [];
    private readonly Queue<ReceiptMark> _order = new();
    private readonly Dictionary<uint, int> _keys = [];

    /// <summary>Whether a receipt was dealt with.</summary>
    public bool Has(ReceiptMark mark) => _marks.Contains(mark);

    /// <summary>Whether a receipt was dealt with that began with the same REGIS, whatever came behind it.</summary>
    public bool HasKey(uint key) => _keys.ContainsKey(key);

    /// <summary>Remembers a receipt; the oldest is forgotten where there are too many.</summary>
    public void Add(ReceiptMark mark)
    {
        if (!_marks.Add(mark))
        {
            return;
        }

        _order.Enqueue(mark);
        _keys[mark.Key] = _keys.GetValueOrDefault(mark.Key) + 1;
        if (_order.Count > Most)
        {
            ReceiptMark oldest = _order.Dequeue();
            _marks.Remove(oldest);
            if (--_keys[oldest.Key] == 0)
            {
                _keys.Remove(oldest.Key);
            }
        }
    }

    /// <summary>Reads what is kept of a register.</summary>
    /// <param name="book">Its book.</param>
    /// <param name="newest">The newest piece; 0 if there is none.</param>
    /// <param name="recent">The marks that are in no piece yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<KnownReceipts> LoadAsync(
        ICaptureBook book, long newest, IEnumerable<ReceiptMark> recent, CancellationToken cancellationToken)
    {
        Stack<ReceiptMark[]> pieces = new();
        int count = 0;
        while (newest > 0 && count < Most && await book.ReadAsync(newest, cancellationToken).ConfigureAwait(false) is { } piece)
        {
            long before = BinaryPrimitives.ReadInt64LittleEndian(piece.Bytes.Span);
            pieces.Push(ReceiptMark.Read(piece.Bytes.Span[sizeof(long)..]));
            count += pieces.Peek().Length;
            newest = before < newest ? before : 0; // pieces are numbered as they come
        }

        KnownReceipts known = new();
        foreach (ReceiptMark mark in pieces.SelectMany(marks => marks).Concat(recent))
        {
            known.Add(mark);
        }

        return known;
    }

    /// <summary>Keeps marks in a piece of the book.</summary>
    /// <param name="book">The register's book.</param>
    /// <param name="marks">The marks, oldest first, one at least.</param>
    /// <param name="before">The newest piece so far; 0 if there is none.</param>
    /// <param name="at">The gateway's clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The piece's number.</returns>
    public static async Task<long> KeepAsync(
        ICaptureBook book, ReadOnlyMemory<ReceiptMark> marks, long before, DateTimeOffset at, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[sizeof(long) + (marks.Length * ReceiptMark.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, before);
        ReceiptMark.ToBytes(marks.Span).CopyTo(bytes, sizeof(long));
        long piece = await book.KeepAsync(at, isWhole: true, bytes, cancellationToken).ConfigureAwait(false);
        CaptureJudgement judgement = new(CaptureClass.Other, $"index of receipts: {marks.Length} marks", ReceiptKey: null, TakesRecord: false);
        await book.JudgeAsync(piece, judgement, cancellationToken).ConfigureAwait(false);
        return piece;
    }
}
