using System.Buffers.Binary;
using System.Text;
using FirmwareSim.Tills;

namespace FirmwareSim.Eutron;

/// <summary>Rows of the table of articles as the register sends them (§3.1): code, name of 25, department, four prices, cost, link, inventory.</summary>
internal static class PluRecords
{
    /// <summary>The number of the table that 'D' asks for.</summary>
    public const int Table = 2;

    /// <summary>Length of a row.</summary>
    public const int Length = 67;

    private const int NameLength = 25;

    public static byte[] Of(PluRow row)
    {
        string name = row.Name.Length > NameLength ? row.Name[..NameLength] : row.Name.PadRight(NameLength);
        byte[] department = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(department, (ushort)row.Department);
        byte[] none = PackedBcd.Of(0, 5);
        return
        [
            .. PackedBcd.Of(row.Number, 7), .. Encoding.ASCII.GetBytes(name), 0, 0, .. department,
            .. PackedBcd.Of(row.Price, 5), .. none, .. none, .. none, .. none, 0, 0, .. PackedBcd.Of(0, 4),
        ];
    }
}
