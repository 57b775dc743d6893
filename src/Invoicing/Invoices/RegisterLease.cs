using Invoicing.Sales;

namespace Invoicing.Invoices;

/// <summary>Part of a chain's ranges that one life of a register's journal may print from while its line is down; or what is burned of one.</summary>
/// <remarks>The n-th code goes with the n-th number. Immutable. Source: TLK/1 §3.9.</remarks>
public sealed record RegisterLease
{
    /// <summary>Names a lease.</summary>
    /// <param name="id">Its id, not 0.</param>
    /// <param name="register">The register.</param>
    /// <param name="epoch">Its journal.</param>
    /// <param name="codes">Codes.</param>
    /// <param name="numbers">As many numbers; the series' year is the codes' year.</param>
    /// <param name="until">Last moment to print from it.</param>
    /// <exception cref="ArgumentException">No id, no register, or not as many numbers as codes.</exception>
    public RegisterLease(ulong id, RegisterId register, ulong epoch, CodeRange codes, NumberRange numbers, DateTimeOffset until)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(numbers);
        if (id == 0 || register == default || codes.Count != numbers.Count)
        {
            throw new ArgumentException(
                $"expected a lease with an id, a register and as many numbers as codes, found id {id}, register '{register}', codes {codes}, numbers {numbers}",
                nameof(id));
        }

        Id = id;
        Register = register;
        Epoch = epoch;
        Codes = codes;
        Numbers = numbers;
        Until = until;
    }

    /// <summary>Its id.</summary>
    public ulong Id { get; }

    /// <summary>The register.</summary>
    public RegisterId Register { get; }

    /// <summary>One life of the register's journal.</summary>
    public ulong Epoch { get; }

    /// <summary>Codes.</summary>
    public CodeRange Codes { get; }

    /// <summary>Numbers, as many.</summary>
    public NumberRange Numbers { get; }

    /// <summary>Last moment to print from it.</summary>
    public DateTimeOffset Until { get; }

    /// <summary>How many receipts it is for.</summary>
    public int Count => Numbers.Count;

    /// <summary>Year of its codes in its century.</summary>
    public int Year => Numbers.Series.Year;

    /// <summary>A part of it.</summary>
    /// <param name="from">First receipt of the part, from 0.</param>
    /// <param name="count">Receipts, at least 1.</param>
    public RegisterLease Part(int from, int count)
    {
        long code = Codes.First + from;
        int number = Numbers.First + from;
        return new(Id, Register, Epoch, new(Codes.Block, code, code + count - 1), new(Numbers.Series, number, number + count - 1), Until);
    }

    /// <summary>Which receipt of the lease bears a code and number.</summary>
    /// <returns>From 0; <see langword="null"/> if they are not one of its pairs.</returns>
    public int? PlaceOf(in InvoiceIdentity identity)
    {
        long place = identity.Code.Digits - Codes.First;
        return identity.Code.Block == Codes.Block && identity.Code.Year == Year && identity.Series == Numbers.Series
            && place >= 0 && place < Count && identity.Number == Numbers.First + place ? (int)place : null;
    }
}
