using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Invoicing.Invoices;
using Invoicing.NationalXml.Documents;
using Invoicing.NationalXml.Profiles;
using Invoicing.NationalXml.Signatures;

namespace Invoicing.NationalXml.Messages;

/// <summary>Makes signed messages 206 of any number of invoices, in constant memory.</summary>
/// <remarks>
/// <para>
/// One message is of one seller, one format, one kind and one series, bears at most <see cref="MaxInvoices"/> invoices in the order in which
/// they came, and has at most <see cref="MaxBytes"/> bytes with its signature. Each is signed and handed on before the next is built; at most
/// <see cref="MaxOpen"/> are being filled at a time, so that series may alternate (a new year, two kinds) without a message for each invoice.
/// </para>
/// <para>
/// An invoice that does not fit the law's file is handed on as <see cref="BatchItem.LeftOut"/>, never cut, and the rest goes on. One
/// enumeration at a time. Source: Decision 1271/QĐ-CT, Part I.IV (2 MB, one kind of data of one taxpayer) and II.II (206).
/// </para>
/// </remarks>
public sealed class InvoiceMessages
{
    /// <summary>Most bytes of a message. Source: Decision 1271/QĐ-CT, Part I.IV: 2 MB.</summary>
    public const int MaxBytes = 2_097_152;

    /// <summary>Most invoices of a message: what those who transmit accept; the law names no number.</summary>
    public const int MaxInvoices = 1_000;

    /// <summary>Most messages that are filled at a time: series of two years in two formats. Each holds at most 2 MB.</summary>
    public const int MaxOpen = 4;

    private static readonly byte[] Opening = [.. "<DLieu Id=\"data-1\">"u8];
    private static readonly byte[] Closing = [.. "</DLieu><CKSNNT>"u8];
    private static readonly byte[] End = [.. "</CKSNNT></TDiep>"u8];

    private readonly Seller _seller;
    private readonly MessageParties _parties;
    private readonly ProfileSchedule _profiles;
    private readonly MessageSigner _signer;
    private readonly RandomNumberGenerator _randomness;
    private readonly int _most;
    private readonly Dictionary<string, int> _rooms = new(StringComparer.Ordinal);

