using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Invoicing.Hashing;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron;

/// <summary>One talk with a register of the family, over either dialect.</summary>
/// <remarks>
/// The whole log is read once when the talk begins, to see where it stands, and once more from its head if something in it is new. Then
/// receipts are handed over one by one, and the record that completes a receipt is accepted only after the journal's commit. Whatever
/// breaks off in the middle of a receipt is read again from the head, behind the last receipt that was dealt with, which is known by its
/// number and content. Source: registers.md §3.1; <c>Eutron/README.md</c>.
/// </remarks>
internal sealed partial class EutronConversation(EutronProtocol protocol, IEutronLink link) : IRegisterConversation
{
    /// <summary>How often in a row a dump may break off without one more receipt before a person is told.</summary>
    private const int MaxInterruptions = 8;

    /// <summary>How often in a row the register may say nothing before a person is told: a till in the hands of its user may be deaf for a minute.</summary>
    private const int MaxSilence = 20;

    /// <summary>Most articles without a name that are remembered until the names are read again.</summary>
    private const int MaxMissing = 1_000;

    private static readonly byte[] EpochPrefix = "invoicing/eutron/1\0"u8.ToArray();

    private readonly ReceiptAssembler _assembler = new();
    private readonly HashSet<long> _missing = [];
    private ICaptureBook? _book;
    private EutronMemory? _memory;
    private LogIndex? _index;
    private ushort? _ecr;
    private PluTable? _names;
    private DateTimeOffset _namesAt;
    private IndexedReceipt? _passed;
    private IndexedReceipt? _seek;
    private ReadOnlyMemory<byte>? _held;
    private Sha256Hash _doubted;
    private ulong _gapSeen;
    private LogReceipt? _pending;
    private ulong _pendingSequence;
    private bool _isFresh;
    private bool _isUnsaved;
    private bool _isBroken;
    private bool _isNamedFor;
    private int _interruptions;
    private int _silence;

    private EutronMemory Memory => _memory ?? throw new InvalidOperationException("expected a register that identified itself, found none");

    /// <inheritdoc/>
    public async Task<RegisterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        _index = await ScanAsync(hasZero: false, cancellationToken).ConfigureAwait(false);
        protocol.WasEmpty |= _index.Receipts.Count == 0;
        RegisterId register = protocol.Options.Register ?? (_ecr is { } ecr
            ? new RegisterId($"EUTRON-{ecr}")
            : throw new RegisterTroubleException(
                $"{protocol.Line}: expected the register's ECR number with its log, found the log empty; ring up a receipt, or set 'register'"));
        _book = await protocol.OpenBookAsync(register, cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<byte> kept = await _book.ReadStateAsync(cancellationToken).ConfigureAwait(false);
        bool isAll = protocol.Options.FromBeginning || protocol.WasEmpty;
        ulong first = isAll || _index.Lives.Count == 1 ? EpochOf(register, default) : EpochOf(register, _index.Receipts[_index.Lives[^1]].Stamp.Span);
        _memory = EutronMemory.Read(kept.Span) ?? new(_ecr, first, HasZero: false, 0, default, 0);
        RequireSame();
        await RememberAsync(Memory with { Ecr = Memory.Ecr ?? _ecr }, cancellationToken).ConfigureAwait(false);
        _isFresh = true;
        return Identity(register, protocol.WasEmpty ? 0 : Newest());
    }

