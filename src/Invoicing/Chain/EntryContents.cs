using Google.Protobuf;
using Invoicing.Amounts;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Protos.V1;
using Invoicing.Sales;
using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>Makes the content of every entry that is no invoice. Pure.</summary>
/// <remarks>Texts above their limit are cut, with an ellipsis: they are for people, and the record's bytes travel as an attachment.</remarks>
public static class EntryContents
{
    /// <summary>Most characters of an explaining text.</summary>
    public const int MaxText = 500;

    private const int MaxRule = 40;
    private const int MaxSoftware = 100;
    private const int MaxReason = 255;

    /// <summary>First entry of a chain.</summary>
    /// <param name="signer">The key that the chain is signed with.</param>
    /// <param name="software">Name and version.</param>
    /// <param name="predecessor">Where the chain ended that this one succeeds.</param>
    public static EntryContent Opening(ISigner signer, string software, ChainLink? predecessor = null)
    {
        ArgumentNullException.ThrowIfNull(signer);
        var content = new OpeningContent
        {
            PublicKey = ByteString.CopyFrom(signer.PublicKey.Span),
            Software = Cut(software, MaxSoftware),
        };
        if (predecessor is { } before)
        {
            content.PredecessorChain = ByteString.CopyFrom(before.Chain.ToArray());
            content.PredecessorPosition = (ulong)before.Position;
            content.PredecessorHash = ByteString.CopyFrom(before.Hash.ToArray());
        }

        return Of(EntryKind.Opening, content);
    }

    /// <summary>A sale that could not be made an invoice.</summary>
    /// <param name="record">The register's record.</param>
    /// <param name="rule">Id of the rule.</param>
    /// <param name="text">What was expected and what was found.</param>
    /// <param name="total">The printed total, where readable.</param>
    /// <param name="attachments">The record as it came.</param>
    /// <param name="leased">What the receipt bears, where the register printed it from its lease.</param>
    public static EntryContent Hole(
        RegisterRecordKey record, string rule, string text, Money? total, IReadOnlyList<AttachmentReference> attachments,
        LeasedIdentity? leased = null)
    {
        ArgumentNullException.ThrowIfNull(attachments);
        var content = new HoleContent { Record = Record(record), Rule = Cut(rule, MaxRule), Text = Cut(text, MaxText) };
        if (total is { } amount)
        {
            content.Total = amount.Dong;
        }

        content.Attachments.AddRange(attachments.Select(ToReference));
        if (leased is { } printed)
        {
            content.Leased = LeaseContents.ToCode(printed);
        }

        return Of(EntryKind.Hole, content);
    }

