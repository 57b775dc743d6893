using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

internal sealed partial class Recorder
{
    /// <summary>Whether a sale of this register can be taken without asking anybody for its history.</summary>
    public bool CanTake(in SaleKey key) => State.Lines.ContainsKey(LineKey.Of(key)) || IsStatedNew(key.Register);

    /// <summary>Whether an operator stated a register to be new, and nothing of it is known here.</summary>
    public bool IsStatedNew(RegisterId register) => WasStatedNew(register) && !State.Knows(register);

    /// <summary>Records a sale of a caller without record bytes of its own.</summary>
    public Task<RecordResult> RecordAsync(Sale sale, CancellationToken cancellationToken) =>
        RecordAsync(_preparation.Prepare(sale), cancellationToken);

    /// <summary>Records a register's record.</summary>
    public Task<RecordResult> RecordAsync(RegisterRecord record, CancellationToken cancellationToken) =>
        RecordAsync(_preparation.Prepare(record), cancellationToken);

    /// <summary>Opens a line, unless it is known by now.</summary>
    public Task<RegisterStanding> OpenLineAsync(
        LineKey key, RegisterHistory.Known history, string text, CancellationToken cancellationToken) => Post(
        new AnsweredWork<RegisterStanding>(
            group =>
            {
                if (group.FindLine(key) is { } known)
                {
                    return Standing(known);
                }

                return group.Refusal is { } refusal
                    ? new RegisterStanding.Waiting(refusal)
                    : Standing(group.OpenLine(key, history.LastSequence, history.LastHash, text));
            },
            reason => new RegisterStanding.Waiting(reason)),
        cancellationToken);

    public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken) =>
        Post(new AnsweredWork<RecordOutcome>(group => group.TakeGap(first, lastSequence, reason), NotNow), cancellationToken);

    /// <summary>Finds the newest record of a life at or below a sequence.</summary>
    public Task<(ulong Sequence, Sha256Hash Hash)?> FindRecordAsync(SaleKey atMost, CancellationToken cancellationToken) =>
        Post(new AnsweredWork<(ulong, Sha256Hash)?>(group => group.FindRecord(atMost), _ => null), cancellationToken);

    /// <summary>Notes that a register fell behind.</summary>
    /// <returns>Why it could not be noted; else <see langword="null"/>.</returns>
    public Task<string?> RecordBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken) =>
        Post(new AnsweredWork<string?>(group => group.TakeBehind(hello, lastDurable), why => why), cancellationToken);

    /// <summary>Opens a stopped line again.</summary>
    /// <returns>Why it could not be released; else <see langword="null"/>.</returns>
    public Task<string?> ReleaseAsync(LineKey key, string reason, CancellationToken cancellationToken) =>
        Post(new AnsweredWork<string?>(group => group.Release(key, reason), why => why), cancellationToken);

    /// <summary>Notes that a register is new.</summary>
    /// <returns>Why it could not be noted; else <see langword="null"/>.</returns>
    public Task<string?> StateNewAsync(RegisterId register, string reason, CancellationToken cancellationToken) =>
        Post(new AnsweredWork<string?>(group => group.StateNew(register, reason), why => why), cancellationToken);

    /// <summary>Makes the invoice of a held sale.</summary>
    public Task<CorrectionResult> ResolveAsync(long position, Sale sale, CancellationToken cancellationToken) => Post(
        new AnsweredWork<CorrectionResult>(
            group => group.Resolve(position, sale), reason => CorrectionResult.NotNow(reason), size: 32 * 1024, isAlone: true),
        cancellationToken);

    /// <summary>Corrects an invoice on a person's or a program's order.</summary>
    public Task<CorrectionResult> CorrectAsync(CorrectionRequest request, CancellationToken cancellationToken) => Post(
        new AnsweredWork<CorrectionResult>(
            group => group.Correct(request), reason => CorrectionResult.NotNow(reason), size: 32 * 1024, isAlone: true),
        cancellationToken);

    /// <summary>Seals the chain for a shutdown, unless its last entry is a seal.</summary>
    /// <returns>Why it could not be sealed; else <see langword="null"/>.</returns>
    public Task<string?> SealAsync(CancellationToken cancellationToken) => Post(
        new AnsweredWork<string?>(
            group =>
            {
                if (group.Refusal is null && !group.IsSealed)
                {
                    group.Append(Chain.EntryContents.Seal(Chain.SealType.Shutdown, "the gateway was closed in order"));
                }

                return group.Refusal;
            },
            why => why),
        cancellationToken);

    internal static RegisterStanding Standing(LineState line) =>
        line.IsRetired ? new RegisterStanding.Retired()
        : line.Stopped is { } reason ? new RegisterStanding.Stopped(reason)
        : new RegisterStanding.Open(line.LastSequence);

    private bool WasStatedNew(RegisterId register) =>
        _settings.EveryRegisterIsNew || _settings.NewRegisters.Contains(register) || State.StatedNew.Contains(register);

    private static RecordOutcome.NotNow NotNow(string reason) => new(reason);

    private Task<RecordResult> RecordAsync(PreparedRecord record, CancellationToken cancellationToken) => Post(
        new AnsweredWork<RecordResult>(
            group => group.Take(record, WasStatedNew),
            reason => new(NotNow(reason)),
            record.Size,
            isAlone: record.Entry is IntendedEntry.Return or IntendedEntry.Close),
        cancellationToken);
}
