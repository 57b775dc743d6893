using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

internal sealed partial class RecordingGroup
{
    /// <summary>Opens a line of records and retires the register's older ones.</summary>
    /// <param name="key">Register and epoch, not known yet.</param>
    /// <param name="lastSequence">Records up to here are durable elsewhere.</param>
    /// <param name="baseHash">Record hash of the last of them, where known.</param>
    /// <param name="text">How that is known.</param>
    public LineState OpenLine(in LineKey key, ulong lastSequence, Sha256Hash? baseHash, string text)
    {
        foreach (LineState older in _lines.Values.Where(l => !l.IsRetired).ToArray())
        {
            if (older.Register == key.Register)
            {
                Change(older with { IsRetired = true });
                BurnAll(older.Key);
            }
        }

        Append(EntryContents.LineEvent(key.Register, key.Epoch, RegisterEventType.NewEpoch, 0, lastSequence, text));
        var line = new LineState(_lines.Count + 1, key.Register, key.Epoch, lastSequence, baseHash, lastSequence, lastSequence, Stopped: null, IsRetired: false);
        Change(line);
        return line;
    }

    /// <summary>The newest record of a life at or below a sequence; where a device before this one recorded it, what the authority told of it.</summary>
    public (ulong Sequence, Sha256Hash Hash)? FindRecord(SaleKey atMost)
    {
        LineState? line = FindLine(LineKey.Of(atMost));
        return line is null ? null
            : _stored().FindNewestRecord(line.Id, atMost.Sequence) ?? (line.BaseHash is { } hash && line.BaseSequence <= atMost.Sequence ? (line.BaseSequence, hash) : null);
    }

    /// <summary>Enters that records are lost for good.</summary>
    public RecordOutcome TakeGap(SaleKey first, ulong lastSequence, string reason)
    {
        LineState? line = FindLine(LineKey.Of(first));
        if (line is null || line.IsRetired || line.Stopped is not null)
        {
            return new RecordOutcome.NotNow(
                line is null ? RecordStep.NotWelcomed : line.IsRetired ? RecordStep.Retired : line.Stopped!);
        }

        if (lastSequence <= line.LastSequence)
        {
            return new RecordOutcome.Recorded(); // said before
        }

        if (first.Sequence > line.LastSequence + 1)
        {
            return new RecordOutcome.Gap(line.LastSequence + 1);
        }

        if (Refusal is { } refusal)
        {
            return new RecordOutcome.NotNow(refusal);
        }

        Append(EntryContents.LineEvent(first.Register, first.Epoch, RegisterEventType.Gap, line.LastSequence + 1, lastSequence, reason));
        Change(line with { LastSequence = lastSequence, LostThrough = lastSequence });
        EndLeases(line.Key);
        return new RecordOutcome.Recorded();
    }

    /// <summary>Notes that a register fell behind what is durable here, and stops its line.</summary>
    /// <returns>Why it could not be noted; else <see langword="null"/>.</returns>
    public string? TakeBehind(RegisterHello hello, ulong lastDurable)
    {
        if (FindLine(new(hello.Register, hello.Epoch)) is not { } line)
        {
            return RecordStep.NotWelcomed;
        }

        if (line.Stopped is not null || line.IsRetired)
        {
            return null; // a register says hello every few seconds: one event is enough
        }

        if (Refusal is { } refusal)
        {
            return refusal;
        }

        string text = $"the register's newest record is {hello.NewestSequence}, but {lastDurable} is durable: an old image of it was put back";
        Append(EntryContents.LineEvent(hello.Register, hello.Epoch, RegisterEventType.Behind, hello.NewestSequence, lastDurable, text));
        Change(line with { Stopped = text });
        return null;
    }

    /// <summary>Opens a stopped line again.</summary>
    /// <returns>Why it could not be; else <see langword="null"/>.</returns>
    public string? Release(in LineKey key, string reason)
    {
        if (FindLine(key) is not { } line)
        {
            return $"expected a register that is known, found {key}";
        }

        if (line.Stopped is null)
        {
            return null;
        }

        if (Refusal is { } refusal)
        {
            return refusal;
        }

        Append(EntryContents.DeviceEvent(DeviceEventType.Operator, $"line {key} released: {reason} (it was stopped: {line.Stopped})"));
        Change(line with { Stopped = null });
        return null;
    }

    /// <summary>Notes an operator's statement that a register is new.</summary>
    /// <returns>Why it could not be; else <see langword="null"/>.</returns>
    public string? StateNew(RegisterId register, string reason)
    {
        if (_before.StatedNew.Contains(register))
        {
            return null;
        }

        if (Refusal is { } refusal)
        {
            return refusal;
        }

        Append(EntryContents.DeviceEvent(DeviceEventType.Operator, $"register {register} is stated to be new: {reason}"));
        Write(file => file.InsertStatedNew(register.Value));
        ChangeAtCommit(state => state with { StatedNew = state.StatedNew.Add(register) });
        return null;
    }
}
