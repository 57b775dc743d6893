using System.Text;
using Google.Protobuf;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Chain;

/// <summary>The few values of a content that journals and ledgers keep beside the body, read in place by hand.</summary>
/// <remarks>Taken from a body that <see cref="EntryFields.Read"/> accepted; a test holds it against the generated classes.</remarks>
public readonly record struct ContentFields
{
    private const int RecordField = 1;

    /// <summary>The register's record, where the content rests on one.</summary>
    public RegisterRecordKey? Record { get; private init; }

    /// <summary>Authority code of an invoice.</summary>
    public AuthorityCode? Code { get; private init; }

    /// <summary>Series of an invoice.</summary>
    public InvoiceSeries Series { get; private init; }

    /// <summary>Number of an invoice; 0 where there is none.</summary>
    public int Number { get; private init; }

    /// <summary>Seller named by an invoice.</summary>
    public string? SellerTaxCode { get; private init; }

    /// <summary>Printed total of an invoice or a hole, in đồng; 0 where a hole knows none.</summary>
    public long Total { get; private init; }

    /// <summary>Kind that an invoice states, as it stands there; 0 where there is none.</summary>
    public int InvoiceKind { get; private init; }

    /// <summary>Date of issue of an invoice, yyyymmdd in GMT+7; 0 where there is none.</summary>
    public int IssueDate { get; private init; }

    /// <summary>Net and tax of all rates of an invoice, in đồng: what <see cref="Total"/> must come to. Wide, so that no sum overflows.</summary>
    public Int128 RateSums { get; private init; }

    /// <summary>Code of the invoice that a correction puts right.</summary>
    public AuthorityCode? CorrectedCode { get; private init; }

    /// <summary>How a correction does it; <c>default</c> in everything else.</summary>
    public CorrectionType Correction { get; private init; }

    /// <summary>Hash of the hole that an invoice closes.</summary>
    public Sha256Hash? Resolves { get; private init; }

    /// <summary>The lease that code and number of an invoice were printed from; <see langword="null"/> where the device gave them itself.</summary>
    public ulong? Lease { get; private init; }

    /// <summary>What the receipt of a hole or event bears, where the register printed it from its lease.</summary>
    public LeasedIdentity? Leased { get; private init; }

    /// <summary>Reads the fields of a content that has any.</summary>
    /// <param name="kind">What it states.</param>
    /// <param name="content">The content message, canonical.</param>
    /// <param name="fields">What it says; only if the answer is <see langword="null"/>.</param>
    /// <returns><see langword="null"/>, or what was expected and what was found.</returns>
    public static string? Read(EntryKind kind, ReadOnlySpan<byte> content, out ContentFields fields)
    {
        fields = default;
        return kind is EntryKind.Invoice or EntryKind.Correction or EntryKind.Hole or EntryKind.RegisterEvent or EntryKind.Conflict or EntryKind.DayClose
            ? ReadInto(kind, content, ref fields) ?? fields.Missing(kind)
            : null;
    }

    private static string? ReadInto(EntryKind kind, ReadOnlySpan<byte> content, ref ContentFields fields)
    {
        var reader = new WireReader(content);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out int field, out int wireType))
            {
                return "expected a field of an entry's content, found other bytes";
            }

            string? fault = kind == EntryKind.Correction ? TakeCorrectionField(field, wireType, ref reader, ref fields)
                : field == RecordField && wireType == WireReader.Bytes ? TakeRecord(ref reader, ref fields)
                : kind == EntryKind.Invoice ? TakeInvoiceField(field, wireType, ref reader, ref fields)
                : kind == EntryKind.Hole && field == 4 && wireType == WireReader.Varint ? TakeTotal(ref reader, ref fields)
                : (kind, field) is (EntryKind.Hole, 7) or (EntryKind.RegisterEvent, 9) && wireType == WireReader.Bytes ? TakeLeased(ref reader, ref fields)
                : Skip(ref reader, wireType);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private string? Missing(EntryKind kind)
    {
        bool needsRecord = kind is EntryKind.Invoice or EntryKind.Correction or EntryKind.Hole or EntryKind.Conflict;
        bool isCoded = kind == EntryKind.Invoice || Correction is CorrectionType.Replacement or CorrectionType.Adjustment;
        return needsRecord && Record is null ? $"expected a register's record in {kind}, found none"
            : kind == EntryKind.Correction && (!Enum.IsDefined(Correction) || CorrectedCode is null)
                ? "expected method and corrected invoice in a correction, found some missing"
            : Correction == CorrectionType.BuyerNotice && Code is not null ? "expected no invoice in a buyer notice, found one"
            : isCoded
                && (Code is null || Series == default || Number == 0 || SellerTaxCode is null || InvoiceKind == 0 || IssueDate == 0)
                ? "expected code, series, number, kind, date of issue and seller in an invoice, found some missing"
            : null;
    }

    private static string? TakeCorrectionField(int field, int wireType, ref WireReader reader, ref ContentFields fields)
    {
        switch (field, wireType)
        {
            case (1, WireReader.Varint):
                bool isMethod = reader.TryReadVarint(out ulong method) && method is >= 1 and <= 3;
                fields = fields with { Correction = isMethod ? (CorrectionType)method : default };
                return isMethod ? null : $"expected a method of correction of 1 to 3, found {method}";
            case (2, WireReader.Bytes):
                string? code = Text(ref reader);
                fields = fields with { CorrectedCode = AuthorityCode.TryParse(code, out AuthorityCode parsed) ? parsed : null };
                return fields.CorrectedCode is null ? $"expected the authority code of the corrected invoice, found '{code}'" : null;
            case (5, WireReader.Bytes):
                return reader.TryReadBytes(out ReadOnlySpan<byte> invoice)
                    ? ReadInto(EntryKind.Invoice, invoice, ref fields)
                    : "expected an invoice in a correction, found other bytes";
            case (10, WireReader.Bytes):
                return TakeRecord(ref reader, ref fields);
            default:
                return Skip(ref reader, wireType);
        }
    }

    private static string? TakeInvoiceField(int field, int wireType, ref WireReader reader, ref ContentFields fields)
    {
        switch (field, wireType)
        {
            case (2, WireReader.Bytes):
                string? code = Text(ref reader);
                fields = fields with { Code = AuthorityCode.TryParse(code, out AuthorityCode parsed) ? parsed : null };
                return fields.Code is null ? $"expected an authority code, found '{code}'" : null;
            case (3, WireReader.Bytes):
                string? series = Text(ref reader);
                bool isSeries = InvoiceSeries.TryParse(series, out InvoiceSeries value);
                fields = fields with { Series = value };
                return isSeries ? null : $"expected an invoice series, found '{series}'";
            case (4, WireReader.Varint):
                bool isNumber = reader.TryReadVarint(out ulong number) && number is >= 1 and <= NumberRange.MaxNumber;
                fields = fields with { Number = isNumber ? (int)number : 0 };
                return isNumber ? null : $"expected an invoice number of 1 to {NumberRange.MaxNumber}, found {number}";
            case (5, WireReader.Varint):
                bool isKind = reader.TryReadVarint(out ulong kind) && kind is >= 1 and <= 9;
                fields = fields with { InvoiceKind = isKind ? (int)kind : 0 };
                return isKind ? null : $"expected a kind of invoice of 1 to 9, found {kind}";

            case (6, WireReader.Varint):
                bool isDate = reader.TryReadVarint(out ulong date) && date is >= 2000_01_01 and <= 2099_12_31;
                fields = fields with { IssueDate = isDate ? (int)date : 0 };
                return isDate ? null : $"expected a date of issue as yyyymmdd, found {date}";

            case (10, WireReader.Bytes):
                string? seller = Text(ref reader);
                fields = fields with { SellerTaxCode = seller };
                return TaxCode.TryParse(seller, out _) ? null : $"expected a tax code, found '{seller}'";
            case (16, WireReader.Bytes):
                return TakeRateSum(ref reader, ref fields);

            case (21, WireReader.Bytes):
                bool isHash = reader.TryReadBytes(out ReadOnlySpan<byte> hole) && hole.Length == Sha256Hash.Length;
                fields = fields with { Resolves = isHash ? new Sha256Hash(hole) : null };
                return isHash ? null : "expected the hash of a hole, 32 bytes, found other bytes";

            case (17, WireReader.Varint):
                return TakeTotal(ref reader, ref fields);

            case (22, WireReader.Varint):
                bool isLease = reader.TryReadVarint(out ulong lease) && lease > 0;
                fields = fields with { Lease = isLease ? lease : null };
                return isLease ? null : "expected the id of a lease, found 0";
            default:
                return Skip(ref reader, wireType);
        }
    }

    private static string? TakeTotal(ref WireReader reader, ref ContentFields fields)
    {
        bool isTotal = reader.TryReadVarint(out ulong total);
        fields = fields with { Total = unchecked((long)total) };
        return isTotal ? null : "expected a total, found other bytes";
    }

    /// <summary>Rare, so read by the generated class.</summary>
    private static string? TakeLeased(ref WireReader reader, ref ContentFields fields)
    {
        const string Expected = "expected lease, code, series and number of a receipt, found other values";
        if (!reader.TryReadBytes(out ReadOnlySpan<byte> bytes))
        {
            return Expected;
        }

        Protos.V1.LeasedCode leased;
        try
        {
            leased = Protos.V1.LeasedCode.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return Expected;
        }

        bool isLeased = leased.Lease > 0 && AuthorityCode.TryParse(leased.Code, out _) && InvoiceSeries.TryParse(leased.Series, out _)
            && leased.Number is >= 1 and <= NumberRange.MaxNumber;
        if (isLeased)
        {
            fields = fields with
            {
                Leased = new LeasedIdentity(
                    leased.Lease, new(AuthorityCode.Parse(leased.Code), InvoiceSeries.Parse(leased.Series), (int)leased.Number)),
            };
        }

        return isLeased ? null : Expected;
    }

    private static string? TakeRateSum(ref WireReader reader, ref ContentFields fields)
    {
        const string Expected = "expected a sum of one rate, found other bytes";
        if (!reader.TryReadBytes(out ReadOnlySpan<byte> bytes))
        {
            return Expected;
        }

        var inner = new WireReader(bytes);
        Int128 sum = fields.RateSums;
        while (!inner.IsAtEnd)
        {
            if (!inner.TryReadTag(out int field, out int wireType))
            {
                return Expected;
            }

            if (field is 2 or 3 && wireType == WireReader.Varint && inner.TryReadVarint(out ulong amount))
            {
                sum += unchecked((long)amount);
            }
            else if (!inner.TrySkip(wireType))
            {
                return Expected;
            }
        }

        fields = fields with { RateSums = sum };
        return null;
    }

    private static string? TakeRecord(ref WireReader reader, ref ContentFields fields)
    {
        const string Expected = "expected a register's record with register, epoch, sequence and hash, found other values";
        if (!reader.TryReadBytes(out ReadOnlySpan<byte> bytes))
        {
            return Expected;
        }

        var inner = new WireReader(bytes);
        string? register = null;
        ulong epoch = 0, sequence = 0, recovered = 0;
        Sha256Hash? hash = null;
        while (!inner.IsAtEnd)
        {
            if (!inner.TryReadTag(out int field, out int wireType))
            {
                return Expected;
            }

            switch (field, wireType)
            {
                case (1, WireReader.Bytes):
                    register = Text(ref inner);
                    break;
                case (2, WireReader.Fixed64):
                    inner.TryReadFixed64(out epoch);
                    break;
                case (3, WireReader.Varint):
                    inner.TryReadVarint(out sequence);
                    break;
                case (4, WireReader.Bytes):
                    hash = inner.TryReadBytes(out ReadOnlySpan<byte> value) && value.Length == Sha256Hash.Length ? new Sha256Hash(value) : null;
                    break;
                case (5, WireReader.Varint):
                    inner.TryReadVarint(out recovered);
                    break;
                default:
                    return Expected;
            }
        }

        if (!RegisterId.IsValid(register) || sequence is 0 or > long.MaxValue || hash is not { } recordHash)
        {
            return Expected;
        }

        fields = fields with { Record = new(new(new(register!), epoch, sequence), recordHash, recovered != 0) };
        return null;
    }

    private static string? Text(ref WireReader reader) =>
        reader.TryReadBytes(out ReadOnlySpan<byte> bytes) ? Encoding.UTF8.GetString(bytes) : null;

    private static string? Skip(ref WireReader reader, int wireType) =>
        reader.TrySkip(wireType) ? null : "expected a field of an entry's content, found other bytes";
}