    /// <summary>Takes all that messages have in common.</summary>
    /// <param name="seller">Whose invoices they bear.</param>
    /// <param name="parties">Between whom they go.</param>
    /// <param name="profiles">Which format on which day of issue.</param>
    /// <param name="key">What signs; stays the caller's.</param>
    /// <param name="randomness">Where the ids of messages come from; stays the caller's.</param>
    /// <param name="time">For the time of signing.</param>
    /// <param name="mostInvoices">1..<see cref="MaxInvoices"/>.</param>
    /// <exception cref="InvoicingException">The certificate is not the seller's, or not valid now.</exception>
    public InvoiceMessages(
        Seller seller, MessageParties parties, ProfileSchedule profiles, MessageKey key, RandomNumberGenerator randomness, TimeProvider time,
        int mostInvoices = MaxInvoices)
    {
        ArgumentNullException.ThrowIfNull(seller);
        ArgumentNullException.ThrowIfNull(parties);
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(randomness);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostInvoices, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostInvoices, MaxInvoices);
        key.Require(seller.TaxCode, time.GetUtcNow());
        _seller = seller;
        _parties = parties;
        _profiles = profiles;
        _signer = new(key, seller.TaxCode, time);
        _randomness = randomness;
        _most = mostInvoices;
    }

    /// <summary>Makes messages.</summary>
    /// <param name="invoices">The invoices, in the order that messages are to keep.</param>
    /// <returns>Messages as they are ready and invoices that were left out, each before the next invoice is taken.</returns>
    /// <exception cref="InvoicingException">The key does not sign.</exception>
    public IEnumerable<BatchItem> Write(IEnumerable<NationalInvoice> invoices)
    {
        ArgumentNullException.ThrowIfNull(invoices);
        return WriteCore(invoices);
    }

    /// <summary>Makes messages.</summary>
    /// <param name="invoices">The invoices, in the order that messages are to keep.</param>
    /// <param name="cancellationToken">Ends it between two invoices; what is not yet handed on is lost.</param>
    /// <returns>Messages as they are ready and invoices that were left out, each before the next invoice is taken.</returns>
    /// <exception cref="InvoicingException">The key does not sign.</exception>
    public IAsyncEnumerable<BatchItem> WriteAsync(IAsyncEnumerable<NationalInvoice> invoices, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(invoices);
        return WriteCoreAsync(invoices, cancellationToken);
    }

    private IEnumerable<BatchItem> WriteCore(IEnumerable<NationalInvoice> invoices)
    {
        using InvoiceXmlWriter writer = new();
        MessageShelf shelf = new();
        foreach (NationalInvoice invoice in invoices)
        {
            foreach (BatchItem item in Take(invoice, writer, shelf))
            {
                yield return item;
            }
        }

        while (shelf.TakeOldest() is { } rest)
        {
            yield return Close(rest);
        }
    }

    private async IAsyncEnumerable<BatchItem> WriteCoreAsync(
        IAsyncEnumerable<NationalInvoice> invoices, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using InvoiceXmlWriter writer = new();
        MessageShelf shelf = new();
        await foreach (NationalInvoice invoice in invoices.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (BatchItem item in Take(invoice, writer, shelf))
            {
                yield return item;
            }
        }

        while (shelf.TakeOldest() is { } rest)
        {
            yield return Close(rest);
        }
    }

    /// <summary>Takes an invoice; at most two items come of it.</summary>
    private List<BatchItem> Take(NationalInvoice invoice, InvoiceXmlWriter writer, MessageShelf shelf)
    {
        List<BatchItem> items = [];
        NationalProfile profile = _profiles.On(invoice.Invoice.IssuedOn);
        MessagePart part = new(invoice.Invoice.Identity, invoice.Position);
        ImmutableArray<RuleFault> faults = DocumentMapping.Map(invoice, profile, _seller, _parties.SolutionProvider, out InvoiceDocument document);
        ReadOnlySpan<byte> bytes = [];
        if (faults.IsEmpty)
        {
            faults = writer.Write(document, profile, out bytes);
        }

        int room = Room(profile);
        if (faults.IsEmpty && bytes.Length > room)
        {
            faults = [new(NationalRuleIds.Size, "HDon", $"at most {room} bytes beside envelope and signature", $"{bytes.Length}")];
        }

        if (!faults.IsEmpty)
        {
            items.Add(new BatchItem.LeftOut(part, faults));
            return items;
        }

        ShelfKey key = new(profile.Version, invoice.Invoice.Kind, invoice.Invoice.Series);
        if (shelf.Find(key) is { } open && (open.Count == _most || open.Length + bytes.Length > room))
        {
            items.Add(Close(shelf.Take(key)));
        }

        if (shelf.Find(key) is null && shelf.Count == MaxOpen)
        {
            items.Add(Close(shelf.TakeOldest()!));
        }

        shelf.Open(key, profile).Add(part, bytes);
        return items;
    }

    /// <summary>Bytes that invoices may take up in a message.</summary>
    private int Room(NationalProfile profile)
    {
        if (_rooms.TryGetValue(profile.Version, out int known))
        {
            return known;
        }

        const int IdLength = 32;
        int envelope = MessageEnvelope.Write(
            profile, _parties, MessageEnvelope.InvoiceType, _parties.Sender + new string('0', IdLength), _seller.TaxCode, MaxInvoices).Length;
        return _rooms[profile.Version] = MaxBytes - envelope - Opening.Length - Closing.Length - End.Length - _signer.MaxLength;
    }

    private BatchItem.Ready Close(OpenMessage open)
    {
        using (open)
        {
            string id = MessageIdentity.Create(_parties.Sender, _randomness);
            byte[] envelope = MessageEnvelope.Write(
                open.Profile, _parties, MessageEnvelope.InvoiceType, id, _seller.TaxCode, open.Count);
            byte[] head = [.. envelope, .. Opening, .. open.Content, .. Closing];
            byte[] message = _signer.Sign(head, End, SignaturePlace.Invoices(open.Profile.TargetNamesSignature));
            return message.Length <= MaxBytes
                ? new(new SignedMessage(id, MessageEnvelope.InvoiceType, open.Profile.Version, message, open.Parts))
                : throw new InvalidOperationException($"expected a message of at most {MaxBytes} bytes, found {message.Length}: the signature was measured too small");
        }
    }
}
