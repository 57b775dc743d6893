using System.CommandLine;
using Invoicing.Authority.Enrolment;

namespace Invoicing.Authority.Commands;

/// <summary>The options that say what a device is granted.</summary>
internal sealed class DeviceOptions
{
    private readonly Option<string> _taxCode = new("--tax-code") { Description = "the seller's tax code (MST)", Required = true };
    private readonly Option<string> _sellerName = new("--seller-name") { Description = "the seller's registered name", Required = true };
    private readonly Option<string> _address = new("--address") { Description = "the seller's registered address", Required = true };
    private readonly Option<string> _place = new("--place") { Description = "code of the business location", DefaultValueFactory = _ => string.Empty };
    private readonly Option<string> _block = new("--block") { Description = "five characters A-Z 0-9 of the authority codes", Required = true };
    private readonly Option<string?> _series = new("--series") { Description = "series of the invoices; C, this year, MAA if not given" };
    private readonly Option<int> _codes = new("--codes") { Description = "how many codes to grant at a time", DefaultValueFactory = _ => DeviceRequest.DefaultCodes };
    private readonly Option<int> _numbers = new("--numbers") { Description = "how many invoice numbers to grant at a time", DefaultValueFactory = _ => DeviceRequest.DefaultNumbers };
    private readonly Option<int> _kind = new("--kind") { Description = "kind of the invoices: 1 VAT, 2 sales", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _days;

    /// <summary>Makes them.</summary>
    /// <param name="days">Life of a certificate unless said otherwise.</param>
    public DeviceOptions(int days) => _days = new("--certificate-days")
    {
        Description = "life of the device's certificates, 1 to 825 days",
        DefaultValueFactory = _ => days,
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_taxCode, _sellerName, _address, _place, _block, _series, _codes, _numbers, _kind, _days])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What they say.</summary>
    public DeviceTerms Read(ParseResult parsed, string name) => new()
    {
        Name = name,
        TaxCode = parsed.GetValue(_taxCode)!,
        SellerName = parsed.GetValue(_sellerName)!,
        Address = parsed.GetValue(_address)!,
        Place = parsed.GetValue(_place)!,
        Block = parsed.GetValue(_block)!,
        Series = parsed.GetValue(_series),
        Codes = parsed.GetValue(_codes),
        Numbers = parsed.GetValue(_numbers),
        Kind = parsed.GetValue(_kind),
        CertificateDays = parsed.GetValue(_days),
    };
}
