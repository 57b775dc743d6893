using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron;

/// <summary>One talk with a register of the family, over either dialect.</summary>
/// <remarks>
/// The log is read on from the register's own pointer. Every receipt that was dealt with is known by its mark, so wherever the pointer stands,
/// none is handed over twice; and a receipt that does not follow the one before by its number is looked at from the log's head before anything
/// is made of it. The record that completes a receipt is accepted only after the journal's commit, so the pointer never passes a receipt that
/// was not dealt with. Source: registers.md §3.1; <c>Eutron/README.md</c>.
/// </remarks>
internal sealed partial class EutronConversation(EutronProtocol protocol, IEutronLink link) : IRegisterConversation
{
    /// <summary>How often in a row a dump may break off at one record before a person is told: the next connection goes on at that record.</summary>
    private const int MaxInterruptions = 8;

    /// <summary>How often in a row the register may say nothing before a person is told: a till in the hands of its user may be deaf for a minute.</summary>
    private const int MaxSilence = 20;

    /// <summary>Receipts after which the state is written also where the register has no quiet moment: what a crash makes read again.</summary>
    private const int MaxUnsaved = 64;

    private static readonly byte[] EpochPrefix = "invoicing/eutron/2\0"u8.ToArray();

    private ICaptureBook? _book;
    private LogReading _reading = new();
    private ushort? _ecr;
    private bool _isNew;
    private bool _isAdopted;
    private bool _isReconciled;
    private bool _isRewinding;
    private bool _isRewoundToIdentify;
    private LogReceipt? _pending;
    private ulong _pendingSequence;
    private ReadOnlyMemory<byte>? _held;
    private ReceiptMark _named;
    private bool _isResetInHand;
    private (ulong Last, string Reason)? _lostBefore;
    private int _unsaved;
    private int _interruptions;
    private int _silence;

    private EutronMemory Memory
    {
        get => _reading.Memory ?? throw new InvalidOperationException("expected a register that identified itself, found none");
        set => _reading.Memory = value;
    }

    private ICaptureBook Book => _book ?? throw new InvalidOperationException("expected a register that identified itself, found none");

    private KnownReceipts Known => _reading.Index ?? throw new InvalidOperationException("expected the index of a register's receipts, found none");

    /// <inheritdoc/>
    public async Task<RegisterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        await GreetAsync(cancellationToken).ConfigureAwait(false);
        RegisterId register = protocol.Options.Register ?? (_ecr is { } ecr ? Named(ecr) : protocol.Last ?? throw Nameless());
        _book = await protocol.OpenBookAsync(register, cancellationToken).ConfigureAwait(false);
        _reading = protocol.ReadingOf(register);
        _reading.Memory ??= EutronMemory.Read((await _book.ReadStateAsync(cancellationToken).ConfigureAwait(false)).Span);
        _reading.Index ??= await KnownReceipts.LoadAsync(
            _book, _reading.Memory?.Index ?? 0, _reading.Memory?.Recent ?? [], cancellationToken).ConfigureAwait(false);
        RequireSame();
        link.Resume(_reading.Uncertain);
        if (_reading.Memory is null or { IsLost: true })
        {
            _isNew = true;
            return await SurveyedIdentityAsync(register, cancellationToken).ConfigureAwait(false);
        }

        protocol.EmptySince = null;
        protocol.Last = register;
        if (Memory.Ecr is null && _ecr is not null)
        {
            await RememberAsync(Memory with { Ecr = _ecr }, cancellationToken).ConfigureAwait(false);
        }

        bool isAhead = Memory.IsAhead && !_reading.HasTalked; // else the reading goes on where the last connection ended
        if (_reading.IsRewindDue || isAhead || _isRewoundToIdentify)
        {
            FromHead(_reading.IsAnchorGone);
        }