    /// <inheritdoc/>
    public async Task<Fetched?> ReconcileAsync(ulong durable, CancellationToken cancellationToken)
    {
        if (_pending is not null && durable == 0 && _pendingSequence == 0)
        {
            return null; // the first receipt of a new life, in hand
        }

        if (!_isFresh)
        {
            _index = await ScanAsync(Memory.HasZero, cancellationToken).ConfigureAwait(false);
        }

        _isFresh = false;
        await PositionAsync(durable, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <inheritdoc/>
    public async Task<Fetched?> FetchAsync(ulong after, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_pending is { } pending)
            {
                if (await ResolveAsync(pending, after, cancellationToken).ConfigureAwait(false) is { } fetched)
                {
                    return fetched;
                }

                await PassAsync(pending, cancellationToken).ConfigureAwait(false);
                continue;
            }

            LogStep step = await link.NextAsync(cancellationToken).ConfigureAwait(false);
            switch (step)
            {
                case LogStep.Record record:
                    await TakeAsync(FlowRecord.Read(record.Bytes), cancellationToken).ConfigureAwait(false);
                    break;
                case LogStep.Interrupted interrupted:
                    Resume(interrupted);
                    break;
                default:
                    if (!await RestAsync(step, after, cancellationToken).ConfigureAwait(false))
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
            await PassAsync(pending, cancellationToken).ConfigureAwait(false);
            _memory = Memory with { Sequence = durable, Hash = pending.Hash };
            _isUnsaved = true; // saved at the next quiet moment: it only helps to see a receipt that changed
        }
    }

    /// <summary>The life of the counters that begins with a receipt; the one that began before anything was read has no stamp.</summary>
    internal static ulong EpochOf(RegisterId register, ReadOnlySpan<byte> stamp)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(EpochPrefix);
        hash.AppendData(Encoding.ASCII.GetBytes(register.Value));
        hash.AppendData([0]);
        hash.AppendData(stamp);
        ulong epoch = BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
        return epoch == 0 ? 1 : epoch;
    }

    private static IndexedReceipt Indexed(LogReceipt receipt) => new(receipt.Number, receipt.Stamp, receipt.Hash);

    private RegisterIdentity Identity(RegisterId register, ulong newest) => new(
        register, Memory.Epoch, newest, _ecr is { } ecr ? $"Eutron, ECR {ecr}" : "Eutron");

    /// <summary>Newest receipt of the life that is read; before the first contact everything up to it is history.</summary>
    private ulong Newest()
    {
        LogIndex index = _index!;
        int life = LifeOf(index);
        int end = life + 1 < index.Lives.Count ? index.Lives[life + 1] : index.Receipts.Count;
        return end > index.Lives[life] ? (ulong)index.Receipts[end - 1].Number : 0;
    }

    /// <summary>The life that is read: the one that began with a receipt that is in the log, or the log's first.</summary>
    private int LifeOf(LogIndex index)
    {
        for (int life = index.Lives.Count - 1; life > 0; life--)
        {
            if (EpochOf(_book!.Register, index.Receipts[index.Lives[life]].Stamp.Span) == Memory.Epoch)
            {
                return life;
            }
        }

        return 0;
    }

    private void RequireSame()
    {
        if (_ecr is { } found && Memory.Ecr is { } expected && found != expected)
        {
            throw new RegisterTroubleException(
                $"{protocol.Line}: expected the register with ECR number {expected}, found {found}; plug the cables in as before, or give this register a name of its own");
        }
    }

    /// <summary>Sets the register's pointer behind what is durable, by what the index of the whole log says.</summary>
    private async Task PositionAsync(ulong durable, CancellationToken cancellationToken)
    {
        LogIndex index = _index!;
        _index = null; // up to 4 MB that are not needed any more
        _pending = null;
        int life = LifeOf(index);
        int start = index.FirstNew(life, durable, Memory.HasZero);
        if (Changed(index, life, start, durable) is { } changed)
        {
            start = changed;
        }

        _passed = start > 0 ? index.Receipts[start - 1] : null;
        await LoadNamesAsync(cancellationToken).ConfigureAwait(false);
        if (start < index.Receipts.Count)
        {
            FromHead();
        }
    }

    /// <summary>The receipt that is recorded last, if it reads otherwise by now: it is handed over again, so that the recorder keeps both.</summary>
    private int? Changed(LogIndex index, int life, int start, ulong durable)
    {
        int last = start - 1;
        bool isKnown = Memory.Sequence != 0 && Memory.Sequence == durable && last >= index.Lives[life]
            && index.Receipts[last].Number == ReceiptCount.NumberOf(durable, Memory.HasZero);
        return isKnown && index.Receipts[last].Hash != Memory.Hash && index.Receipts[last].Hash != protocol.Conflicting ? last : null;
    }

    private async Task RememberAsync(EutronMemory memory, CancellationToken cancellationToken)
    {
        _memory = memory;
        await _book!.WriteStateAsync(memory.ToBytes(), cancellationToken).ConfigureAwait(false);
    }
}
