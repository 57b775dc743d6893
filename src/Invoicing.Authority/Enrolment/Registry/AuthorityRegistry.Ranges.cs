using System.Globalization;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Protos.V1;
using Invoicing.Sqlite;
using CodeRange = Invoicing.Invoices.CodeRange;
using NumberRange = Invoicing.Invoices.NumberRange;
using RangeGrant = Invoicing.Chain.RangeGrant;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>Ranges: each value is granted once, for ever (design.md 5.16).</summary>
internal sealed partial class AuthorityRegistry
{
    /// <summary>Further grants that one device may have in a day: far more than any till uses up, far less than empties a block.</summary>
    public const int GrantsADay = 100;

    private const int CodeLine = 1;
    private const int NumberLine = 2;

    /// <summary>Grants further ranges to a device: the grant after <paramref name="granted"/>, the same one however often it is asked for.</summary>
    /// <param name="enrolment">The device's enrolment.</param>
    /// <param name="granted">Number of the last grant that the device has noted in its chain; 0 if none.</param>
    /// <param name="codes">Whether codes run low.</param>
    /// <param name="numbers">Whether numbers run low.</param>
    /// <param name="year">Of the numbers' series, 0 to 99.</param>
    public RangeAnswer GrantRanges(ChainId enrolment, int granted, bool codes, bool numbers, int year)
    {
        lock (_gate)
        {
            if (_queries.Device(enrolment) is not { } device)
            {
                return new(null, $"expected the enrolment of a device, found {enrolment}");
            }

            if (granted >= 0 && granted < int.MaxValue && _queries.Grant(device.Id, granted + 1) is { } made)
            {
                return new(made, string.Empty);
            }

            (int count, int recent) = _queries.GrantCount(device.Id, _time.GetUtcNow() - TimeSpan.FromDays(1));
            string? fault = device.Standing != ClientStanding.Active ? WhyOut(device)
                : granted != count ? string.Create(CultureInfo.InvariantCulture, $"granted: expected at most {count}, the last grant's number, found {granted}")
                : !codes && !numbers ? "expected codes or numbers that run low, found neither"
                : year is < 0 or > 99 ? string.Create(CultureInfo.InvariantCulture, $"year: expected 0 to 99, found {year}")
                : recent >= GrantsADay ? $"expected fewer than {GrantsADay} grants in a day, found {recent}: ask again tomorrow, and the authority for larger ranges"
                : null;
            if (fault is not null)
            {
                return new(null, fault);
            }

            try
            {
                return new(Write($"device:{device.Name}", change => Grant(change, device, granted + 1, codes, numbers, year)), string.Empty);
            }
            catch (InvoicingException usedUp) when (usedUp is not SqliteException)
            {
                return new(null, usedUp.Message);
            }
        }
    }

    private SignedRangeGrant Grant(RegistryChange change, RegisteredClient device, int number, bool codes, bool numbers, int year)
    {
        EnrolmentGrant first = device.Grant!;
        CodeRange? newCodes = codes ? GrantCodes(change, device.Id, first.Codes[0].Block, device.CodesAtATime) : null;
        NumberRange? newNumbers = null;
        if (numbers)
        {
            string letters = first.Numbers[0].Series.ToString()[3..];
            var series = InvoiceSeries.Parse(string.Create(CultureInfo.InvariantCulture, $"C{year:00}{letters}"));
            newNumbers = GrantNumbers(change, device.Id, series, device.NumbersAtATime, first.Seller.TaxCode.ToString());
        }

        SignedRangeGrant signed = new RangeGrant(first.Id, number, newCodes, newNumbers, change.Milliseconds).Sign(_signer);
        _queries.Prepared("INSERT INTO range_grant(client, number, body, signature, granted_at) VALUES(?, ?, ?, ?, ?)")
            .Bind(0, device.Id).Bind(1, number).Bind(2, signed.Body.Span).Bind(3, signed.Signature.ToArray()).Bind(4, change.Milliseconds).Run();
        change.Add(new(
            ActKind.RangesGranted, device.Name, ("enrolment", first.Id.ToString()), ("number", number.ToString(CultureInfo.InvariantCulture)),
            ("codes", newCodes?.ToString() ?? "none"), ("numbers", newNumbers?.ToString() ?? "none"),
            ("grant", Sha256Hash.Of(signed.Body.Span).ToString())));
        return signed;
    }

    private CodeRange GrantCodes(RegistryChange change, long client, string block, long count)
    {
        long first = NextOf(CodeLine, block, seller: string.Empty, start: 0);
        return first + count - 1 > AuthorityCode.MaxDigits
            ? throw new InvoicingException($"expected {count} codes left in block {block}, found {AuthorityCode.MaxDigits - first + 1}: use another block")
            : Take(change, CodeLine, block, string.Empty, first, count, client, new CodeRange(block, first, first + count - 1));
    }

    private NumberRange GrantNumbers(RegistryChange change, long client, InvoiceSeries series, long count, string seller)
    {
        string name = series.ToString();
        long first = NextOf(NumberLine, name, seller, start: 1);
        return first + count - 1 > NumberRange.MaxNumber
            ? throw new InvoicingException($"expected {count} numbers left in series {series}, found {NumberRange.MaxNumber - first + 1}: use another series")
            : Take(change, NumberLine, name, seller, first, count, client, new NumberRange(series, (int)first, (int)(first + count - 1)));
    }

    private long NextOf(int kind, string name, string seller, long start)
    {
        if (_queries.NextOf(kind, name, seller) is { } next)
        {
            return next;
        }

        _queries.Prepared("INSERT INTO range_line(kind, name, seller, next) VALUES(?, ?, ?, ?)")
            .Bind(0, kind).Bind(1, name).Bind(2, seller).Bind(3, start).Run();
        return start;
    }

    private T Take<T>(RegistryChange change, int kind, string name, string seller, long first, long count, long client, T range)
    {
        _queries.Prepared("INSERT INTO range_granted(kind, name, seller, first, last, client, granted_at) VALUES(?, ?, ?, ?, ?, ?, ?)")
            .Bind(0, kind).Bind(1, name).Bind(2, seller).Bind(3, first).Bind(4, first + count - 1).Bind(5, client).Bind(6, change.Milliseconds).Run();
        return range;
    }
}