        return Identity(register, Memory.Epoch, Memory.Sequence);
    }

    /// <inheritdoc/>
    public RegisterIdentity? FindLife(RegisterIdentity identity, ulong currentEpoch)
    {
        // The recorder knows a later life than the state, which was lost or is an old one: its first receipt is looked for in the log.
        _isAdopted = true;
        Memory = Memory with { Epoch = currentEpoch };
        return identity with { Epoch = currentEpoch };
    }

    /// <inheritdoc/>
    public async Task<Fetched?> FetchAsync(ulong after, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_lostBefore is { } lost)
            {
                _lostBefore = null;
                return new Fetched.Lost(after + 1, lost.Last, lost.Reason);
            }

            if (_pending is { } pending)
            {
                if (await ResolveAsync(pending, after, cancellationToken).ConfigureAwait(false) is { } fetched)
                {
                    return fetched;
                }

                continue; // dealt with, or given up to be read again
            }

            LogStep step = await NextAsync(cancellationToken).ConfigureAwait(false);
            switch (step)
            {
                case LogStep.Record record:
                    await TakeAsync(FlowRecord.Read(record.Bytes), cancellationToken).ConfigureAwait(false);
                    break;
                case LogStep.Interrupted interrupted:
                    Interrupted(interrupted.Reason);
                    break;
                default:
                    if (!await RestAsync(step, cancellationToken).ConfigureAwait(false))
                    {
                        return null;
                    }

                    break;
            }
        }
    }

    /// <inheritdoc/>
    public async Task CommitAsync(ulong durable, CancellationToken cancellationToken)
    {
        if (_pending is { } pending && _pendingSequence != 0 && _pendingSequence <= durable)
        {
            await DealtWithAsync(pending, _pendingSequence, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            Memory = Memory with { Sequence = Math.Max(Memory.Sequence, durable) };
        }
    }

    /// <summary>The life of the counters that begins with a receipt; the one in which the register was met begins with none.</summary>
    /// <param name="register">Which.</param>
    /// <param name="first">The receipt's mark; <see langword="null"/> for the life in which the register was met.</param>
    internal static ulong EpochOf(RegisterId register, ReceiptMark? first)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(EpochPrefix);
        hash.AppendData(Encoding.ASCII.GetBytes(register.Value));
        hash.AppendData([0]);
        hash.AppendData(first is { } mark ? ReceiptMark.ToBytes([mark]) : []);
        ulong epoch = BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
        return epoch == 0 ? 1 : epoch;
    }

    /// <summary>Asks the register who it is: its number begins each dump, so one that has nothing to tell is asked for its whole log.</summary>
    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        // Two flipped bits pass the sum of a frame, and another number is another register: one that was not here last says it twice.
        ushort? told = null;
        bool IsSureOf(ushort ecr) => protocol.Options.IsTcp || told == ecr || protocol.Last?.Value == $"EUTRON-{ecr}";
        for (int attempt = 0; attempt < MaxInterruptions; attempt++)
        {
            switch (await link.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                case LogStep.Record record when FlowRecord.Read(record.Bytes) is { Type: FlowType.EcrNumber } head && IsSureOf(head.Ecr):
                    _ecr = head.Ecr;
                    await link.AcceptAsync(cancellationToken).ConfigureAwait(false);
                    return;
                case LogStep.Record record:
                    told = FlowRecord.Read(record.Bytes) is { Type: FlowType.EcrNumber } first ? first.Ecr : null;
                    await link.BreakOffAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case LogStep.End or LogStep.Busy when protocol.Last is not null || protocol.Options.Register is not null:
                    return;
                case LogStep.End when !_isRewoundToIdentify:
                    link.Rewind();
                    _isRewoundToIdentify = true;
                    break;
                case LogStep.End:
                    protocol.EmptySince ??= protocol.Time.GetUtcNow();
                    throw Nameless();
                case LogStep.Busy:
                    throw new RegisterTroubleException($"{protocol.Line}: a sale is open at the register; its log is read when it is closed");
                case LogStep.Silent:
                    throw new RegisterTroubleException(
                        $"{protocol.Line}: expected a register that answers to the log's request, found silence; look whether it is on, and at speed, parity and cable");
                default:
                    protocol.Counters.Add("interruptions");
                    break;
            }
        }

        throw new RegisterTroubleException(
            $"{protocol.Line}: expected the register's number before its log, found that the log broke off {MaxInterruptions} times; look after cable, speed and parity");
    }

    private RegisterTroubleException Nameless() => new(
        $"{protocol.Line}: expected the register's ECR number with its log, found the log empty; ring up a receipt, or set 'register'");

    private RegisterId Named(ushort ecr) => ecr == 0
        ? throw new RegisterTroubleException(
            $"{protocol.Line}: expected an ECR number of the register's own, found 0, the maker's default, which any other one bears, too; give it a number, or set 'register'")
        : new RegisterId($"EUTRON-{ecr}");

    private RegisterIdentity Identity(RegisterId register, ulong epoch, ulong newest) =>
        new(register, epoch, newest, (_ecr ?? _reading.Memory?.Ecr) is { } ecr ? $"Eutron, ECR {ecr}" : "Eutron");

    /// <summary>Whoever tells another number than before is another register; nothing of it was accepted yet.</summary>
    private void RequireSame()
    {
        if (_ecr is not { } found)
        {
            return;
        }

        if (protocol.Options.Register is null && _book is { } book && book.Register != Named(found))
        {
            protocol.Last = null;
            throw new RegisterTroubleException($"{protocol.Line}: {book.Register} was here, and ECR number {found} answers now; it is read as a register of its own");
        }

        if (_reading.Memory?.Ecr is { } expected && found != expected)
        {
            throw new RegisterTroubleException(
                $"{protocol.Line}: expected the register with ECR number {expected}, found {found}; plug the cables in as before, or give this register a name of its own");
        }
    }

    private async Task RememberAsync(EutronMemory memory, CancellationToken cancellationToken)
    {
        int over = memory.Recent.Length > EutronMemory.MaxRecent - MaxUnsaved ? memory.Recent.Length - EutronMemory.KeptRecent : 0;
        if (over > 0)
        {
            // First the piece, then the state without them: a crash between leaves marks in both.
            long piece = await KnownReceipts.KeepAsync(
                Book, memory.Recent.AsMemory()[..over], memory.Index, protocol.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            memory = memory with { Recent = memory.Recent[over..], Index = piece };
        }

        Memory = memory;
        _unsaved = 0;
        await Book.WriteStateAsync(memory.ToBytes(), cancellationToken).ConfigureAwait(false);
    }
}
