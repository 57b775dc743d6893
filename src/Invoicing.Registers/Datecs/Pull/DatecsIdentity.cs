using Invoicing.Registers.Datecs.Isl;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>What a register with an electronic journal says of itself.</summary>
/// <param name="Dialect">How it writes its frames.</param>
/// <param name="Model">Its model.</param>
/// <param name="Firmware">Its firmware.</param>
/// <param name="Serial">Its serial.</param>
/// <param name="Memory">Its fiscal memory's number.</param>
internal sealed record DatecsIdentity(IslDialect Dialect, string Model, string Firmware, string Serial, string Memory)
{
    /// <summary>Longest model and firmware that are shown.</summary>
    private const int MaxShown = 60;

    /// <summary>Model and firmware, for people.</summary>
    public string Shown
    {
        get
        {
            string shown = $"{Model} {Firmware}".Trim();
            return shown.Length > MaxShown ? shown[..MaxShown] : shown;
        }
    }

    /// <summary>
    /// Reads the fields of an answer to 5Ah: model, firmware in one or more fields, check sum, switches, serial, fiscal memory. Serial and memory
    /// are the last two, however many fields the firmware takes.
    /// </summary>
    /// <returns>
    /// The identity; <see langword="null"/> if there are too few fields, or no serial: one of zeros is the maker's, which every register has that
    /// nobody gave a number.
    /// </returns>
    public static DatecsIdentity? Read(IslDialect dialect, IReadOnlyList<string> fields)
    {
        if (fields.Count < 5)
        {
            return null;
        }

        string serial = fields[^2].Trim();
        string memory = fields[^1].Trim();
        return Sales.RegisterId.IsValid(serial) && serial.AsSpan().ContainsAnyExcept('0') && Sales.RegisterId.IsValid(memory)
            ? new(dialect, fields[0].Trim(), fields[1].Trim(), serial, memory)
            : null;
    }
}