    /// <summary>Reads a hole back.</summary>
    /// <param name="content">The content message of an entry of kind <see cref="EntryKind.Hole"/>.</param>
    /// <exception cref="InvoicingException">Other bytes.</exception>
    public static (RegisterRecordKey Record, string Rule, string Text) ReadHole(ReadOnlySpan<byte> content)
    {
        try
        {
            HoleContent read = HoleContent.Parser.ParseFrom(content);
            return (ToKey(read.Record), read.Rule, read.Text);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidProtocolBufferException)
        {
            throw new InvoicingException($"expected a hole in the entry, found other values: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>A record of a register that is no sale.</summary>
    /// <param name="record">The register's record.</param>
    /// <param name="type">What it reports.</param>
    /// <param name="text">For people; may be empty.</param>
    /// <param name="attachments">The record as it came.</param>
    /// <param name="leased">What the receipt bears, where the register printed it from its lease.</param>
    public static EntryContent RegisterEvent(
        RegisterRecordKey record, RegisterEventType type, string text, IReadOnlyList<AttachmentReference> attachments,
        LeasedIdentity? leased = null)
    {
        ArgumentNullException.ThrowIfNull(attachments);
        var content = new RegisterEventContent
        {
            Record = Record(record),
            Kind = (RegisterEventKind)type,
            Text = Cut(text, MaxText),
        };
        content.Attachments.AddRange(attachments.Select(ToReference));
        if (leased is { } printed)
        {
            content.Leased = LeaseContents.ToCode(printed);
        }

        return Of(EntryKind.RegisterEvent, content);
    }

    /// <summary>Something the device saw of a register's line: a gap, a new epoch, an old image put back.</summary>
    /// <param name="register">The register.</param>
    /// <param name="epoch">Its journal.</param>
    /// <param name="type">What was seen.</param>
    /// <param name="first">First missing sequence, or the register's newest; 0 where neither applies.</param>
    /// <param name="last">Last missing sequence, or what was durable here.</param>
    /// <param name="text">For people.</param>
    public static EntryContent LineEvent(
        RegisterId register, ulong epoch, RegisterEventType type, ulong first, ulong last, string text) =>
        Of(EntryKind.RegisterEvent, new RegisterEventContent
        {
            Kind = (RegisterEventKind)type,
            Register = register.Value,
            Epoch = epoch,
            FirstSequence = first,
            LastSequence = last,
            Text = Cut(text, MaxText),
        });

    /// <summary>Something the device saw of itself.</summary>
    /// <param name="type">What.</param>
    /// <param name="text">For people.</param>
    /// <param name="before">Clock step: UTC milliseconds before it.</param>
    /// <param name="after">Clock step: UTC milliseconds after it.</param>
    public static EntryContent DeviceEvent(DeviceEventType type, string text, long? before = null, long? after = null)
    {
        var content = new DeviceEventContent { Kind = (DeviceEventKind)type, Text = Cut(text, MaxText) };
        if (before is { } from)
        {
            content.Before = from;
        }

        if (after is { } to)
        {
            content.After = to;
        }

        return Of(EntryKind.DeviceEvent, content);
    }

    /// <summary>The same key came with other content.</summary>
    /// <param name="record">As it came the second time.</param>
    /// <param name="firstHash">Record hash of the first.</param>
    /// <param name="firstPosition">Its entry in this chain; <see langword="null"/> if it is in another.</param>
    /// <param name="attachments">The second record as it came.</param>
    public static EntryContent Conflict(
        RegisterRecordKey record, in Sha256Hash firstHash, long? firstPosition, IReadOnlyList<AttachmentReference> attachments)
    {
        ArgumentNullException.ThrowIfNull(attachments);
        var content = new ConflictContent { Record = Record(record), FirstHash = ByteString.CopyFrom(firstHash.ToArray()) };
        if (firstPosition is { } position)
        {
            content.FirstPosition = (ulong)position;
        }

        content.Attachments.AddRange(attachments.Select(ToReference));
        return Of(EntryKind.Conflict, content);
    }

    /// <summary>The chain goes on under another key.</summary>
    /// <param name="next">The new key.</param>
    /// <param name="head">The head that the key change will follow.</param>
    /// <exception cref="SignerUnavailableException">The new key cannot be used now.</exception>
    public static EntryContent KeyChange(ISigner next, in ChainHead head)
    {
        ArgumentNullException.ThrowIfNull(next);
        EcdsaSignature proof = next.Sign(KeyChangeProof.HashFor(head.Chain, head.Position + 1, head.Hash));
        return Of(EntryKind.KeyChange, new KeyChangeContent
        {
            PublicKey = ByteString.CopyFrom(next.PublicKey.Span),
            Proof = ByteString.CopyFrom(proof.ToArray()),
        });
    }

    /// <summary>Nothing follows on this machine.</summary>
    /// <param name="type">Why.</param>
    /// <param name="reason">For people.</param>
    public static EntryContent Seal(SealType type, string reason) =>
        Of(EntryKind.Seal, new SealContent { Kind = (SealKind)type, Reason = Cut(reason, MaxReason) });

    internal static RegisterRecordRef Record(in RegisterRecordKey record)
    {
        var content = new RegisterRecordRef
        {
            Register = record.Key.Register.Value,
            Epoch = record.Key.Epoch,
            Sequence = record.Key.Sequence,
            RecordHash = ByteString.CopyFrom(record.Hash.ToArray()),
        };
        if (record.IsRecovered)
        {
            content.Recovered = true;
        }

        return content;
    }

    internal static RegisterRecordKey ToKey(RegisterRecordRef record) =>
        new(new(new(record.Register), record.Epoch, record.Sequence), new(record.RecordHash.Span), record.Recovered);

    internal static AttachmentRef ToReference(AttachmentReference reference) => new()
    {
        Kind = (AttachmentKind)reference.Kind,
        Length = (ulong)reference.Length,
        Commitment = ByteString.CopyFrom(reference.Commitment.ToArray()),
    };

    internal static Rate ToRate(TaxRate rate)
    {
        var content = new Rate { Kind = (RateKind)rate.Kind };
        if (rate.Kind is TaxRateKind.Percent or TaxRateKind.Other)
        {
            content.Hundredths = (uint)rate.Hundredths;
        }

        return content;
    }

    internal static TaxRate ToRate(Rate rate) => TaxRate.Of((TaxRateKind)rate.Kind, (int)rate.Hundredths);

    internal static Protos.V1.RateSum ToSum(Invoices.RateSum sum) => new() { Rate = ToRate(sum.Rate), Net = sum.Net.Dong, Tax = sum.Tax.Dong };

    internal static Invoices.RateSum ToSum(Protos.V1.RateSum sum) => new(ToRate(sum.Rate), new(sum.Net), new(sum.Tax));

    private static EntryContent Of(EntryKind kind, IMessage content) => new(kind, content.ToByteArray());

    private static string Cut(string text, int limit)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= limit)
        {
            return text;
        }

        int length = limit - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "…");
    }
}
