using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Invoicing.Invoices;

namespace Invoicing.Authority.Enrolment;

/// <summary>A <see cref="DeviceRequest"/> as text: how an invitation keeps it and how a command carries it.</summary>
internal sealed record DeviceTerms
{
    private static readonly TimeSpan Vietnam = TimeSpan.FromHours(7);

    /// <summary>Most characters of a seller's name or address (national XML: 400).</summary>
    private const int MaxText = 400;

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>See <see cref="DeviceRequest.Name"/>; empty: the authority chooses one.</summary>
    public required string Name { get; init; }

    /// <summary>The seller's tax code.</summary>
    public required string TaxCode { get; init; }

    /// <summary>The seller's registered name.</summary>
    public required string SellerName { get; init; }

    /// <summary>The seller's registered address.</summary>
    public required string Address { get; init; }

    /// <summary>Code of the business location; may be empty.</summary>
    public string Place { get; init; } = string.Empty;

    /// <summary>Block of the codes.</summary>
    public required string Block { get; init; }

    /// <summary>Series of the numbers; <see langword="null"/>: C, the year of the grant, MAA.</summary>
    public string? Series { get; init; }

    /// <summary>How many codes at a time.</summary>
    public required int Codes { get; init; }

    /// <summary>How many numbers at a time.</summary>
    public required int Numbers { get; init; }

    /// <summary>Kind of its invoices, 1 to 9.</summary>
    public required int Kind { get; init; }

    /// <summary>Life of its certificates, 1 to 825 days.</summary>
    public required int CertificateDays { get; init; }

    /// <summary>The seller.</summary>
    [JsonIgnore]
    public Seller Seller => new(Invoices.TaxCode.Parse(TaxCode), SellerName, Address, Place);

    /// <summary>Writes a request down.</summary>
    public static DeviceTerms Of(DeviceRequest request) => new()
    {
        Name = request.Name,
        TaxCode = request.Seller.TaxCode.ToString(),
        SellerName = request.Seller.Name,
        Address = request.Seller.Address,
        Place = request.Seller.PlaceCode,
        Block = request.Block,
        Series = request.Series?.ToString(),
        Codes = request.Codes,
        Numbers = request.Numbers,
        Kind = (int)request.Kind,
        CertificateDays = request.CertificateDays,
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static DeviceTerms Parse(string json) => JsonSerializer.Deserialize(json, RegistryJson.Default.DeviceTerms)
        ?? throw new InvoicingException("expected the terms of an invitation, found null: the registry is damaged");

    /// <summary>Checks a client's name, which stands in a certificate's name, in lists and in logs.</summary>
    /// <exception cref="InvoicingException">Not such a name.</exception>
    public static void CheckName(string name)
    {
        if (name.Length is 0 or > 64 || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw new InvoicingException($"name: expected 1 to 64 characters A-Z, a-z, 0-9, '.', '_' or '-', found '{name}'");
        }
    }

    /// <summary>The terms as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RegistryJson.Default.DeviceTerms);

    /// <summary>Series of the numbers at a time.</summary>
    public InvoiceSeries SeriesAt(DateTimeOffset now) => Series is not null ? InvoiceSeries.Parse(Series)
        : InvoiceSeries.Parse(string.Create(CultureInfo.InvariantCulture, $"C{now.ToOffset(Vietnam).Year % 100:00}MAA"));

    /// <summary>Checks every limit but that of the name.</summary>
    /// <exception cref="InvoicingException">A value is outside its limits; names it.</exception>
    public void Check()
    {
        string? fault = !Invoices.TaxCode.TryParse(TaxCode, out _)
                ? $"tax code: expected 10 digits, 10 digits '-' 3 digits, or 12 digits, found '{TaxCode}'"
            : SellerName.Length is 0 or > MaxText ? $"seller's name: expected 1 to {MaxText} characters, found {SellerName.Length}"
            : Address.Length is 0 or > MaxText ? $"address: expected 1 to {MaxText} characters, found {Address.Length}"
            : SellerName.Concat(Address).Concat(Place).Any(char.IsControl) ? "seller: expected a name, an address and a place without control characters, found some"
            : Place.Length > 50 ? $"place: expected at most 50 characters, found {Place.Length}"
            : !AuthorityCode.IsBlock(Block) ? $"block: expected {AuthorityCode.BlockLength} characters A-Z or 0-9, found '{Block}'"
            : Codes < 1 || Numbers < 1 ? $"codes and numbers: expected at least 1 each, found {Codes} and {Numbers}"
            : Kind is < 1 or > 9 ? $"kind: expected 1 to 9, found {Kind}"
            : Series is not null && (!InvoiceSeries.TryParse(Series, out InvoiceSeries series) || !series.IsCoded)
                ? $"series: expected a coded series such as C26MAA, found '{Series}'"
            : CertificateDays is < 1 or > DeviceRequest.MaxCertificateDays
                ? $"certificate days: expected 1 to {DeviceRequest.MaxCertificateDays}, found {CertificateDays}"
            : null;
        if (fault is not null)
        {
            throw new InvoicingException(fault);
        }
    }
}
