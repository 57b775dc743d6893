using System.Collections.Immutable;

namespace Invoicing.Registers.Datecs.Isl;

/// <summary>The status bytes of a reply. <c>default</c> has none and says nothing. Immutable.</summary>
/// <remarks>Source: status bits of the registers' documents; the X dialect adds two bytes that say nothing of interest here.</remarks>
internal readonly struct IslStatus
{
    private static readonly (int Byte, int Bit, string Says)[] Told =
    [
        (0, 2, "the register's clock is not set: set it"),
        (0, 4, "the printer is faulty: call service"),
        (0, 6, "the cover is open: close it"),
        (1, 2, "the register's memory was reset: close the day and look at its settings"),
        (1, 3, "the register's battery is low: have it changed before the clock is lost"),
        (2, 0, "the register is out of paper: put a roll in"),
        (2, 1, "the register's paper is low"),
        (2, 2, "the register's electronic journal is full: have it changed"),
        (2, 4, "the register's electronic journal is nearly full: have it changed soon"),
        (2, 6, "the register's electronic journal is almost full: have it changed now"),
        (4, 0, "the register could not write its fiscal memory: call service"),
        (4, 3, "the register's fiscal memory has room for a few more days: have it changed soon"),
        (4, 4, "the register's fiscal memory is full: have it changed"),
        (5, 0, "the register's fiscal memory is read-only: call service"),
        (5, 2, "the register's last write to its fiscal memory failed: call service"),
        (5, 5, "the register's fiscal memory does not read: call service"),
    ];

    private readonly ulong _bits;

    /// <summary>Takes the bytes, at most 8.</summary>
    public IslStatus(ReadOnlySpan<byte> bytes)
    {
        Length = bytes.Length;
        for (int i = 0; i < bytes.Length; i++)
        {
            _bits |= (ulong)bytes[i] << (8 * i);
        }
    }

    /// <summary>How many bytes there are: 6, 8 or none.</summary>
    public int Length { get; }

    /// <summary>The register does not know the command, its form, or does not allow it now.</summary>
    public bool IsRefusal => Has(0, 0) || Has(0, 1) || Has(1, 1);

    /// <summary>The command is not known to it, or written otherwise.</summary>
    public bool IsUnknown => Has(0, 0) || Has(0, 1);

    /// <summary>A fiscal receipt is open.</summary>
    public bool IsReceiptOpen => Has(2, 3) || Has(1, 4) || Has(2, 5);

    /// <summary>How full the electronic journal is, in percent, as far as its three signs tell; <see langword="null"/> if none is given.</summary>
    public int? JournalUsed => Has(2, 2) ? 100 : Has(2, 6) ? 99 : Has(2, 4) ? 90 : null;

    /// <summary>What a person should know, one sentence each.</summary>
    public ImmutableArray<string> Sentences
    {
        get
        {
            ImmutableArray<string>.Builder told = ImmutableArray.CreateBuilder<string>();
            foreach ((int at, int bit, string says) in Told)
            {
                if (Has(at, bit))
                {
                    told.Add(says);
                }
            }

            return told.ToImmutable();
        }
    }

    private bool Has(int at, int bit) => at < Length && ((_bits >> ((8 * at) + bit)) & 1) == 1;
}
