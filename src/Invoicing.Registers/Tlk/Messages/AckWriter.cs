using Invoicing.Registers.Tlk.Framing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>Writes ACKs (82): as few as the largest body allows. TLK/1 §3.4 and §5.</summary>
internal static class AckWriter
{
    /// <summary>Writes results in the order given, at least one ACK.</summary>
    internal static IEnumerable<TlkFrame> Write(ulong epoch, ulong durable, IEnumerable<(ulong Seq, RecordOutcome Outcome)> results, int maxBody)
    {
        TlvWriter payload = Head(epoch, durable);
        bool empty = true;
        foreach ((ulong seq, RecordOutcome outcome) in results)
        {
            TlvWriter result = Result(seq, outcome);
            const int ResultHead = 4;
            if (!empty && payload.Length + result.Length + ResultHead > maxBody - TlkFrame.Overhead)
            {
                yield return new(TlkType.Ack, TlkFlags.None, 0, payload.ToArray());
                payload = Head(epoch, durable);
            }

            payload.Group(Tag.Result, result);
            empty = false;
        }

        yield return new(TlkType.Ack, TlkFlags.None, 0, payload.ToArray());
    }

    private static TlvWriter Head(ulong epoch, ulong durable) => new TlvWriter().U64(Tag.Epoch, epoch).U64(Tag.Durable, durable);

    private static TlvWriter Result(ulong seq, RecordOutcome outcome)
    {
        TlvWriter result = new TlvWriter().U64(ResultTag.Seq, seq);
        switch (outcome)
        {
            case RecordOutcome.Issued issued:
                result.U8(ResultTag.Outcome, ResultTag.Issued)
                    .Text(ResultTag.Code, issued.Invoice.Code)
                    .Text(ResultTag.Series, issued.Invoice.Series)
                    .U32(ResultTag.Number, (uint)issued.Invoice.Number)
                    .TextUpTo(ResultTag.Lookup, issued.Lookup, ResultTag.LookupLength);
                return result;
            case RecordOutcome.Held held:
                result.U8(ResultTag.Outcome, ResultTag.Held)
                    .U8(ResultTag.HoldReason, held.IsCodeConflict ? ResultTag.HoldCodeConflict : ResultTag.HoldOther)
                    .TextUpTo(ResultTag.Text, held.Reason, Tag.TextLength);
                return result;
            case RecordOutcome.Recorded:
                return result.U8(ResultTag.Outcome, ResultTag.Recorded);
            default:
                throw new ArgumentException($"expected an outcome that is durable, found {outcome.GetType().Name}", nameof(outcome));
        }
    }
}
